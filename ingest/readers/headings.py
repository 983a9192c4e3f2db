"""Find the heading line of a table and match it with the layouts that the descriptor declares.

What stands in a heading line may be a person's row, or a heading that names a person. So no cell is repeated but those
that a descriptor declares and, in a line of which half is right, those that are a declared heading misspelt; every
other cell is told by its place.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from agreements.areas import normalise
from ingest.layouts import TableLayout
from ingest.patterns import kind_of
from ingest.readers.table import Cells
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

CLOSE = 0.8
"""Likeness (difflib) from which a cell is taken for a misspelt heading; «Emma» is not yet «Tema»."""

HEADING_SEARCH_ROWS = 25
"""How far down titles and other preamble may push the heading line."""


@dataclass(frozen=True)
class Match:
    """A heading line that fits a layout: where it stands, and position and spelling of each canonical column.

    `unknown` are the places of the headings that the layout does not know.
    """

    layout: TableLayout
    index: int
    positions: dict[str, int]
    unknown: list[str]
    width: int
    headings: dict[str, str]


def find_headings(rows: Sequence[Cells], layouts: Sequence[TableLayout], where: str = "") -> Match:
    """The first row that carries every heading of a layout; `where` begins the message of a refusal.

    Raises FileRefused (missing_column, duplicate_column), naming the declared headings found and the nearest matches.
    """
    nearest: tuple[int, TableLayout, Cells, list[str]] | None = None
    for index, row in enumerate(rows[:HEADING_SEARCH_ROWS]):
        found = [normalise(cell or "") for cell in row]
        for layout in layouts:
            positions, missing = _positions(found, layout)
            if not missing:
                _refuse_repeated(row, found, layout, where)
                known = set(positions.values())
                unknown = [f"column {at + 1}" for at in range(len(row)) if at not in known and found[at]]
                spelt = {name: (row[at] or "").strip() for name, at in positions.items()}
                return Match(layout, index, positions, unknown, len(row), spelt)
            matched = len(positions)
            if matched and (nearest is None or matched > nearest[0]):
                nearest = (matched, layout, row, missing)
    if nearest is None:
        raise FileRefused(
            problem=f"{where}no row among the first {HEADING_SEARCH_ROWS} holds the expected headings.",
            reason=FileReason.MISSING_COLUMN,
        )
    matched, layout, row, missing = nearest
    declared = [heading for headings in layout.headings.values() for heading in headings]
    known = {normalise(heading) for heading in declared}
    filled = [cell.strip() for cell in row if cell and cell.strip()]
    # a file without headings has a person's row here, of which half is never right
    is_heading_line = 2 * matched >= len(layout.headings)
    told = [
        cell
        for cell in filled
        if normalise(cell) in known or (is_heading_line and is_misspelt(cell, declared) and kind_of(cell) is None)
    ]
    hints = []
    for column in missing:
        expected = layout.headings[column]
        close = difflib.get_close_matches(expected[0], told, n=1, cutoff=CLOSE)
        hints.append(f"«{expected[0]}»" + (f" (nearest: «{close[0]}»)" if close else ""))
    others = f" and {len(filled) - len(told)} others" if len(told) < len(filled) else ""
    raise FileRefused(
        problem=f"{where}missing {', '.join(hints)}; found: {', '.join(told)}{others}.",
        reason=FileReason.MISSING_COLUMN,
    )


def is_misspelt(cell: str, declared: Sequence[str]) -> bool:
    """Whether a cell of one word more or less is close to a declared heading."""
    return any(
        abs(len(cell.split()) - len(heading.split())) <= 1
        and difflib.SequenceMatcher(None, cell.casefold(), heading.casefold()).ratio() >= CLOSE
        for heading in declared
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
                problem=f"{where}the heading «{places[0]}» stands {len(places)} times.",
                reason=FileReason.DUPLICATE_COLUMN,
            )
