"""Families from tables: tonight's figures and their parts, and what earlier publications held of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from publish.disclosure.bounds import ROUNDING
from publish.disclosure.family import Cell, Family, Part, Snapshot, Structure, Values
from publish.disclosure.limits import Limits
from publish.disclosure.tables import YEAR
from publish.grain import FAMILY, named_in
from vocabulary.states import ValueState

CELL = list(Cell._fields)


def touched_years(
    figures: pd.DataFrame, marked: pd.DataFrame, links: pd.DataFrame, ever_shares: pd.DataFrame
) -> pd.DataFrame:
    """The years (columns YEAR) of the families in `figures` that `marked` years are tied to; nothing reaches others.

    Years are tied by the parts that they share (`links`). A family whose figures are not all counted alike, tonight and
    before, is taken whole.
    """
    years = figures[YEAR].drop_duplicates()
    whole = pd.concat(
        [
            figures.loc[figures["hits_count"].notna(), FAMILY],
            figures.groupby(FAMILY)["measure_kind"].nunique().loc[lambda kinds: kinds.gt(1)].reset_index()[FAMILY],
            ever_shares[FAMILY],
        ]
    ).drop_duplicates()
    known = pd.concat([years, marked[YEAR], links[YEAR]]).drop_duplicates().reset_index(drop=True)
    number = {tuple(row): at for at, row in enumerate(known.itertuples(index=False, name=None))}
    tied = [number[row] for row in links[YEAR].itertuples(index=False, name=None)]
    parts = links.groupby([*FAMILY, "measure_id", "stretch_start"]).ngroup().to_numpy() + len(known)
    size = len(known) + (parts.max(initial=-1) + 1)
    _, component = connected_components(csr_array((np.ones(len(tied)), (tied, parts)), shape=(size, size)), False)
    found = {component[number[row]] for row in marked[YEAR].itertuples(index=False, name=None)}
    is_touched = pd.Series([component[number[row]] in found for row in years.itertuples(index=False, name=None)])
    return years[is_touched.to_numpy(dtype=bool) | named_in(years, whole, FAMILY).to_numpy()]


def too_few_persons(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Which figures, or parts of them, have somebody behind them and fewer than may be shown."""
    return rows["contributors"].between(1, limits.fewest_persons.value - 1)


def make_family(
    figures: pd.DataFrame, parts: pd.DataFrame, past: pd.DataFrame, *, areas: Iterable[str], limits: Limits
) -> Family:
    """One family from its rows. `past` is in the order of publication; `areas` are those that the total stands for."""
    tonight = Snapshot(_tables(figures))
    cells = _cells(figures)
    are_persons = bool(figures["measure_kind"].eq("distinct_persons").any())
    part_values, parts_of = _parts(parts, tonight.tables[0], are_persons)
    primary = frozenset(cell for cell, small in zip(cells, figures["is_primary"], strict=True) if small)
    sensitive = frozenset(_names(parts[too_few_persons(parts, limits)])) & part_values.keys()
    for cell, part in _whole_years(parts_of):
        if part not in sensitive or cell in primary:
            del part_values[part], parts_of[cell]
    return Family(
        structure=Structure(frozenset(areas), parts_of, are_persons),
        tonight=tonight,
        parts=part_values,
        contributors=dict(zip(cells, figures["contributors"].astype(float), strict=True)),
        primary=primary,
        waiting={
            cell: float(last)
            for cell, waits, last in zip(cells, figures["is_waiting"], _first_table(figures, "last_"), strict=True)
            if waits
        },
        sensitive_parts=sensitive & part_values.keys(),
        # a count that became a share by a revision is another figure
        earlier=[one for one in _snapshots(past) if len(one.tables) == len(tonight.tables)],
    )


def _cells(rows: pd.DataFrame) -> list[Cell]:
    return [Cell(*one) for one in rows[CELL].itertuples(index=False)]


def _first_table(rows: pd.DataFrame, prefix: str = "") -> pd.Series:
    """What a figure is counted in: answers where it is a share, its value otherwise."""
    return rows[prefix + "n"].astype(float).where(rows["hits_count"].notna(), rows[prefix + "value"])


def _tables(rows: pd.DataFrame) -> tuple[Values, ...]:
    """Of shares answers, hits and misses; of counts the values."""
    cells = _cells(rows)
    if rows["hits_count"].notna().any():
        answers, hits = rows["n"].astype(float), rows["hits_count"].astype(float)
        return tuple(dict(zip(cells, counts, strict=True)) for counts in (answers, hits, answers - hits))
    return (dict(zip(cells, rows["value"].astype(float), strict=True)),)


def _parts(
    parts: pd.DataFrame, values: Values, are_persons: bool
) -> tuple[dict[Part, float], dict[Cell, tuple[Part, ...]]]:
    """The parts of the cells that have values. A cell that is no sum of its parts, since its year is counted as it was
    published once, has none.
    """
    known: dict[Part, float] = {}
    parts_of: dict[Cell, tuple[Part, ...]] = {}
    of_cell: dict[Cell, dict[Part, float]] = defaultdict(dict)
    for cell, name, value in zip(_cells(parts), _names(parts), parts["value"].astype(float), strict=True):
        of_cell[cell][name] = value
    for cell in sorted(of_cell.keys() & values.keys()):
        counted = of_cell[cell]
        total, largest = sum(counted.values()), max(counted.values())
        exact = len(counted) == 1 or not are_persons
        if abs(values[cell] - total) <= ROUNDING or (
            not exact and largest - ROUNDING <= values[cell] <= total + ROUNDING
        ):
            known |= counted
            parts_of[cell] = tuple(counted)
    return known, parts_of


def _whole_years(parts_of: Mapping[Cell, tuple[Part, ...]]) -> list[tuple[Cell, Part]]:
    """Years that are one part, which lies in no other year: the part is the figure again, and ties nothing together."""
    cells_of = Counter(part for parts in parts_of.values() for part in parts)
    return [(cell, parts[0]) for cell, parts in parts_of.items() if len(parts) == 1 and cells_of[parts[0]] == 1]


def _names(parts: pd.DataFrame) -> list[Part]:
    names = parts[["area_id", "stretch_start", "measure_id"]].itertuples(index=False)
    return [Part(area, start, int(measure)) for area, start, measure in names]


def _snapshots(past: pd.DataFrame) -> list[Snapshot]:
    """One for each earlier publication that differs from those before it."""
    found: list[Snapshot] = []
    for _, frame in past.groupby("published_order", sort=True):
        is_hidden = frame["shown_state"].eq(ValueState.SUPPRESSED.value)
        cells = _cells(frame)
        tables = _tables(frame)
        # a share is shown as it is or, while it waits, as it was in a publication that is among these
        is_share = frame["hits_count"].notna()
        shows = frame["is_true"] | ~is_share
        shown_values = frame["n"].astype(float).where(is_share, frame["shown_value"])
        one = Snapshot(
            tables,
            shown={
                c: v for c, v, hid, show in zip(cells, shown_values, is_hidden, shows, strict=True) if show and not hid
            },
            hidden=frozenset(c for c, hid in zip(cells, is_hidden, strict=True) if hid),
        )
        if one not in found:
            found.append(one)
    return found
