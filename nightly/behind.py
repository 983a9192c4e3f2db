"""How many built figures rest on some delivered rows: counts by indicator, and no value."""

from collections.abc import Sequence

from ingest.holding import HeldRow
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.paths import Paths

FIGURES_BEHIND = """
with rows as (
    select unnest(?::varchar[]) as reading_id, unnest(?::varchar[]) as sheet_name, unnest(?::bigint[]) as row_number
)
select indicator.name, count(*)
from (
    select distinct record.agreement_id, record.indicator_id, record.area_id, record.year_kind, record.year
    from confidential.figure_record as record
    inner join ledger.delivery as delivery using (delivery_number)
    inner join rows
        on delivery.reading_id = rows.reading_id
        and record.row_number = rows.row_number
        and record.sheet_name is not distinct from rows.sheet_name
) as figure
inner join agreement.indicator as indicator using (agreement_id, indicator_id)
group by indicator.name
order by indicator.name
"""


def figures_behind(settings: Settings, rows: Sequence[HeldRow]) -> dict[str, int]:
    """Figures (area, kind of year, year) of the last checked build by name of indicator; empty without a build."""
    paths = Paths.of(settings)
    kept = [row for row in rows if row.reading_id]
    if not kept or not paths.latest_warehouse.exists():
        return {}
    columns = [[getattr(row, name) for row in kept] for name in ("reading_id", "sheet", "row_number")]
    with reading(paths.latest_warehouse) as connection:
        return dict(connection.execute(FIGURES_BEHIND, columns).fetchall())
