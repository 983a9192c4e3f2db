"""The coverage grid: which figure there is, in what state and with which flags; never a value.

One arrangement for the quality page (from marts) and for `omraadetal status` (from the last checked build).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from vocabulary.states import Severity, ValueState, YearKind


@dataclass(frozen=True)
class Cell:
    """One expected figure; `severities` has an entry per flag on it."""

    agreement_id: str
    indicator_id: str
    area_id: str
    year_kind: YearKind
    year: int
    year_label: str
    value_state: ValueState
    severities: tuple[Severity, ...]

    @property
    def worst(self) -> Severity | None:
        return min(self.severities, key=list(Severity).index, default=None)


@dataclass
class Grid:
    """Indicators that belong on common years: `rows[indicator_id][area_id][year]` is a cell, where there is one."""

    agreement_id: str
    year_kind: YearKind
    years: dict[int, str]
    rows: dict[str, dict[str, dict[int, Cell]]] = field(default_factory=dict)


def arrange(cells: Iterable[Cell]) -> list[Grid]:
    """Grids per agreement and kind of year; areas and indicators stay in the order of the cells.

    Indicators whose years don't overlap get grids of their own: a series from 2004 to 2017 beside one from 2021 on
    would be a grid of blanks.
    """
    grids: list[Grid] = []
    by_kind: dict[tuple[str, YearKind], list[Cell]] = {}
    for cell in cells:
        by_kind.setdefault((cell.agreement_id, cell.year_kind), []).append(cell)
    for (agreement_id, year_kind), own in by_kind.items():
        for first, last in _spans(own):
            within = [cell for cell in own if first <= cell.year <= last]
            years = {cell.year: cell.year_label for cell in sorted(within, key=lambda cell: cell.year)}
            grid = Grid(agreement_id, year_kind, years)
            for cell in within:
                grid.rows.setdefault(cell.indicator_id, {}).setdefault(cell.area_id, {})[cell.year] = cell
            grids.append(grid)
    return grids


def _spans(cells: list[Cell]) -> list[tuple[int, int]]:
    """First and last year of each set of indicators with overlapping years, in the order of their first cells."""
    spans: list[tuple[int, int]] = []
    by_indicator = sorted(cells, key=lambda cell: cell.indicator_id)
    for _, own in groupby(by_indicator, key=lambda cell: cell.indicator_id):
        years = [cell.year for cell in own]
        first, last = min(years), max(years)
        touched = [span for span in spans if span[0] <= last and first <= span[1]]
        spans = [span for span in spans if span not in touched]
        spans.append((min([first, *(span[0] for span in touched)]), max([last, *(span[1] for span in touched)])))
    order = [cell.year for cell in cells]
    return sorted(spans, key=lambda span: next(at for at, year in enumerate(order) if span[0] <= year <= span[1]))
