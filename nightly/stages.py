"""The stages by name, each under the run lock; Airflow and the command line both call these."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from ingest.consent import apply_withdrawals
from ingest.key_rotation import KeyStatus, RotationPlan, key_status, plan_rotation, rotate
from ingest.landing import LandedFile
from ingest.stage import Ingest, NewFiles
from nightly import reporting, serving
from nightly.build import build
from nightly.dbt import run_dbt
from nightly.deciding import decide, waiting_build
from nightly.holding import Review, hold, refuse_held
from nightly.running import stage as _stage
from publish.notice import Notice
from publish.notify import notify_places, preview
from publish.stage import publish_build
from vocabulary.errors import FileNotOpened
from vocabulary.settings import Settings
from warehouse.builds import BuildRecord, Builds
from warehouse.decisions import Decision, Verdict
from warehouse.key_rotations import KeyRotation
from warehouse.ledger import LedgerRecord
from warehouse.left_behind import remove_left_behind
from warehouse.paths import Paths
from warehouse.publications import read_publication
from warehouse.runs import Runs

FILES_PER_BATCH = 25
"""Files that one mapped task reads; Airflow maps at most 1,024 tasks."""

MOST_BATCHES = 200

report, report_of = reporting.report, reporting.report_of
report_year, approve_report = reporting.report_year, reporting.approve_report
load_postgres = serving.load_postgres


def find_new(settings: Settings, as_of: date) -> NewFiles:
    """The deliveries up to as-of that are not read yet."""
    with _stage(settings, "ingest", None, is_recorded=False):
        return Ingest(settings).find_new(as_of)


def ingest_files(
    settings: Settings,
    files: Iterable[LandedFile],
    progress: Callable[[LedgerRecord], None] = lambda record: None,
    pass_over: Callable[[FileNotOpened], None] = lambda error: None,
) -> list[LedgerRecord]:
    """Read the named deliveries; those that are gone meanwhile are given to `pass_over`."""
    with _stage(settings, "ingest", None) as at_work:
        records = Ingest(settings).read_files(files, progress, pass_over)
        rows, size = (sum(getattr(one, name) for one in records) for name in ("rows_read", "size_bytes"))
        at_work.count(rows=rows, bytes=size)
        return records


def find_batches(settings: Settings, as_of: date) -> list[list[str]]:
    """The new deliveries as batches of delivery ids, for tasks that read in parallel."""
    ids = [file.delivery_id for file in find_new(settings, as_of).files]
    size = max(FILES_PER_BATCH, -(-len(ids) // MOST_BATCHES))
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def ingest_batch(settings: Settings, as_of: date, delivery_ids: Iterable[str]) -> list[LedgerRecord]:
    """Read the deliveries of one batch; those that are read by now are passed over."""
    wanted = set(delivery_ids)
    return ingest_files(settings, [f for f in find_new(settings, as_of).files if f.delivery_id in wanted])


def build_warehouse(settings: Settings, as_of: date, wait_seconds: float = 0) -> BuildRecord:
    """Build a new warehouse file as of a day, after withdrawn consent has taken its pseudonyms out of raw files."""
    with _stage(settings, "build", wait_seconds) as at_work:
        ingest, paths = Ingest(settings), Paths.of(settings)
        remove_left_behind(paths, ingest.ledger.store)
        Runs(paths).remove_past(at_work.started_at)
        apply_withdrawals(ingest.ledger, ingest.descriptors)
        built = build(settings, as_of)
        at_work.count(bytes=paths.warehouse(built.build_id).stat().st_size)
        return built


def check(settings: Settings, build_id: str, wait_seconds: float = 0) -> BuildRecord:
    """Judge a build; once it is, no older one is kept that holds persons or time which it leaves out."""
    # Great Expectations takes seconds to import, and only this stage needs it
    from expectations.stage import check_build

    with _stage(settings, "check", wait_seconds) as at_work:
        checked = check_build(settings, build_id)
        at_work.fence.require()
        Builds(Paths.of(settings)).remove_other_worlds(build_id)
        return checked


def review_restatements(settings: Settings, build_id: str, wait_seconds: float = 0) -> Review:
    """Whether a person must decide on a checked build before it is published."""
    with _stage(settings, "review", wait_seconds):
        return hold(settings, build_id)


def decide_restatements(
    settings: Settings,
    build_id: str | None,
    *,
    verdict: Verdict,
    role: str,
    reason: str | None,
    wait_seconds: float = 0,
) -> Decision:
    """Record what a person decided on a held build, by default on the latest that waits. Publishes nothing."""
    with _stage(settings, "approve", wait_seconds):
        chosen = build_id or waiting_build(settings)
        return decide(settings, chosen, verdict=verdict, role=role, reason=reason)


def publish(settings: Settings, build_id: str, wait_seconds: float = 0) -> Path:
    """Publish a checked build; the folder of the publication. Raises RestatementsHeld and RestatementsRejected."""
    with _stage(settings, "publish", wait_seconds) as at_work:
        refuse_held(settings, build_id)
        folder = publish_build(settings, build_id, run_dbt, at_work.fence)
        tables = read_publication(folder)["tables"].values()
        size = sum((folder / table["file"]).stat().st_size for table in tables)
        at_work.count(rows=sum(table["rows"] for table in tables), bytes=size, publication_id=folder.name)
        return folder


def notify(settings: Settings, wait_seconds: float = 0) -> list[str]:
    """Tell what is new since last night, or that the night was blocked; a line for each notice sent.

    Raises NoticeNotSent, which is worth another try: only what did not arrive is sent again.
    """
    with _stage(settings, "notify", wait_seconds):
        return notify_places(settings)


def preview_notices(settings: Settings) -> tuple[list[tuple[str, Notice]], list[str]]:
    """What `notify` would send now, by the name of its place, and what is wrong with the settings."""
    return preview(settings)


def show_keys(settings: Settings) -> KeyStatus:
    """Which pseudonym key is in force, and which readings were made with which; tells no key and makes none."""
    return key_status(settings)


def plan_key_rotation(settings: Settings) -> RotationPlan:
    """What a change of the pseudonym key would read again, and which deliveries are gone."""
    return plan_rotation(settings)


def rotate_key(
    settings: Settings, secret: str | None = None, *, leave_behind: bool = False, wait_seconds: float = 0
) -> KeyRotation:
    """Read everything again with another pseudonym key and put it in force. Raises DeliveriesGone."""
    with _stage(settings, "keys", wait_seconds):
        return rotate(settings, secret, leave_behind=leave_behind)


def latest_build(settings: Settings) -> BuildRecord:
    """The build that check and publish take when none is named. Raises BuildNotFound."""
    return Builds(Paths.of(settings)).latest()
