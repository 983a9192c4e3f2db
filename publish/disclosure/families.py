"""Families from tables: tonight's figures and their parts, and what earlier publications held of them."""

from collections.abc import Iterable

import pandas as pd

from publish.disclosure.bounds import ROUNDING
from publish.disclosure.family import Cell, Family, Part, Snapshot, Structure, Values
from publish.disclosure.limits import Limits
from publish.grain import FAMILY
from vocabulary.states import ValueState

CELL = list(Cell._fields)


def touched_families(figures: pd.DataFrame, small_parts: pd.DataFrame, hidden_before: pd.DataFrame) -> pd.DataFrame:
    """The families in which something must be hidden, waits, was hidden once, or is sensitive; the others are shown.

    `figures` are those that persons stand behind, with `is_primary` and `is_waiting`.
    """
    found = pd.concat(
        [
            figures.loc[figures["is_primary"] | figures["is_waiting"], FAMILY],
            small_parts[FAMILY],
            hidden_before[FAMILY],
        ]
    ).drop_duplicates()
    return found.merge(figures[FAMILY].drop_duplicates(), on=FAMILY)


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
    return Family(
        structure=Structure(frozenset(areas), parts_of, are_persons),
        tonight=tonight,
        parts=part_values,
        contributors=dict(zip(cells, figures["contributors"].astype(float), strict=True)),
        primary=frozenset(cell for cell, small in zip(cells, figures["is_primary"], strict=True) if small),
        waiting={
            cell: float(last)
            for cell, waits, last in zip(cells, figures["is_waiting"], _first_table(figures, "last_"), strict=True)
            if waits
        },
        sensitive_parts=frozenset(_names(parts[too_few_persons(parts, limits)])) & part_values.keys(),
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
    for cell, own in parts.groupby(CELL, sort=True):
        if cell not in values:
            continue
        counted = dict(zip(_names(own), own["value"].astype(float), strict=True))
        total, largest = sum(counted.values()), max(counted.values())
        exact = len(counted) == 1 or not are_persons
        if abs(values[cell] - total) <= ROUNDING or (
            not exact and largest - ROUNDING <= values[cell] <= total + ROUNDING
        ):
            known |= counted
            parts_of[Cell(*cell)] = tuple(counted)
    return known, parts_of


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
