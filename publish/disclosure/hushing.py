"""What stands beside figures in a publication, without what would tell of those that are hidden or wait."""

import pandas as pd

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


def hush_sources(sources: pd.DataFrame, controlled: Controlled) -> pd.DataFrame:
    """Files behind figures, without the row counts that would give an untold figure or part of a year away.

    Rows by file are parts of a figure, and the rows of the areas add up to those of the total. So where one figure of a
    year must not be told by file, none of its areas is; the total is, unless it is that figure itself.
    """
    few = sources["rows_count"].between(1, read_limits().fewest_persons.value - 1) & named_in(
        sources, controlled.personal
    )
    several = sources[sources["rows_count"].gt(0)].groupby(GRAIN)["file_id"].nunique().gt(1).reset_index(name="several")
    parted = sources.loc[few, GRAIN].merge(several[several["several"]], on=GRAIN)
    delicate = pd.concat([controlled.untold, controlled.small_parts, parted[GRAIN]])
    counted = controlled.rates[GRAIN].assign(indicator_id=controlled.rates["numerator_id"])
    delicate = pd.concat([delicate, controlled.rates.loc[named_in(counted, delicate), GRAIN]])
    quiet = named_in(sources, delicate) | (sources["area_id"].ne(ALL_AREAS_ID) & named_in(sources, delicate, AREA_ROW))
    hushed = sources.copy()
    for column in ROW_COUNTS:
        hushed[column] = hushed[column].astype("Int64").mask(quiet)
    return hushed


def without_untold(rows: pd.DataFrame, controlled: Controlled) -> pd.DataFrame:
    """The rows that belong to no figure that is hidden or waits."""
    return rows[~named_in(rows, controlled.untold)].reset_index(drop=True)
