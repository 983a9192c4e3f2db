"""The coverage grid on a terminal: a line per indicator and area, years across; readable without colour."""

from collections.abc import Iterator

from rich.text import Text

from publish.coverage import Cell, Grid
from vocabulary.states import Severity, ValueState

STATE_SIGNS = {
    ValueState.OBSERVED: ("ok", "green"),
    ValueState.INCOMPLETE: ("part", "yellow"),
    ValueState.MISSING: ("MISS", "bold red"),
    ValueState.NOT_DUE: (".", "dim"),
    ValueState.NOT_MEASURED: ("-", "dim"),
}
"""A build knows no `suppressed`: publishing hides."""

SEVERITY_SIGNS = {
    Severity.BLOCKS: ("#", "bold red"),
    Severity.WARNS: ("!", "bold yellow"),
    Severity.NOTES: ("*", "cyan"),
}

INDENT = "  "
GAP = 2


def legend() -> Iterator[Text]:
    """What the signs mean: a line on states, a line on flags."""
    for signs in (STATE_SIGNS, SEVERITY_SIGNS):
        yield Text("   ").join(Text.assemble(sign, f" {meaning.value}") for meaning, sign in signs.items())


def lines(grid: Grid, width: int) -> Iterator[Text]:
    """The grid in lines of at most `width` signs; years that don't fit stand in a further block."""
    yield Text(f"Coverage: {grid.agreement_id}, {grid.year_kind} years", style="bold")
    label = max(len(INDENT + area_id) for areas in grid.rows.values() for area_id in areas) + GAP
    signs = max(len(_cell(cell)) for areas in grid.rows.values() for cells in areas.values() for cell in cells.values())
    column = max(signs, *(len(year) for year in grid.years.values())) + GAP
    for years in _blocks(list(grid.years), max(1, (width - label + GAP) // column)):
        yield Text(" " * label + "".join(grid.years[year].ljust(column) for year in years).rstrip(), style="bold")
        for indicator_id, areas in grid.rows.items():
            shown = {area_id: cells for area_id, cells in areas.items() if not cells.keys().isdisjoint(years)}
            if shown:
                yield Text(indicator_id)
            for area_id, cells in shown.items():
                line = Text((INDENT + area_id).ljust(label))
                for year in years:
                    sign = _cell(cells[year]) if year in cells else Text()
                    sign.pad_right(column - len(sign))
                    line.append_text(sign)
                line.rstrip()
                yield line


def _blocks(years: list[int], most: int) -> Iterator[list[int]]:
    """The years in as few blocks as fit, about equally long."""
    count = -(-len(years) // most)
    size = -(-len(years) // count)
    for start in range(0, len(years), size):
        yield years[start : start + size]


def _cell(cell: Cell) -> Text:
    sign = Text(*STATE_SIGNS[cell.value_state])
    return sign.append(*SEVERITY_SIGNS[cell.worst]) if cell.worst else sign
