"""The catalogue of errors: what happened, where, and what to do. Nothing else is raised on purpose.

Each error is a class with a `template` (what and where) and a `remedy`; both are filled from keyword
arguments, which must never carry personal data.
"""

from functools import partial

PUBLISHED_ALL_THE_SAME = 4
"""Exit code of what fails after publishing, and undoes nothing of it."""

EXIT_CODES = {
    0: "done",
    1: "failed",
    2: "wrong usage",
    3: "blocked by a check or held (nothing published)",
    PUBLISHED_ALL_THE_SAME: "published, but its report, its load into PostgreSQL or news of it failed",
}


class OmraadetalError(Exception):
    """Base of every catalogued error; `exit_code` is what the command line returns.

    `is_worth_another_try`: the same call may go through later although nobody put anything right.
    """

    template = "{detail}"
    remedy = ""
    exit_code = 1
    is_worth_another_try = False

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        text = self.template.format(**facts)
        remedy = self.remedy.format(**facts)
        super().__init__(f"{text} {remedy}".strip())

    def __reduce__(self) -> tuple[object, ...]:
        """Made again from its facts where it comes to another process."""
        return partial(type(self), **self.facts), ()


class SettingInvalid(OmraadetalError):
    template = "{name} is set to «{value}», which {problem}."
    remedy = "Use one of {known}, or leave it empty for the default."


class LandingNotFound(OmraadetalError):
    template = "The landing zone {path} does not exist or is not a folder."
    remedy = "Create it with one folder per source, or point --landing (OMRAADETAL_LANDING) at the right place."


class LandingEmpty(OmraadetalError):
    template = "The landing zone {path} holds no folder of a known source."
    remedy = "Known sources: {known}. Files belong in <landing>/<source>/<YYYY-MM-DD>/."


class HomeNotWritable(OmraadetalError):
    template = "Cannot write in {path}: {cause}."
    remedy = "Give the user that runs Områdetal write access, or point --home (OMRAADETAL_HOME) elsewhere."


class DiskFull(OmraadetalError):
    template = "The disk ran full while the stage {stage} was writing."
    remedy = "Nothing that was published has changed. Free some space and run the same command again."


class RunLocked(OmraadetalError):
    template = "Another run is writing to {path}: {by}."
    remedy = "Wait for it to end and run again; no two nights may build at once (docs/runbooks/lock_held.md)."
    is_worth_another_try = True


class RunOvertaken(OmraadetalError):
    template = "This run gave no sign of life for long, and another has taken its place in {path}: {by}."
    remedy = "Nothing that is in force was changed. Run the command again if the other run has not done its work."


class AirflowNotStarted(OmraadetalError):
    template = "Airflow's {part} did not start."
    remedy = "Its log says why: {log}. What had been started is stopped again."


class BuildSuperseded(OmraadetalError):
    template = "Build {build_id} was begun before {newer}, which is published for the same day."
    remedy = "Nothing was published. Run a new night; to go back on purpose, use `omraadetal publications rollback`."


class DefinitionInvalid(OmraadetalError):
    template = "{file}, line {line}, {key}: {problem}"
    remedy = "Correct the YAML file; nothing has been loaded."


class AgreementNotFound(OmraadetalError):
    template = "There is no agreement {agreement_id}."
    remedy = "Known agreements: {known}. OMRAADETAL_AGREEMENTS names their folder."


class KeyMismatch(OmraadetalError):
    template = (
        "The warehouse in {store} was made with pseudonym key {ledger_key_id}, but the key at hand is {key_id}; "
        "persons could no longer be told apart from one year to the next."
    )
    remedy = "Put the first key back in {where}, or start over in an empty OMRAADETAL_HOME."


class KeyLost(OmraadetalError):
    template = (
        "The warehouse in {store} was made with pseudonym key {key_id}, and there is no key: neither in "
        "OMRAADETAL_PSEUDONYM_KEY nor in {where}."
    )
    remedy = (
        "Put the key back from its backup; no new one was made, since persons could then no longer be told apart from "
        "one year to the next. If it is gone for good, start over in an empty OMRAADETAL_HOME (and OMRAADETAL_STORE): "
        "everything that still lies in the landing zone is read again."
    )


