"""Decide which figures are shown, which are hidden and which wait."""

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from publish.disclosure.companions import hidden_cells
from publish.disclosure.families import CELL, make_family, too_few_persons, touched_years
from publish.disclosure.limits import Limits, read_limits
from publish.disclosure.moves import show_last, waits, with_last_shown, without_last
from publish.disclosure.tables import (
    YEAR,
    Past,
    read_areas,
    read_families,
    read_links,
    read_past,
    read_share_families,
    read_small_parts,
)
from publish.grain import FAMILY, GRAIN, SERIES, named_in
from vocabulary.states import BaselineTrend, TargetStatus, ValueState

HIDDEN_COLUMNS = ["value", "numerator", "denominator", "denominator_year", "n", "n_effective", "ci_low", "ci_high"]
INNER_COLUMNS = ["contributors", "hits_count", "target_needed", "better", "is_primary", "is_waiting"]
"""What disclosure control needs and nobody is shown: not even a deleted row of the published file may hold them."""


@dataclass(frozen=True)
class Controlled:
    """`figures`: same rows as were given, as they may be shown. The others name figures by their grain.

    `untold`: those whose true number must not be told elsewhere, hidden or waiting; `waiting`: those that show an
    earlier value. `small_parts`: those with a part of their year too small to tell. `personal`: those that persons
    stand behind. `rates`: rates, with the `numerator_id` of what they count. `past`: what was hidden or waited once.
    """

    figures: pd.DataFrame
    untold: pd.DataFrame
    waiting: pd.DataFrame
    small_parts: pd.DataFrame
    personal: pd.DataFrame | pa.Table
    rates: pd.DataFrame | pa.Table
    past: Past


def control(figures: pd.DataFrame, connection: duckdb.DuckDBPyConnection, limits: Limits | None = None) -> Controlled:
    """The figures of confidential.indicator_figure as they may be shown; `connection` is to the build they come from.

    Method: primary suppression by the number of persons, complementary suppression by linear programs over areas, kinds
    of years and publications (Fischetti and Salazar 2000, solved greedily), and a smallest move between publications.
    """
    limits = limits or read_limits()
    families = figures[FAMILY].drop_duplicates()
    past, small_parts = read_past(connection, families), read_small_parts(connection, limits)
    table = with_last_shown(figures.reset_index(drop=True), past.last_shown)
    counted = table["contributors"].notna() & table["value"].notna() & table["numerator_id"].isna()
    table["is_primary"] = counted & too_few(table, limits)
    table["is_waiting"] = counted & ~table["is_primary"] & waits(table, limits)
    own = table[counted]
    marked = pd.concat([own[own["is_primary"] | own["is_waiting"]], small_parts, past.hidden])[YEAR].drop_duplicates()
    hidden = table["is_primary"] | named_in(table, _hidden_in(marked, own, connection, limits))
    table["is_waiting"] &= ~hidden
    shown = show_last(table, table["is_waiting"])
    rates = _rates(shown, table, hidden)
    hidden |= rates["is_hidden"]
    waiting = table["is_waiting"] | rates["is_waiting"]
    shown.loc[rates["is_waiting"], ["value", "numerator"]] = rates.loc[rates["is_waiting"], ["value", "numerator"]]
    _empty(shown, hidden)
    _hide_sums_over_years(shown, hidden | waiting)
    shown.loc[shown["figure_type"].eq("share"), ["numerator", "denominator"]] = None
    return Controlled(
        without_last(shown).drop(columns=INNER_COLUMNS).set_axis(figures.index, axis=0),
        table.loc[hidden | waiting, GRAIN].reset_index(drop=True),
        table.loc[waiting, GRAIN].reset_index(drop=True),
        small_parts[GRAIN],
        table.loc[counted, GRAIN],
        table.loc[table["numerator_id"].notna(), [*GRAIN, "numerator_id"]],
        past,
    )


