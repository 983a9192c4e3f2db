"""The stage `ingest`: find new deliveries, read each, write raw and quarantine, commit to the ledger."""

import logging
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ingest.context import Context
from ingest.contexts import Contexts
from ingest.file_names import shown_name
from ingest.isolation import Limits, apart, make_ready
from ingest.key_store import existing_key
from ingest.landing import LandedFile, Landing, look, settled
from ingest.ledger_entry import loaded_record
from ingest.nearby import fetched, looking_at, sent_after
from ingest.pseudonyms import PseudonymKey
from ingest.raw_rows import write_schemas
from ingest.side_by_side import side_by_side
from vocabulary.errors import FileNotOpened, FileRefused
from vocabulary.reason_catalogue import REASONS
from vocabulary.reasons import TRIED_AGAIN, FileReason
from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus
from warehouse.ledger import Ledger, LedgerRecord, reading_file
from warehouse.store import Folder

if TYPE_CHECKING:  # the readers are imported where there is something to read
    from ingest.reading import Reading

log = logging.getLogger(__name__)

READERS = "ingest.reading_files"
SMALL_BYTES = 4 << 20
"""Of a file that is read beside others."""


@dataclass(frozen=True)
class NewFiles:
    """What tonight's reading will do: files to read, files already read, and what is passed over."""

    files: tuple[LandedFile, ...]
    unchanged: int
    passed_over: tuple[str, ...]