class KeyInEnvironment(OmraadetalError):
    template = (
        "The pseudonym key comes from the environment variable OMRAADETAL_PSEUDONYM_KEY, which no command can change."
    )
    remedy = (
        "Write the key into {where} (chmod 600), unset the variable and rotate again; afterwards the variable may be "
        "set to what that file then holds."
    )


class KeyNotNew(OmraadetalError):
    template = "The key offered is {key_id}, which {what}."
    remedy = "Offer another key, or leave out --from-stdin to have one made. Nothing has changed."


class DeliveriesGone(OmraadetalError):
    template = (
        "{count} deliveries were read with key {key_id} and are no longer in the landing zone as they were:\n"
        "{deliveries}"
    )
    remedy = (
        "\nPut them back and rotate again. With --leave-behind they keep the old key: their persons can no longer be "
        "linked with those of other deliveries. Nothing has changed."
    )


class KeyUnusable(OmraadetalError):
    template = "The pseudonym key in {where} cannot be used: {problem}."
    remedy = (
        "Use at least 32 characters, in a file that only its owner can read (chmod 600). "
        "OMRAADETAL_KEY_FILE names another file."
    )


class ErasureListLost(OmraadetalError):
    template = (
        "The store {store} was cleaned of persons whom the erasure list in {where} no longer tells ({entries}): "
        "{problem}."
    )
    remedy = (
        "Nothing was read, so that nobody comes back. Put the folder of the erasure list back from its backup, its key "
        "included; OMRAADETAL_ERASURES names another place."
    )


class ErasureListUnusable(OmraadetalError):
    template = "The erasure list in {where} cannot be used: {problem}."
    remedy = (
        "It needs a folder and files that only their owner can read (chmod 700 and 600). "
        "OMRAADETAL_ERASURES names another folder."
    )


class SourceWithoutPersons(OmraadetalError):
    template = "{source_id} is no source with a column of persons."
    remedy = "Sources that have one: {known}."
    exit_code = 2


class IdentityAmbiguous(OmraadetalError):
    template = "This id, which is no CPR number, is found in several sources: {sources}."
    remedy = "Two sources may give one id to two persons: name the source with --source. Nothing has changed."
    exit_code = 2


class RowsNotTraced(OmraadetalError):
    template = "{file}: {problem}."
    remedy = "Nothing of this file was changed; take the rows out in the programme that made it."


class BuildNotFound(OmraadetalError):
    template = "There is no build {build_id} in {path}."
    remedy = "Run `omraadetal build` first, or name no build to take the latest."


class BuildNotChecked(OmraadetalError):
    template = "Build {build_id} has not been checked."
    remedy = "Run `omraadetal check` before `omraadetal publish`."


class BuildBlocked(OmraadetalError):
    template = "Build {build_id} has {count} blocking flags; nothing is published."
    remedy = "See them with `omraadetal refused {build_id} --home {home}`; the publication in force is unchanged."
    exit_code = 3


class RestatementsHeld(OmraadetalError):
    template = (
        "Build {build_id} waits for a person, since it would change {count} figures that were published as final. "
        "The publication in force is unchanged.\n{changes}"
    )
    remedy = (
        "\nPublish it: omraadetal approve {build_id} --by ROLE --home {home}\n"
        'Keep the old: omraadetal approve {build_id} --reject --reason "why" --by ROLE --home {home}'
    )
    exit_code = 3


class RestatementsRejected(OmraadetalError):
    template = (
        "Build {build_id} is not published: the {count} figures that it would change were decided on before; "
        "the change was rejected on {decided_on} by {role}, because: {reason}\n{changes}"
    )
    remedy = (
        "\nYou are asked again when a delivery brings other values.\n"
        "Publish it after all: omraadetal approve {build_id} --by ROLE --home {home}"
    )
    exit_code = 3


class MetadataNotStarted(OmraadetalError):
    template = "Airflow's database in {folder} could not be started: {cause}."
    remedy = "Its log is {log}. It holds the history of runs, and no figure: `down`, put the folder aside, `up`."


