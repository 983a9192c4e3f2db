"""What `omraadetal status` tells: deliveries, figures that are due, flags. States and dates, no confidential value."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus, Severity
from warehouse.connections import reading
from warehouse.ledger import Ledger
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force, read_publication

DUE = """
    select indicator_id, year_kind, year_label, string_agg(area_id, ', ' order by area_id), value_state, min(due_on)
    from confidential.indicator_figure
    where value_state in ('missing', 'incomplete')
    group by indicator_id, year_kind, year_label, value_state
    order by min(due_on), indicator_id, year_kind
"""
FLAGS = "select severity, flag_code, message from quality.flag"


@dataclass(frozen=True)
class SourceStatus:
    source_id: str
    files: int
    refused: int
    latest: date


@dataclass(frozen=True)
class DueFigure:
    indicator_id: str
    year_kind: str
    year_label: str
    areas: str
    value_state: str
    due_on: date


@dataclass(frozen=True)
class ShownFlag:
    severity: str
    flag_code: str
    message: str


@dataclass(frozen=True)
class Status:
    sources: list[SourceStatus]
    as_of: date | None
    publication_id: str | None
    due: list[DueFigure]
    flags: list[ShownFlag]
    counts: dict[str, int]


def look_up(settings: Settings) -> Status:
    """The ledger, the last checked build, and the flags of the publication in force.

    Blocking flags come from the build, since nothing with them is ever published.
    """
    paths = Paths.of(settings)
    by_source: dict[str, list] = {}
    for record in Ledger.of(settings).records():
        by_source.setdefault(record.source_id, []).append(record)
    sources = [
        SourceStatus(
            source_id,
            len(records),
            sum(record.status is DeliveryStatus.REFUSED for record in records),
            max(record.delivered_on for record in records),
        )
        for source_id, records in by_source.items()
    ]
    due: list[DueFigure] = []
    flags: list[ShownFlag] = []
    as_of, publication_id = None, None
    if paths.latest_warehouse.exists():
        with reading(paths.latest_warehouse.resolve()) as connection:
            as_of = connection.execute("select as_of from agreement.run").fetchone()[0]
            due = [DueFigure(*row) for row in connection.execute(DUE).fetchall()]
            blocking = connection.execute(f"{FLAGS} where severity = ?", [Severity.BLOCKS.value]).fetchall()
            flags += [ShownFlag(*row) for row in blocking]
    if paths.current.exists():
        folder = in_force(paths)
        publication_id = read_publication(folder)["publication_id"]
        with reading(folder / PUBLICATION_FILE) as connection:
            flags += [ShownFlag(*row) for row in connection.execute(FLAGS).fetchall()]
    order = list(Severity)
    flags.sort(key=lambda flag: (order.index(Severity(flag.severity)), flag.flag_code, flag.message))
    return Status(sources, as_of, publication_id, due, flags, Counter(flag.severity for flag in flags))
