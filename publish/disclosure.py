"""Disclosure control: which figures are too small to show, and which others would give them away.

Rule of thumb of Danmarks Statistik: at least 3 persons behind a cell. What this control does not yet protect
(differences between calendar and agreement years, and between publications) stands in docs/decisions/0006.
"""

import pandas as pd

from vocabulary.states import ALL_AREAS_ID, ValueState

SMALLEST_GROUP = 3
"""Persons behind a figure, or answers on either side of a share: 1 and 2 are too few, 0 is nobody."""

FEWEST_ANSWERS = 10
"""A share on fewer answers is not shown."""

CELL = ["agreement_id", "indicator_id", "year_kind", "year"]
HIDDEN_COLUMNS = ["value", "numerator", "denominator", "n", "n_effective", "ci_low", "ci_high"]


def suppress(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures as they may be shown: same rows, `suppressed` cells emptied, weighted sums left out.

    Takes confidential.indicator_figure; needs `contributors`, `hits_count` and `n` beside the mart's columns.
    """
    primary = _too_small(figures)
    hidden = primary | _gives_away(figures, primary)
    shown = figures.copy()
    shown.loc[hidden, "value_state"] = ValueState.SUPPRESSED.value
    shown.loc[hidden, HIDDEN_COLUMNS] = None
    shown.loc[hidden & shown["target_value"].notna(), "target_status"] = "not_assessable"
    shown.loc[hidden & shown["baseline_value"].notna(), "baseline_trend"] = "not_comparable"
    shares = shown["figure_type"].eq("share")
    shown.loc[shares, ["numerator", "denominator"]] = None
    return shown


def _too_small(figures: pd.DataFrame) -> pd.Series:
    has_value = figures["value"].notna()
    few_persons = figures["contributors"].between(1, SMALLEST_GROUP - 1)
    hits, misses = figures["hits_count"], figures["n"] - figures["hits_count"]
    few_answers = figures["n"].lt(FEWEST_ANSWERS)
    one_sided = hits.between(1, SMALLEST_GROUP - 1) | misses.between(1, SMALLEST_GROUP - 1)
    return has_value & (few_persons | (figures["figure_type"].eq("share") & (few_answers | one_sided)))


def _gives_away(figures: pd.DataFrame, primary: pd.Series) -> pd.Series:
    """Where one area alone is hidden, the total minus the others would give it: hide the smallest other area too."""
    secondary = pd.Series(False, index=figures.index)
    countable = figures["value"].notna() & figures["contributors"].notna()
    for _, cell in figures[countable].groupby(CELL, sort=False):
        areas = cell[cell["area_id"] != ALL_AREAS_ID]
        total = cell[cell["area_id"] == ALL_AREAS_ID]
        hidden = primary[areas.index]
        if hidden.sum() != 1 or total.empty or primary[total.index].all():
            continue
        others = areas[~hidden].sort_values(["contributors", "area_id"])
        companions = others[others["contributors"] > 0]
        chosen = companions.index[:1] if len(companions) else total.index
        secondary[chosen] = True
    return secondary


def hush(flags: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Flags without the numbers of suppressed figures; the finding itself stays."""
    key = ["agreement_id", "indicator_id", "area_id", "year_kind", "year"]
    suppressed = shown.loc[shown["value_state"].eq(ValueState.SUPPRESSED.value), key].assign(_hidden=True)
    merged = flags.merge(suppressed, on=key, how="left")
    hidden = merged["_hidden"].eq(True).to_numpy()
    quiet = flags.copy()
    quiet.loc[hidden, ["observed", "expected"]] = None
    quiet.loc[hidden, "message"] = "Tallet er skjult af hensyn til fortrolighed; det samme gælder fundets tal."
    return quiet