class NightLate(OmraadetalError):
    template = "The night of {day} has come to no end: nothing published, blocked or held. {running}"
    remedy = "The publication in force is unchanged. See docs/runbooks/night_late.md."


class NothingBuilt(OmraadetalError):
    template = "There is no checked build in {path}."
    remedy = "Run `omraadetal nightly` first."


class NothingWaits(OmraadetalError):
    template = "No build in {home} waits for a person."
    remedy = "Builds wait after `omraadetal nightly --hold-restatements`, and only when they restate a figure."


class BuildNotHeld(OmraadetalError):
    template = "Build {build_id} does not wait for a person: {why}."
    remedy = "There is nothing to decide, and nothing has changed."


class BuildOvertaken(OmraadetalError):
    template = "Build {build_id} was overtaken by publication {publication_id} and can no longer be decided on."
    remedy = "Run the night again; what it would still change then waits again."


class BuildDecided(OmraadetalError):
    template = "Build {build_id} was {decision} already, on {decided_on} by {role}."
    remedy = "A decision is never changed. Run the night again and decide on that build."


class RefusalNotFound(OmraadetalError):
    template = "No night with the build {build_id} was refused in {home}."
    remedy = "`omraadetal refused` lists those that were."


class DbtFailed(OmraadetalError):
    template = "dbt failed in {step}: {problems}."
    remedy = "The full log is {log}; nothing that was published has changed."


class CheckErrored(OmraadetalError):
    template = "The check {check} could not be carried out on {table}: {problem}."
    remedy = "A check that errors is no finding: correct the suite in expectations/, then run the night again."


class DagFailed(OmraadetalError):
    template = "Airflow could not finish {what}. {why}"
    remedy = "What each task said is in {log}; only where `publish` came through has the publication in force changed."


class NothingPublished(OmraadetalError):
    template = "There is no publication in {path}."
    remedy = "Run `omraadetal nightly` first."


class ReportNotMade(OmraadetalError):
    template = "The report on {what} was not made: {problem}."
    remedy = "What is published stands. Put that right and run `omraadetal report` again."
    exit_code = PUBLISHED_ALL_THE_SAME


class FontsMissing(OmraadetalError):
    template = (
        "The report's typeface {family} is not whole on this machine (missing: {missing}); no report was written."
    )
    remedy = "Install its package again: pip install --force-reinstall {package}. Everything else is published."
    exit_code = PUBLISHED_ALL_THE_SAME


class PublicationNotFound(OmraadetalError):
    template = "There is no publication {publication_id} in {path}."
    remedy = "Those on the disk, the newest first: {known}. Nothing has changed."
    exit_code = 2


class PublicationDamaged(OmraadetalError):
    template = "Publication {publication_id} cannot be put in force: {problem}."
    remedy = (
        "Nothing has changed. Choose another one from `omraadetal publications list`, or bring it back from a backup."
    )


class PublicationAlreadyInForce(OmraadetalError):
    template = "Publication {publication_id} is in force already."
    remedy = "Nothing has changed."
    exit_code = 2


class NothingToBackUp(OmraadetalError):
    template = "There is nothing to back up in {path}: no delivery was read and nothing was published there."
    remedy = "Point --home (OMRAADETAL_HOME) at the warehouse that is meant. No backup was written."


class BackupNotWritable(OmraadetalError):
    template = "No backup was written to {file}: {problem}."
    remedy = "Name a new file in a folder that exists, outside OMRAADETAL_HOME and OMRAADETAL_STORE."
    exit_code = 2


class BackupDisturbed(OmraadetalError):
    template = "{changed} changed while it was being backed up."
    remedy = "No backup was written. Wait until no delivery is being read, and run the command again."
    is_worth_another_try = True


class BackupUnusable(OmraadetalError):
    template = "{file} cannot be restored: {problem}."
    remedy = "Nothing of it was put in place. Take another backup; --check tests one without restoring it."


class BackupVersionUnknown(OmraadetalError):
    template = "{file} is a backup of format version {found}; this installation knows {known}."
    remedy = "Nothing of it was put in place. Restore it with the version of Områdetal that made it, or a later one."


