"""What `omraadetal status` tells: deliveries, figures that are due, flags. States and dates, no confidential value."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date

import duckdb

from nightly.deliveries import SourceStatus, by_source
from publish.coverage import Cell
from vocabulary.errors import ScopeEmpty
from vocabulary.settings import Settings
from vocabulary.states import Severity, ValueState, YearKind
from warehouse.connections import reading
from warehouse.ledger import Ledger
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force, read_publication

WITHIN = """
    ($agreement_id is null or agreement_id = $agreement_id)
    and ($indicator_id is null or indicator_id = $indicator_id)
    and ($area_id is null or area_id = $area_id)
    and ($year_kind is null or year_kind = $year_kind)
"""

DUE = f"""
    select indicator_id, year_kind, year_label, string_agg(area_id, ', ' order by area_id), value_state, min(due_on)
    from confidential.indicator_figure
    where value_state in ('missing', 'incomplete') and {WITHIN}
    group by indicator_id, year_kind, year_label, value_state
    order by min(due_on), indicator_id, year_kind
"""

COVERAGE = f"""
    with
    flags as (
        select agreement_id, indicator_id, area_id, year_kind, year, list(severity order by severity) as severities
        from quality.flag
        group by all
    )
    select agreement_id, indicator_id, area_id, year_kind, year, year_label, value_state, coalesce(severities, [])
    from confidential.indicator_figure
    inner join agreement.indicator using (agreement_id, indicator_id)
    inner join agreement.area using (area_id)
    left join flags using (agreement_id, indicator_id, area_id, year_kind, year)
    where {WITHIN}
    order by agreement_id, year_kind desc, indicator.sort_order, area.sort_order, year
"""

FLAGS = f"select severity, flag_code, message from quality.flag where {WITHIN}"

BLOCKING = f"""
    select
        severity,
        flag_code,
        concat_ws(', ', agreement_id, indicator_id, area_id, year_kind || ' ' || year, source_id, file_name)
        || ': the last build is not published; `omraadetal refused` has its findings'
    from quality.flag
    where {WITHIN} and severity = '{Severity.BLOCKS}'
"""
"""Of a build, which knows no disclosure control: where a finding is, and no number."""

NAMES = """
    select list(distinct agreement_id), list(distinct indicator_id), list(distinct area_id)
    from confidential.indicator_figure
"""


@dataclass(frozen=True)
class Scope:
    """What is asked for; None is everything. Flags on whole files lie in no scope but the widest."""

    agreement_id: str | None = None
    indicator_id: str | None = None
    area_id: str | None = None
    year_kind: YearKind | None = None

    def __str__(self) -> str:
        return ", ".join(str(asked) for asked in asdict(self).values() if asked)


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
    coverage: list[Cell]
    due: list[DueFigure]
    flags: list[ShownFlag]
    counts: dict[str, int]


def look_up(settings: Settings, scope: Scope = Scope()) -> Status:
    """The ledger, the last checked build, and the flags of the publication in force; of the figures those in scope.

    Blocking flags come from the build, since nothing with them is ever published. So does the coverage: what
    disclosure control hides is `observed` there. Raises ScopeEmpty.
    """
    paths = Paths.of(settings)
    sources = by_source(Ledger.of(settings).records())
    asked = asdict(scope)
    coverage: list[Cell] = []
    due: list[DueFigure] = []
    flags: list[ShownFlag] = []
    as_of, publication_id = None, None
    if paths.latest_warehouse.exists():
        with reading(paths.latest_warehouse.resolve()) as connection:
            as_of = connection.execute("select as_of from agreement.run").fetchone()[0]
            coverage = _coverage(connection, scope)
            due = [DueFigure(*row) for row in connection.execute(DUE, asked).fetchall()]
            flags += [ShownFlag(*row) for row in connection.execute(BLOCKING, asked).fetchall()]
    if paths.current.exists():
        folder = in_force(paths)
        publication_id = read_publication(folder)["publication_id"]
        with reading(folder / PUBLICATION_FILE) as connection:
            flags += [ShownFlag(*row) for row in connection.execute(FLAGS, asked).fetchall()]
    order = list(Severity)
    flags.sort(key=lambda flag: (order.index(Severity(flag.severity)), flag.flag_code, flag.message))
    counts = Counter(flag.severity for flag in flags)
    return Status(sources, as_of, publication_id, coverage, due, flags, counts)


def _coverage(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Cell]:
    cells = [
        Cell(*key, YearKind(kind), year, label, ValueState(state), tuple(Severity(one) for one in severities))
        for *key, kind, year, label, state, severities in connection.execute(COVERAGE, asdict(scope)).fetchall()
    ]
    if not cells and scope != Scope():
        agreements, indicators, areas = (", ".join(sorted(names)) for names in connection.execute(NAMES).fetchone())
        raise ScopeEmpty(asked=scope, agreements=agreements, indicators=indicators, areas=areas)
    return cells