class Ingest:
    """Reads deliveries of one landing zone into one store, with the key in force or a given one (see `Contexts`)."""

    def __init__(
        self, settings: Settings, key: PseudonymKey | None = None, retired: tuple[PseudonymKey, ...] = ()
    ) -> None:
        """Raises DefinitionInvalid, ErasureListUnusable and ErasureListLost, before anything is written."""
        self.settings = settings
        self.ledger = Ledger.of(settings)
        self.contexts = Contexts(settings, self.ledger, key, retired)
        self.descriptors = self.contexts.descriptors
        self.landing = Folder.at(settings.landing)
        self._digests: dict[LandedFile, tuple[str, str]] = {}

    def find_new(self, as_of: date) -> NewFiles:
        """Compare the landing zone with the ledger.

        Raises LandingNotFound, LandingEmpty, and KeyLost and KeyMismatch before anything is written.
        """
        landing: Landing = look(self.settings.landing, set(self.descriptors), as_of)
        records = self.ledger.records()
        if self.contexts.has_pseudonyms:
            self.contexts.key(records)
        write_schemas(self.ledger.store, self.descriptors)
        final = (record for record in records if record.reason_code not in TRIED_AGAIN)
        read = {(record.source_id, record.delivered_on, record.reading_id) for record in final}
        new, closed = [], []
        for file in landing.files:
            try:
                file_id = self.sha256_of(file)[:16]
            except OSError:
                closed.append(file)
                continue
            # a copy under another name in one folder is one delivery, unless the name makes it another reading
            if (file.source_id, file.delivered_on, self.reading_id(file, file_id)) not in read:
                new.append(replace(file, file_id=file_id))
        still, growing, gone = settled(landing.folder, new)
        passed_over = [
            *landing.passed_over,
            *(f"{file}: cannot be opened by this user" for file in closed),
            *(f"{file}: still being written" for file in growing),
            *(f"{file}: gone again" for file in gone),
        ]
        for line in passed_over:
            log.warning("passed over %s", line)
        return NewFiles(tuple(still), len(landing.files) - len(new) - len(closed), tuple(passed_over))

    def read_files(
        self,
        files: Iterable[LandedFile],
        progress: Callable[[LedgerRecord], None] = lambda record: None,
        pass_over: Callable[[FileNotOpened], None] | None = None,
    ) -> list[LedgerRecord]:
        """Read each file and commit it, in their order; one that is refused leaves a record and the rest goes on.

        Every failure of a single file is a refusal with a reason. One that is gone since it was found leaves no record
        and is given to `pass_over`; without that, FileNotOpened is raised.
        """
        records = []
        for file, reading in side_by_side(list(files), self.read, self._is_small):
            try:
                record = reading()
            except FileNotOpened as error:
                if pass_over is None:
                    raise
                log.warning("passed over %s", error)
                pass_over(error)
                continue
            self.commit(file, record)
            records.append(record)
            progress(record)
        return records

    def read(self, file: LandedFile) -> LedgerRecord:
        """Read a file and write what it gives; it counts when its record is committed. Raises FileNotOpened."""
        try:
            return self._read(file)
        except BaseException as error:
            # what a traceback is shown with may include the variables of each frame, and these hold the file
            traceback.clear_frames(error.__traceback__)
            raise

    def _is_small(self, file: LandedFile) -> bool:
        with suppress(FileNotOpened), looking_at(file):  # what fails is told where it is read
            return self.landing.size(*file.parts) <= SMALL_BYTES
        return False

    def commit(self, file: LandedFile, record: LedgerRecord) -> None:
        """Put a reading in force; as this file's, where files of one content lie in its folder."""

        def landed() -> set[str]:
            others = set(self.landing.names(*file.parts[:2])) - {file.file_name}
            key = self.contexts.key_at_hand()
            return others | ({key.name_key(*file.parts[:2], name) for name in others} if key else set())

        self.ledger.commit(record, landed)

    def records_of(
        self, files: Iterable[LandedFile], records: Iterable[LedgerRecord]
    ) -> dict[LandedFile, LedgerRecord]:
        """The record of each file of the landing zone that has one, by its name or the keyed hash of it."""
        by_delivery, key = {record.delivery: record for record in records}, existing_key(self.settings)
        found = {}
        for file in files:
            names = (file.file_name, *([key.name_key(*file.parts)] if key else []))
            known = (by_delivery.get((file.source_id, file.delivered_on, name)) for name in names)
            if record := next((one for one in known if one), None):
                found[file] = record
        return found

    def sha256_of(self, file: LandedFile) -> str:
        """The digest of what a file of the landing zone holds now; worked out once while it is not changed."""
        state = self.landing.state(*file.parts)
        known, digest = self._digests.get(file, ("", ""))
        if known != state:
            digest = self.landing.sha256(*file.parts)
            self._digests[file] = state, digest
        return digest

    def reading_id(self, file: LandedFile, file_id: str) -> str:
        context = self.contexts.of(file)
        return context.reading_id(file_id, file.file_name) if context else file_id

    def _read(self, file: LandedFile) -> LedgerRecord:
        make_ready(READERS)  # it gets ready while the file is looked at
        with looking_at(file):
            before = self.landing.state(*file.parts)
            sha256, size_bytes = self.sha256_of(file), self.landing.size(*file.parts)
        file_id = sha256[:16]
        context = self.contexts.of(file)
        facts = {
            "source_id": file.source_id,
            "delivered_on": file.delivered_on,
            "file_id": file_id,
            "sha256": sha256,
            "size_bytes": size_bytes,
            "reading_id": self.reading_id(file, file_id),
            "read_at": datetime.now(UTC),
        }
        try:
            if context is None:
                raise FileRefused(
                    problem=f"{file}: no descriptor is named «{file.source_id}».", reason=FileReason.UNKNOWN_SOURCE
                )
            reading = self._read_or_refuse(file, context, facts["reading_id"], size_bytes)
        except FileRefused as refusal:
            reason: FileReason = refusal.facts["reason"]
            facts |= self._named(file, refusal.facts.get("file_name", shown_name(file.visible_name)))
            told = "/".join((*file.parts[:2], facts["file_name"]))
            log.warning("%s refused (%s): %s %s", told, reason, refusal, REASONS[reason].operator)
            return LedgerRecord(
                **facts,
                status=DeliveryStatus.REFUSED,
                reason_code=reason.value,
                problem=str(refusal),
                texts_redacted=int(facts["file_name"] != file.visible_name),
            )
        with looking_at(file):
            after = self.landing.state(*file.parts)
        if after != before:
            raise FileNotOpened(file=file, cause="it was changed while it was read")
        record = loaded_record(facts | self._named(file, reading.file_name), reading, context)
        told = "/".join((*file.parts[:2], record.file_name))
        log.info("%s: %d rows loaded, %d quarantined", told, record.rows_loaded, record.rows_quarantined)
        return record

    def _read_or_refuse(self, file: LandedFile, context: Context, reading_id: str, size_bytes: int) -> "Reading":
        """Read a file into the store, in a process of its own. Raises FileRefused and FileNotOpened."""
        from ingest.reading_files import read_into_store

        limits, what = Limits.of(self.settings.reading, size_bytes), shown_name(file.visible_name)
        with (
            fetched(self.landing, file) as delivery,
            sent_after(self.ledger.store, file.source_id, reading_file(reading_id)) as store,
        ):
            return apart(read_into_store, delivery, file, store, reading_id, context, limits=limits, what=what)

    def _named(self, file: LandedFile, shown: str) -> dict[str, str]:
        """The facts of a file's name; where something was taken out of it, with the keyed hash of the true one."""
        if shown == file.file_name:
            return {"file_name": shown}
        key = self.contexts.key()
        return {"file_name": shown, "name_key": key.name_key(*file.parts), "pseudonym_key_id": key.key_id}