class HomeNotEmpty(OmraadetalError):
    template = "A backup is restored into an empty folder only, and {found} is there already."
    remedy = "Nothing was changed. Name a new folder with --home, or move away what is there."
    exit_code = 2


class StoreNotRestorable(OmraadetalError):
    template = "The backup holds ledger and raw files, and OMRAADETAL_STORE names an object store."
    remedy = "Nothing was changed. Unset OMRAADETAL_STORE, or let it name a folder, and restore again."
    exit_code = 2


class PortTaken(OmraadetalError):
    template = "Port {port} on 127.0.0.1 cannot be used: {cause}."
    remedy = "Name another with --port, or none to take one that is free."


class SupersetMissing(OmraadetalError):
    template = "Superset is not installed in {folder}."
    remedy = "Run `make superset`, which installs it there, apart from everything else."


class SupersetFailed(OmraadetalError):
    template = "Superset could not be {what}."
    remedy = "Its log is {log}. Delete that folder to begin anew; charts made by hand go with it."


class NoticeNotSent(OmraadetalError):
    template = "News of the night could not be sent: {problems}."
    remedy = (
        "What is published stands. Put that right and run `omraadetal notify`: it sends only what has not been sent, "
        "and only where it has not arrived."
    )
    exit_code = PUBLISHED_ALL_THE_SAME
    is_worth_another_try = True


class PublicationOutdated(OmraadetalError):
    template = "The publication in force, {publication}, was made before there was a table {table}."
    remedy = "Run `omraadetal nightly`; the next publication has it."


class PublicationWithoutContract(OmraadetalError):
    template = "The publication {publication} has no contract.json: it was made before publications carried their keys."
    remedy = "Its files stay as they are. Run `omraadetal nightly`; the next publication can be loaded."
    exit_code = PUBLISHED_ALL_THE_SAME


class ContractBroken(OmraadetalError):
    template = "Readers of version {version} of the published tables would not find what was promised: {changes}."
    remedy = (
        "Keep it and add beside it, or give CONTRACT_VERSION (publish/contract.py) a new value and tell the readers."
    )


class PostgresUrlInvalid(OmraadetalError):
    template = "OMRAADETAL_POSTGRES_URL cannot be read as the address of a database."
    remedy = (
        "Write it as postgresql://user:password@host:5432/database, with % : @ / in the password as %25 %3A %40 %2F. "
        "The files are published."
    )
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresUnreachable(OmraadetalError):
    template = "PostgreSQL at {where} does not answer: {cause}."
    remedy = "The files are published. Start the server or correct OMRAADETAL_POSTGRES_URL, then load again."
    exit_code = PUBLISHED_ALL_THE_SAME
    is_worth_another_try = True


class PostgresLoginRefused(OmraadetalError):
    template = "PostgreSQL at {where} refuses the login: {cause}."
    remedy = "The files are published. Correct user, password or database in OMRAADETAL_POSTGRES_URL, then load again."
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresTooOld(OmraadetalError):
    template = "PostgreSQL at {where} is version {found}; Områdetal needs {needed} or later."
    remedy = "The files are published. Upgrade the server, or name another one in OMRAADETAL_POSTGRES_URL."
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresEncoding(OmraadetalError):
    template = "The database of PostgreSQL at {where} keeps text as {encoding}, which has no room for every name."
    remedy = "The files are published. Name a database that was made WITH ENCODING 'UTF8' TEMPLATE template0."
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresRightMissing(OmraadetalError):
    template = "The user {user} of PostgreSQL at {where} lacks a right: {right}."
    remedy = "The files are published and the database is unchanged. Let its administrator run: {statement}"
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresFull(OmraadetalError):
    template = "The disk of PostgreSQL at {where} is full."
    remedy = "The files are published and the database shows what it did. Free some space there, then load again."
    exit_code = PUBLISHED_ALL_THE_SAME
    is_worth_another_try = True


class PostgresLoadRunning(OmraadetalError):
    template = "Another load into PostgreSQL at {where} is running."
    remedy = "The files are published. Wait for it to end and load again; no two may swap at once."
    exit_code = PUBLISHED_ALL_THE_SAME
    is_worth_another_try = True


