"""The stage `publish`: disclosure control, marts and curated from its result only, then one atomic swap."""

import logging
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from publish.contract import Contract
from publish.disclosed import disclose, disclose_flags
from publish.publication import content_hash, finish, write_disclosed
from vocabulary.errors import BuildBlocked, BuildNotChecked, BuildSuperseded
from vocabulary.settings import Settings
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import reading
from warehouse.fence import Fence
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import DATA_DOCS, OWNER_ONLY_FOLDER, PUBLICATION_FILE, Paths, swap_link
from warehouse.publications import is_whole, remove_old
from warehouse.refusals import Refusals, RefusedNight
from warehouse.runs import Runs

log = logging.getLogger(__name__)

SHOWN_COLUMNS = (
    "agreement_id, indicator_id, area_id, year_kind, year, value, value_state, definition_version, agreement_version, "
    "target_value, target_status"
)


class BuildsMarts(Protocol):
    """What runs dbt; given by nightly, since stages don't import each other."""

    def __call__(self, step: str, *, duckdb_file: Path, selector: str, logs: Path) -> dict[str, int]: ...


def publish_build(settings: Settings, build_id: str, run_dbt: BuildsMarts, fence: Fence) -> Path:
    """Publish a checked build and return the publication's folder.

    Equal content for the same day is the same publication: nothing is written twice. A build for a day before the
    last publication is stored as a replay; it moves nothing and enters no journal. What was rolled back is in force
    again only where the same day gives the same content. Publications past `publications_kept` are removed.
    Raises BuildNotFound, BuildNotChecked, BuildBlocked, BuildSuperseded, DbtFailed, and RunOvertaken from `fence`; what
    was published before stays in each case. The flags of a blocked build are kept in the journal.
    """
    paths = Paths.of(settings)
    builds = Builds(paths)
    record = builds.get(build_id)
    if not record.is_checked:
        raise BuildNotChecked(build_id=build_id)
    if record.blocking_flags:
        _keep_refused(paths, record)
        raise BuildBlocked(build_id=build_id, count=record.blocking_flags, home=paths.home)
    warehouse = paths.warehouse(build_id)
    with reading(warehouse) as connection:
        disclosed = disclose(connection)
    publication_id = f"{record.as_of.isoformat()}-{content_hash({**disclosed.frames, **disclosed.words})}"
    journal = Journal(paths.journal)
    entries = journal.entries()
    is_replay = any(entry.as_of > record.as_of for entry in entries)
    _refuse_superseded(record, entries)
    folder = (paths.replays if is_replay else paths.publications) / publication_id
    entry = JournalEntry(
        publication_id=publication_id,
        as_of=record.as_of,
        published_at=datetime.now(UTC),
        build_id=build_id,
        build_started_at=record.started_at,
    )
    if not is_whole(folder):
        _make(folder, paths, disclosed.frames, entry, run_dbt)
    if not is_replay:
        with fence.passed():
            if all(earlier.publication_id != publication_id for earlier in entries):
                _remember(journal, entry, warehouse, folder)
            swap_link(paths.current, folder)
    builds.save(record.model_copy(update={"publication_id": publication_id}))
    log.info("%s %s", "replayed as" if is_replay else "published", publication_id)
    _remove_old(paths, settings.publications_kept, folder)
    return folder


def _refuse_superseded(record: BuildRecord, entries: Iterable[JournalEntry]) -> None:
    """What was read later for the same day stands."""
    for entry in entries:
        if entry.as_of == record.as_of and (entry.build_started_at or "") > record.started_at:
            raise BuildSuperseded(build_id=record.build_id, newer=entry.build_id)


def _remove_old(paths: Paths, keep: int, made: Path) -> None:
    """What is published stands, whether or not older ones can be removed."""
    try:
        removed = remove_old(paths, keep, made)
    except OSError as error:
        log.warning("older publications could not be removed: %s", error.strerror)
    else:
        log.info("removed %d older publications", len(removed))


def _keep_refused(paths: Paths, record: BuildRecord) -> None:
    """Keep the flags where the next nights, which remove the build, do not reach them."""
    with reading(paths.warehouse(record.build_id)) as connection:
        flags = disclose_flags(connection)
    rows = flags.astype(object).where(flags.notna(), None).to_dict("records")
    night = RefusedNight(build_id=record.build_id, as_of=record.as_of, refused_at=datetime.now(UTC), flags=tuple(rows))
    Refusals(paths).keep(night)


def _make(folder: Path, paths: Paths, frames: dict[str, pa.Table], entry: JournalEntry, run_dbt: BuildsMarts) -> None:
    """Build the publication in a folder of its own and give it its name when it is whole."""
    for left_behind in folder.parent.glob(".*"):  # by a run that was killed
        shutil.rmtree(left_behind, ignore_errors=True)
    fresh = folder.with_name(f".{folder.name}")
    fresh.mkdir(mode=OWNER_ONLY_FOLDER, parents=True)
    try:
        file = fresh / PUBLICATION_FILE
        write_disclosed(file, paths.warehouse(entry.build_id), frames, entry, Runs(paths).published())
        run_dbt("publish", duckdb_file=file, selector="tag:publication", logs=paths.logs)
        finish(file, entry, Contract.of_manifest(paths.dbt_manifest("publish")))
        if (docs := paths.data_docs(entry.build_id)).exists():
            shutil.copytree(docs, fresh / DATA_DOCS)
        shutil.rmtree(folder, ignore_errors=True)  # what is left of a publication that was damaged
        fresh.replace(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _remember(journal: Journal, entry: JournalEntry, warehouse: Path, folder: Path) -> None:
    with reading(warehouse) as full, reading(folder / PUBLICATION_FILE) as public:
        journal.append(
            entry,
            figures=full.sql("from confidential.indicator_figure"),
            shown=public.sql(f"select {SHOWN_COLUMNS} from marts.fct_figure"),
            flags=full.sql("from quality.flag"),
        )
