"""Find the heading line of a table and match it with the layouts that the descriptor declares."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from agreements.areas import normalise
from ingest.layouts import TableLayout
from ingest.readers.table import Cells
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

CLOSE = 0.6
"""Likeness (difflib) from which a cell is taken for a misspelt heading."""

HEADING_SEARCH_ROWS = 25
"""How far down titles and other preamble may push the heading line."""


@dataclass(frozen=True)
class Match:
    """A heading line that fits a layout: where it stands, and position and spelling of each canonical column."""

    layout: TableLayout
    index: int
    positions: dict[str, int]
    unknown: list[str]
    width: int
    headings: dict[str, str]


def find_headings(rows: Sequence[Cells], layouts: Sequence[TableLayout], where: str) -> Match:
    """The first row that carries every heading of a layout.

    Raises FileRefused (missing_column, duplicate_column), naming the headings found and the nearest matches, and no
    other cell.
    """
    nearest: tuple[int, TableLayout, Cells, list[str]] | None = None
    for index, row in enumerate(rows[:HEADING_SEARCH_ROWS]):
        found = [normalise(cell or "") for cell in row]
        for layout in layouts:
            positions, missing = _positions(found, layout)
            if not missing:
                _refuse_repeated(row, found, layout, where)
                known = set(positions.values())
                unknown = [row[at] or "" for at in range(len(row)) if at not in known and found[at]]
                spelt = {name: (row[at] or "").strip() for name, at in positions.items()}
                return Match(layout, index, positions, unknown, len(row), spelt)
            matched = len(positions)
            if matched and (nearest is None or matched > nearest[0]):
                nearest = (matched, layout, row, missing)
    if nearest is None:
        raise FileRefused(
            problem=f"{where}: no row among the first {HEADING_SEARCH_ROWS} holds the expected headings.",
            reason=FileReason.MISSING_COLUMN,
        )
    matched, layout, row, missing = nearest
    # A file without headings has a person's row here. Unless half of the headings are right, which no such row can be,
    # only cells close to a heading are repeated.
    known = [heading for headings in layout.headings.values() for heading in headings]
    is_heading_line = 2 * matched >= len(layout.headings)
    found = [
        cell for cell in row if cell and (is_heading_line or difflib.get_close_matches(cell, known, 1, cutoff=CLOSE))
    ]
    hints = []
    for column in missing:
        expected = layout.headings[column]
        close = difflib.get_close_matches(expected[0], found, n=1, cutoff=CLOSE)
        hints.append(f"«{expected[0]}»" + (f" (nearest: «{close[0]}»)" if close else ""))
    raise FileRefused(
        problem=f"{where}: missing {', '.join(hints)}; found: {', '.join(found)}.",
        reason=FileReason.MISSING_COLUMN,
    )


def _positions(found: list[str], layout: TableLayout) -> tuple[dict[str, int], list[str]]:
    positions: dict[str, int] = {}
    missing: list[str] = []
    for column, headings in layout.headings.items():
        at = next((found.index(normalise(heading)) for heading in headings if normalise(heading) in found), None)
        if at is None:
            missing.append(column)
        else:
            positions[column] = at
    return positions, missing


def _refuse_repeated(row: Cells, found: list[str], layout: TableLayout, where: str) -> None:
    for headings in layout.headings.values():
        places = [row[at] for at, name in enumerate(found) if name in {normalise(heading) for heading in headings}]
        if len(places) > 1:
            raise FileRefused(
                problem=f"{where}: the heading «{places[0]}» stands {len(places)} times.",
                reason=FileReason.DUPLICATE_COLUMN,
            )