class PostgresReadersHold(OmraadetalError):
    template = "Readers of PostgreSQL at {where} held the tables for more than {seconds} seconds: {readers}."
    remedy = "The files are published and the database is unchanged. End those sessions, then load again."
    exit_code = PUBLISHED_ALL_THE_SAME
    is_worth_another_try = True


class PostgresSchemaTaken(OmraadetalError):
    template = "In PostgreSQL at {where} stands what Områdetal did not make: {found}."
    remedy = (
        "The files are published and the database is unchanged. Its schemas are replaced as a whole, so move that to "
        "another schema, or name a database of its own in OMRAADETAL_POSTGRES_URL."
    )
    exit_code = PUBLISHED_ALL_THE_SAME


class PostgresFailed(OmraadetalError):
    template = "PostgreSQL at {where} refused the load: {cause}."
    remedy = "The files are published and the database is unchanged. Put that right, then load again."
    exit_code = PUBLISHED_ALL_THE_SAME


class ServerNeedsAnotherUser(OmraadetalError):
    template = "PostgreSQL does not run as root, and this machine has no user namespace in which root is somebody else."
    remedy = "Start it as an ordinary user, or name a server in OMRAADETAL_POSTGRES_URL."


class ServerNotStarted(OmraadetalError):
    template = "The embedded PostgreSQL in {folder} could not be started: {cause}."
    remedy = "Its log is {log}. What it holds is made from publications: without its folder a new one is made."


class FigureNotFound(OmraadetalError):
    template = "The publication in force has no figure for {indicator}, {area}, {year}."
    remedy = "Known indicators: {indicators}. Known areas: {areas}."


class ScopeEmpty(OmraadetalError):
    template = "The last checked build has no figure for {asked}."
    remedy = "Known agreements: {agreements}. Known indicators: {indicators}. Known areas: {areas}."


class YearNotExpected(OmraadetalError):
    template = "No agreement has figures of the {year_kind} years {years}."
    remedy = "Known {year_kind} years: {known}. An agreement year is named by the year it starts in."
    exit_code = 2


class AreaUnknown(OmraadetalError):
    template = "There is no area {areas}."
    remedy = "Known areas: {known}."
    exit_code = 2


class FigureAmbiguous(OmraadetalError):
    template = "Several agreements have the figure {indicator}, {area}, {year}: {agreements}."
    remedy = "Name one with --agreement."


class StorageUnknown(OmraadetalError):
    template = "Cannot open {url}: {problem}."
    remedy = "Use a folder, or the URL of a storage whose fsspec package is installed; for s3:// `uv sync --extra s3`."


class StorageUrlHoldsPassword(OmraadetalError):
    template = "The address {url} holds a password, and addresses are shown and logged."
    remedy = "Take it out of the address and give credentials in the environment (docs/object_store.md)."


class StorageBucketMissing(OmraadetalError):
    template = "There is no bucket «{bucket}» in the object store of {url}."
    remedy = "Correct OMRAADETAL_LANDING or OMRAADETAL_STORE, or have the bucket made: Områdetal makes none."


class StorageDenied(OmraadetalError):
    template = "The object store refuses what was asked of it below {url}."
    remedy = (
        "Credentials come from the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role). They need the "
        "right to list and read, in OMRAADETAL_STORE also to write and delete (docs/object_store.md)."
    )


class StorageUnreachable(OmraadetalError):
    template = "The object store of {url} does not answer as it should: {cause}."
    remedy = (
        "Nothing that is in force was changed. Look whether it runs and is reached from here; AWS_ENDPOINT_URL_S3 "
        "names one that is not Amazon's. NoCredentialsError: the environment holds none (docs/object_store.md)."
    )
    is_worth_another_try = True


class FormatUnknown(OmraadetalError):
    template = "Cannot tell how to read {file}."
    remedy = "Known formats: {known}. Name one with --as."


class DraftRefused(OmraadetalError):
    template = "{file}: no descriptor can be drafted: {problem}."
    remedy = "`omraadetal peek` shows how the file is read; docs/sources.md says how to describe it by hand."


