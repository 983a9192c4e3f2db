"""Disclosure control: which figures are too small to show, and which others would give them away.

Rule of thumb of Danmarks Statistik: at least 3 persons behind a cell. What this control does not yet protect
(differences between calendar and agreement years, and between publications) stands in docs/decisions/0006.
"""

import pandas as pd

from vocabulary.flags import FlagCode
from vocabulary.states import ALL_AREAS_ID, ValueState

SMALLEST_GROUP = 3
"""Persons behind a figure, or answers on either side of a share: 1 and 2 are too few, 0 is nobody."""

FEWEST_ANSWERS = 10
"""A share on fewer answers is not shown."""

GRAIN = ["agreement_id", "indicator_id", "area_id", "year_kind", "year"]
CELL = [name for name in GRAIN if name != "area_id"]
HIDDEN_COLUMNS = ["value", "numerator", "denominator", "denominator_year", "n", "n_effective", "ci_low", "ci_high"]


def suppress(figures: pd.DataFrame, hidden_before: pd.DataFrame | None = None) -> pd.DataFrame:
    """The figures as they may be shown: same rows, `suppressed` cells emptied, weighted sums left out.

    `hidden_before` names (by the grain of a figure) what an earlier publication hid: of two companions the one that
    was hidden before is taken, so that two publications together give no more than one.
    Takes confidential.indicator_figure; needs `contributors`, `hits_count` and `numerator_id` beside the mart's
    columns, and returns it without the first two: not even a deleted row of the published file may hold them.
    """
    primary = _too_small(figures)
    before = _named_in(figures, hidden_before) if hidden_before is not None else pd.Series(False, index=figures.index)
    hidden = primary | _gives_away(figures, primary, before)
    hidden |= _rests_on_hidden(figures, hidden)
    shown = figures.copy()
    shown.loc[hidden, "value_state"] = ValueState.SUPPRESSED.value
    shown.loc[hidden, HIDDEN_COLUMNS] = None
    shown.loc[hidden & shown["target_value"].notna(), "target_status"] = "not_assessable"
    shown.loc[hidden & shown["baseline_value"].notna(), "baseline_trend"] = "not_comparable"
    _hide_sums_over_hidden_years(shown, hidden)
    shares = shown["figure_type"].eq("share")
    shown.loc[shares, ["numerator", "denominator"]] = None
    return shown.drop(columns=["contributors", "hits_count"])


def _rests_on_hidden(figures: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Rates whose numerator is hidden: the rate times its residents would give it."""
    names = figures.loc[hidden, GRAIN]
    numerators = figures[GRAIN].assign(indicator_id=figures["numerator_id"])
    return figures["numerator_id"].notna() & _named_in(numerators, names)


def _hide_sums_over_hidden_years(shown: pd.DataFrame, hidden: pd.Series) -> None:
    """What has been reached over several years tells a hidden year by subtraction; no status rests on it either."""
    series = ["agreement_id", "indicator_id", "area_id", "year_kind"]
    broken = shown.loc[hidden, series].drop_duplicates().assign(_broken=True)
    in_broken = shown.merge(broken, on=series, how="left")["_broken"].eq(True).to_numpy()
    summed = in_broken & shown["cumulative_value"].notna().to_numpy()
    shown.loc[summed, "target_status"] = "not_assessable"
    shown.loc[summed, "cumulative_value"] = None


def _too_small(figures: pd.DataFrame) -> pd.Series:
    has_value = figures["value"].notna()
    few_persons = figures["contributors"].between(1, SMALLEST_GROUP - 1)
    hits, misses = figures["hits_count"], figures["n"] - figures["hits_count"]
    few_answers = figures["n"].lt(FEWEST_ANSWERS)
    one_sided = hits.between(1, SMALLEST_GROUP - 1) | misses.between(1, SMALLEST_GROUP - 1)
    return has_value & (few_persons | (figures["figure_type"].eq("share") & (few_answers | one_sided)))


def _gives_away(figures: pd.DataFrame, primary: pd.Series, before: pd.Series) -> pd.Series:
    """Where one area alone is hidden, the total minus the others would give it: hide another area too.

    One that was hidden before, else the smallest.
    """
    secondary = pd.Series(False, index=figures.index)
    countable = figures["value"].notna() & figures["contributors"].notna() & figures["numerator_id"].isna()
    for _, cell in figures[countable].groupby(CELL, sort=False):
        areas = cell[cell["area_id"] != ALL_AREAS_ID]
        total = cell[cell["area_id"] == ALL_AREAS_ID]
        hidden = primary[areas.index]
        if hidden.sum() != 1 or total.empty or primary[total.index].all():
            continue
        others = areas[~hidden].assign(_new=~before[areas.index]).sort_values(["_new", "contributors", "area_id"])
        companions = others[others["contributors"] > 0]
        chosen = companions.index[:1] if len(companions) else total.index
        secondary[chosen] = True
    return secondary


def hush_sources(sources: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Files behind figures, without the row counts that would give a suppressed figure away."""
    quiet, hidden = sources.copy(), _is_suppressed(sources, shown)
    for column in ("rows_count", "first_row_number", "last_row_number"):
        quiet[column] = quiet[column].astype("Int64").mask(hidden)
    return quiet


def without_suppressed(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to no suppressed figure."""
    return rows[~_is_suppressed(rows, shown)].reset_index(drop=True)


NEIGHBOURS = {
    FlagCode.JUMP: ["agreement_id", "indicator_id", "area_id"],
    FlagCode.ZERO_SUSPECTED: ["agreement_id", "indicator_id", "area_id"],
    FlagCode.AREA_SUM_MISMATCH: CELL,
    FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS: ["agreement_id", "indicator_id", "area_id"],
}
"""Flags that tell numbers of other figures: which columns those have in common with the flagged one."""


def hush_flags(flags: pd.DataFrame, shown: pd.DataFrame, hidden_before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Flags without the numbers of figures that are suppressed, or were in an earlier publication.

    The finding itself stays, and that it is acknowledged; the reason may repeat the number and goes. Flags that draw on
    a suppressed figure (the year before, an area of the total) lose their numbers too; a restatement of a figure that
    was hidden once would tell what was hidden.
    """
    ever = pd.concat([_suppressed(shown), *([] if hidden_before is None else [hidden_before[GRAIN]])])
    hidden = _named_in(flags, ever)
    for code, shared in NEIGHBOURS.items():
        hidden |= flags["flag_code"].eq(code.value) & _named_in(flags, ever, shared)
    quiet = flags.copy()
    quiet.loc[hidden, ["observed", "expected", "acknowledged_reason"]] = None
    quiet.loc[hidden, "message"] = "Tallet er skjult af hensyn til fortrolighed; det samme gælder fundets tal."
    return quiet


def _is_suppressed(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    """Which rows belong to a suppressed figure, by the grain of a figure."""
    return _named_in(rows, _suppressed(shown))


def _suppressed(shown: pd.DataFrame) -> pd.DataFrame:
    return shown.loc[shown["value_state"].eq(ValueState.SUPPRESSED.value), GRAIN]


def _named_in(rows: pd.DataFrame, names: pd.DataFrame, columns: list[str] = GRAIN) -> pd.Series:
    """Which rows stand in `names`, by `columns`: those of the grain of a figure, or some of them."""
    marked = names[columns].drop_duplicates().assign(_named=True)
    return pd.Series(rows.merge(marked, on=columns, how="left")["_named"].eq(True).to_numpy(), index=rows.index)
