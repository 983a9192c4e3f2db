"""What other DAGs can be scheduled on, and what is told with each event: counts and ids, no figure and no file's name.

Airflow puts this folder on sys.path; it is no DAG itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, AssetAlias

GROUP = "omraadetal"

MARTS = Asset(name="marts", uri="omraadetal://marts", group=GROUP)
REPORTS = Asset(name="reports", uri="omraadetal://reports", group=GROUP)
TOLD = AssetAlias(name="omraadetal", group=GROUP)
"""Outlet of each task that tells: it stands for the assets that there is something to tell of."""


def source_asset(source_id: str) -> Asset:
    """A source, named as its descriptor and its folder in the landing zone: `source_vejledninger`."""
    return Asset(name=f"source_{source_id}", uri=f"omraadetal://sources/{source_id}", group=GROUP)


def tell_read(events: Any, records: Iterable[Any]) -> None:
    """One event per source of which files were read: how many by status, and their rows."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        count = counts[record.source_id]
        count.update(files=1, rows_loaded=record.rows_loaded, rows_quarantined=record.rows_quarantined)
        count[f"files_{record.status.value}"] += 1
    for source_id, count in counts.items():
        events[TOLD].add(source_asset(source_id), extra=dict(count))


def tell_delivered(events: Any, refreshed: Any) -> None:
    """One event of the source for a table that was delivered anew: nobody is told of one that is as it was."""
    if refreshed.files:
        extra = {
            "table": refreshed.table,
            "delivered_on": refreshed.delivered_on.isoformat(),
            "updated": refreshed.updated,
            "periods": list(refreshed.periods),
            "files": len(refreshed.files),
        }
        events[TOLD].add(source_asset(refreshed.source_id), extra=extra)


def tell_published(events: Any, publication: Path) -> None:
    """The event of the marts: which publication, for which day, rows by table. Of a replay nobody is told."""
    from warehouse.publications import read_publication

    if _is_replay(publication):
        return
    record = read_publication(publication)
    rows = {name: table["rows"] for name, table in record["tables"].items()}
    extra = {"publication_id": record["publication_id"], "as_of": record["as_of"], "rows": rows}
    events[TOLD].add(MARTS, extra=extra)


def tell_reported(events: Any, files: Iterable[Path]) -> None:
    """The event of the reports: the names of what there is, which are of our making, and of which publication. Of a
    replay nobody is told.
    """
    written = sorted(files)
    publication = written[0].resolve().parents[1]
    if _is_replay(publication):
        return
    events[TOLD].add(REPORTS, extra={"publication_id": publication.name, "files": [path.name for path in written]})


def _is_replay(publication: Path) -> bool:
    from vocabulary.settings import Settings
    from warehouse.paths import Paths

    return publication.resolve().parent == Paths.of(Settings.from_environment()).replays