class DraftExists(OmraadetalError):
    template = "{path} exists."
    remedy = "Nothing was written. --force writes over it."


class PeekNotWritten(OmraadetalError):
    template = "{count} of the files could not be read: {files}."
    remedy = "The others are written."


class NothingToFetch(OmraadetalError):
    template = "No descriptor asks StatBank for {tables}."
    remedy = "Tables that one asks for (`fetch`): {known}."
    exit_code = 2


class StatbankAddressRefused(OmraadetalError):
    template = "OMRAADETAL_STATBANK_URL is no address that is asked: {problem}."
    remedy = "Use https, without a user in it; http is for this machine only. Empty is https://api.statbank.dk/v1."
    exit_code = 2


class StatbankTableUnknown(OmraadetalError):
    template = "StatBank at {host} has no table {table}."
    remedy = "{nearest}Correct `fetch` in {source_id}.yaml. Nothing of it was delivered."


class StatbankSelectionWrong(OmraadetalError):
    template = "{source_id}.yaml, fetch, table {table}: {problem}."
    remedy = "{nearest}Correct `fetch`; TABLEINFO of StatBank lists what there is. Nothing of it was delivered."


class StatbankFormatUnread(OmraadetalError):
    template = "{source_id}.yaml, fetch: no layout reads {file_name}, and the night would refuse it."
    remedy = "Add a layout for {format} with that file name, or choose another `format`. Nothing was asked."


class StatbankRefused(OmraadetalError):
    template = "StatBank at {host} refused {what}: {code} {message}"
    remedy = (
        "Nothing of it was delivered. Where it finds too many cells, lower `most_cells` under `fetch`; else correct "
        "what it names."
    )


class StatbankRedirected(OmraadetalError):
    template = "StatBank at {host} sends {what} on to {target}, which is not followed."
    remedy = "Nothing of it was delivered. If StatBank has moved, name its new address in OMRAADETAL_STATBANK_URL."


class StatbankUnreachable(OmraadetalError):
    template = "StatBank at {host} did not answer {what} in {attempts} attempts: {cause}."
    remedy = (
        "Nothing of it was delivered; what is in the landing zone stands. Run it again later, or see "
        "docs/runbooks/refresh_statbank.md."
    )
    is_worth_another_try = True


class StatbankTooLarge(OmraadetalError):
    template = "StatBank at {host} sent more than {limit} for {what}, and was cut off."
    remedy = "Nothing of it was delivered. Choose fewer values, or lower `most_cells` under `fetch`."


class StatbankAnswerWrong(OmraadetalError):
    template = "What StatBank at {host} sent for {what} is not what was asked: {problem}."
    remedy = (
        "Nothing of it was delivered. Run it again later; if it stays, something between answers in its place, or "
        "StatBank has changed its format."
    )
    is_worth_another_try = True


class StatbankDeliveredToday(OmraadetalError):
    template = "{table} was delivered today already ({files}), with another content."
    remedy = (
        "A day has one delivery of a table, and it stays as it is. Run it again tomorrow; or remove those files first, "
        "if no night has read them."
    )


class LandingNotWritable(OmraadetalError):
    template = "Cannot write into the landing zone {path}: {cause}."
    remedy = "Give the user that runs Områdetal write access to that folder; partners' folders may stay read-only."


class StoreNotWritable(OmraadetalError):
    template = "Cannot write into the store {path}: {cause}."
    remedy = "Give the user that runs Områdetal write access to it; the file is read again by the next night."


class FileNotOpened(OmraadetalError):
    template = "{file}: cannot be opened by this user, or is gone ({cause})."
    remedy = "Nothing was read of it; while it lies in the landing zone, every night tries again."


class ReaderNotStarted(OmraadetalError):
    template = "The process that reads files did not start (exit code {code})."
    remedy = "Nothing was read. Free memory, or put the installation right (`make .venv.ready`), and run it again."
    is_worth_another_try = True


class PeekStopped(OmraadetalError):
    template = "{file}: {problem}"
    remedy = "{remedy}"


class FileRefused(OmraadetalError):
    """A delivered file that cannot be used as a whole; `reason` is a vocabulary.reasons.FileReason."""

    template = "{problem}"
