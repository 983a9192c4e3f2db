"""All stages of a night in one process: what `omraadetal nightly` runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nightly import stages
from nightly.deliveries import refusal_of
from nightly.following import Followed, follow
from nightly.running import all_stages
from vocabulary.errors import BuildBlocked, FileNotOpened, OmraadetalError, RestatementsHeld
from vocabulary.settings import Settings
from warehouse.builds import BuildRecord
from warehouse.ledger import LedgerRecord


@dataclass(frozen=True)
class Night:
    """What a night did. `undone` is what failed after it published: the report, the load into PostgreSQL, the news."""

    new_files: tuple[LedgerRecord, ...]
    unchanged_files: int
    passed_over: tuple[str, ...]
    build: BuildRecord
    publication: Path
    report: Path | None
    undone: tuple[OmraadetalError, ...] = ()


def run_night(settings: Settings, as_of: date, progress: Callable[[str], None] = lambda line: None) -> Night:
    """Ingest, build, check, publish, report, notify, under one lock.

    Raises what the stages raise; a night that fails or is stopped leaves the publication in force as it was. That it
    was blocked or held is told before BuildBlocked or RestatementsHeld is raised.
    """
    with all_stages(settings, "night"):
        return _run(settings, as_of, progress)


def _run(settings: Settings, as_of: date, progress: Callable[[str], None]) -> Night:
    progress(f"ingest   {settings.landing}")
    found = stages.find_new(settings, as_of)
    passed_over = list(found.passed_over)
    for line in passed_over:
        progress(f"         passed over {line}")

    def pass_over(error: FileNotOpened) -> None:
        passed_over.append(str(error))
        progress(f"         passed over {error}")

    records = stages.ingest_files(settings, found.files, lambda record: progress(describe(record)), pass_over)
    progress(f"         {len(records)} new files, {found.unchanged} already read")
    progress(f"build    as of {as_of}")
    built = stages.build_warehouse(settings, as_of)
    progress(f"         {sum(built.nodes.values())} dbt nodes in {built.build_id}")
    progress("check    Great Expectations over the built figures")
    checked = stages.check(settings, built.build_id)
    counts = ", ".join(f"{count} {severity}" for severity, count in (checked.flags_by_severity or {}).items())
    progress(f"         flags: {counts}")
    progress("publish  disclosure control, marts, curated")
    try:
        publication = stages.publish(settings, built.build_id)
    except (BuildBlocked, RestatementsHeld):
        _notify(settings, progress, Followed())
        raise
    progress(f"         {publication.name}")
    followed = follow(settings, publication, progress)
    _notify(settings, progress, followed)
    return Night(
        tuple(records),
        found.unchanged,
        tuple(passed_over),
        checked,
        publication,
        followed.report,
        tuple(followed.undone),
    )


def _notify(settings: Settings, progress: Callable[[str], None], followed: Followed) -> None:
    progress("notify   what is new since last night")
    for line in followed.attempt(lambda: stages.notify(settings), progress) or ():
        progress(f"         {line}")


def describe(record: LedgerRecord) -> str:
    """One line on how a file was read."""
    if record.reason_code:
        return f"         refused {refusal_of(record)}"
    quarantined = f", {record.rows_quarantined} quarantined" if record.rows_quarantined else ""
    erased = f", {record.rows_erased} of erased persons left out" if record.rows_erased else ""
    expired = f", {record.rows_expired} past their retention left out" if record.rows_expired else ""
    return f"         read {record.place}: {record.rows_loaded} rows{quarantined}{erased}{expired}"
