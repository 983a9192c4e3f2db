"""The table in a sheet of a workbook, and a word on what its cells do not show by themselves."""

from collections.abc import Iterable, Iterator

from ingest.detection.reading import Found, read_cells
from ingest.patterns import kind_of_number
from ingest.readers.sheet_facts import Place, column_letters
from ingest.readers.table import cell_text
from ingest.readers.workbook import Sheet

LOST_ZERO_DIGITS = 9
MOST_TOLD = 10


def read_sheet(sheet: Sheet) -> tuple[Found, list[str]]:
    """The table as it was meant, and notes that name places and never cells."""
    rows = sheet.delivered()
    found = read_cells(sheet.headed(), rows) if sheet.facts.merged else read_cells(rows)
    return found, list(_notes(sheet))


def _notes(sheet: Sheet) -> Iterator[str]:
    facts, height = sheet.facts, len(sheet.values)
    width = len(sheet.values[0]) if sheet.values else 0
    if sheet.is_hidden:
        yield "a hidden sheet"
    if rows := [row for row in facts.hidden_rows if row <= height]:
        yield f"hidden rows, read like the others: {_listed(map(str, rows))}"
    if columns := [column for column in facts.hidden_columns if column <= width]:
        yield f"hidden columns, read like the others: {_listed(column_letters(column - 1) for column in columns)}"
    if facts.merged:
        yield f"merged cells, labels stand in all rows and headings in all columns: {len(facts.merged)}"
    if facts.errors:
        yield f"errors instead of values: {_listed(_names(facts.errors))}"
    if facts.uncalculated:
        yield f"formulas whose values the file does not hold: {_listed(_names(facts.uncalculated))}"
    if percents := {column for _, column in facts.percents}:
        yield f"fractions that are shown in per cent: column {_listed(map(column_letters, sorted(percents)))}"
    if shortened := {column for column in range(width) if any(_lost_a_zero(row[column]) for row in sheet.values)}:
        yield f"numbers that may have lost a leading zero: column {_listed(map(column_letters, sorted(shortened)))}"


def _lost_a_zero(value: object) -> bool:
    """Whether a cell is a number that reads as a CPR number of nine digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    text = cell_text(value) or ""
    return len(text) == LOST_ZERO_DIGITS and kind_of_number(text) is not None


def _names(places: Iterable[Place]) -> list[str]:
    return [f"{column_letters(column)}{row + 1}" for row, column in sorted(places)]


def _listed(names: Iterable[str]) -> str:
    first, rest = (found := list(names))[:MOST_TOLD], len(found) - MOST_TOLD
    return ", ".join(first) + (f" and {rest} more" if rest > 0 else "")