def too_few(figures: pd.DataFrame, limits: Limits) -> pd.Series:
    """Which figures are too small by themselves: by persons and, of shares, by answers, hits and others."""
    hits, misses = figures["hits_count"], figures["n"] - figures["hits_count"]
    least = limits.fewest_on_either_side.value - 1
    one_sided = hits.between(1, least) | misses.between(1, least)
    few_answers = figures["n"].lt(limits.fewest_answers.value)
    return too_few_persons(figures, limits) | (figures["figure_type"].eq("share") & (few_answers | one_sided))


def _hidden_in(
    marked: pd.DataFrame, figures: pd.DataFrame, connection: duckdb.DuckDBPyConnection, limits: Limits
) -> pd.DataFrame:
    """The cells to hide, by the grain of a figure, where something is too small, waits, or was hidden in a `marked`
    year; all other years are shown.
    """
    own = figures.merge(marked[FAMILY].drop_duplicates(), on=FAMILY)
    families = own[FAMILY].drop_duplicates()
    marked = marked.merge(families, on=FAMILY)
    years = touched_years(own, marked, read_links(connection, families), read_share_families(connection))
    tables, areas = read_families(connection, years), read_areas(connection)
    own_figures, own_parts, own_past = (
        dict(list(rows.groupby(FAMILY))) for rows in (own.merge(years, on=YEAR), tables.parts, tables.publications)
    )
    names: list[tuple] = []
    for key in years[FAMILY].drop_duplicates().itertuples(index=False, name=None):
        family = make_family(
            own_figures[key],
            own_parts.get(key, tables.parts.iloc[:0]),
            own_past.get(key, tables.publications.iloc[:0]),
            areas=areas.get(key[0], frozenset()),
            limits=limits,
        )
        names += [(*key, *cell) for cell in hidden_cells(family, limits)]
    return pd.DataFrame(names, columns=[*FAMILY, *CELL])


def _rates(shown: pd.DataFrame, table: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """Rates go as the figure that they count goes: the rate times its residents would give it."""
    keys = table[GRAIN].assign(indicator_id=table["numerator_id"])
    counts = shown[[*GRAIN, "value"]].rename(columns={"value": "count"})
    counts = counts.assign(count_hidden=hidden, count_waits=table["is_waiting"])
    found = keys.merge(counts, on=GRAIN, how="left").set_axis(table.index, axis=0)
    is_rate = table["numerator_id"].notna() & table["value"].notna()
    waiting = is_rate & found["count_waits"].eq(True)
    value = table["value"] * found["count"] / table["numerator"]
    # a rate of nobody tells nothing of how it is scaled
    lost = waiting & ~table["numerator"].gt(0)
    return pd.DataFrame(
        {
            "is_hidden": (is_rate & found["count_hidden"].eq(True)) | lost,
            "is_waiting": waiting & ~lost,
            "value": value,
            "numerator": found["count"],
        }
    )


def _empty(shown: pd.DataFrame, hidden: pd.Series) -> None:
    shown.loc[hidden, "value_state"] = ValueState.SUPPRESSED.value
    shown.loc[hidden, HIDDEN_COLUMNS] = None
    shown.loc[hidden & shown["target_value"].notna(), "target_status"] = TargetStatus.NOT_ASSESSABLE.value
    shown.loc[hidden & shown["baseline_value"].notna(), "baseline_trend"] = BaselineTrend.NOT_COMPARABLE.value


def _hide_sums_over_years(shown: pd.DataFrame, untold: pd.Series) -> None:
    """What has been reached over several years tells an untold year by subtraction; no status rests on it either."""
    in_broken = named_in(shown, shown.loc[untold, SERIES], SERIES)
    summed = in_broken & shown["cumulative_value"].notna()
    shown.loc[summed, "target_status"] = TargetStatus.NOT_ASSESSABLE.value
    shown.loc[summed, "cumulative_value"] = None
