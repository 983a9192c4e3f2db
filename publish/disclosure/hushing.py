"""What stands beside figures in a publication, without what would tell of those that are hidden or wait."""

import duckdb
import pandas as pd
import pyarrow as pa

from publish.disclosure.control import Controlled
from publish.disclosure.limits import read_limits
from publish.grain import AREA_ROW, GRAIN, SERIES, named_in
from vocabulary.flags import FlagCode
from vocabulary.states import ALL_AREAS_ID

AREA = [name for name in SERIES if name != "year_kind"]
NEIGHBOURS = {
    FlagCode.JUMP: AREA,
    FlagCode.ZERO_SUSPECTED: AREA,
    FlagCode.AREA_SUM_MISMATCH: AREA_ROW,
    FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS: AREA,
}
"""Flags that tell numbers of other figures: which columns those have in common with the flagged one."""

HUSHED_DA = "Fundets tal vises ikke af hensyn til fortrolighed."

ROW_COUNTS = ("rows_count", "first_row_number", "last_row_number")

Rows = pa.Table | pd.DataFrame

_KEY, _YEAR = ", ".join(GRAIN), ", ".join(AREA_ROW)
_COUNTED_BY_RATE = " and ".join(
    f"rates.{'numerator_id' if name == 'indicator_id' else name} = counted.{name}" for name in GRAIN
)
HUSHED_SOURCES = f"""
    with
    few as (
        from sources semi join personal using ({_KEY}) where rows_count between 1 and $fewest - 1
    ),
    several as (
        select {_KEY} from sources where rows_count > 0 group by all having count(distinct file_id) > 1
    ),
    counted as (
        select {_KEY} from untold union select {_KEY} from few semi join several using ({_KEY})
    ),
    delicate as (
        from counted
        union
        select {", ".join(f"rates.{name}" for name in GRAIN)} from rates inner join counted
        on {_COUNTED_BY_RATE}
    ),
    quiet as (
        select {_KEY} from delicate
        union
        select distinct {_KEY} from sources semi join delicate using ({_YEAR}) where area_id <> $total
    )
    select sources.* replace (
        {", ".join(f"case when quiet.year is null then cast({name} as bigint) end as {name}" for name in ROW_COUNTS)}
    )
    from sources left join quiet using ({_KEY})
"""


def hush_flags(flags: pd.DataFrame, controlled: Controlled) -> pd.DataFrame:
    """Flags without the numbers of figures that are hidden, wait, or were hidden in an earlier publication.

    The finding itself stays, and that it is acknowledged; the reason may repeat the number and goes. Flags that draw
    on such a figure (the year before, an area of the total) lose their numbers too, and so does the restatement of a
    figure that once showed an earlier value: it would tell what was not shown then.
    """
    untold = pd.concat([controlled.untold, controlled.past.hidden[GRAIN]])
    quiet = named_in(flags, untold)
    for code, shared in NEIGHBOURS.items():
        quiet |= flags["flag_code"].eq(code.value) & named_in(flags, untold, shared)
    quiet |= flags["flag_code"].eq(FlagCode.RESTATED.value) & named_in(flags, controlled.past.waited)
    hushed = flags.copy()
    hushed.loc[quiet, ["observed", "expected", "acknowledged_reason"]] = None
    hushed.loc[quiet, "message"] = HUSHED_DA
    return hushed


def hush_sources(sources: Rows, controlled: Controlled) -> pa.Table:
    """Files behind figures, without the row counts that would give an untold figure or part of a year away.

    Rows by file are parts of a figure, and the rows of the areas add up to those of the total. So where one figure of a
    year must not be told by file, none of its areas is; the total is, unless it is that figure itself.
    """
    tables = {
        "sources": sources,
        "untold": pd.concat([controlled.untold[GRAIN], controlled.small_parts[GRAIN]]),
        "personal": controlled.personal,
        "rates": controlled.rates,
    }
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        return connection.execute(
            HUSHED_SOURCES, {"fewest": read_limits().fewest_persons.value, "total": ALL_AREAS_ID}
        ).to_arrow_table()


def without_untold(rows: Rows, controlled: Controlled) -> pa.Table:
    """The rows that belong to no figure that is hidden or waits."""
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        connection.register("untold", controlled.untold[GRAIN])
        return connection.sql(f"from rows anti join untold using ({_KEY})").to_arrow_table()
