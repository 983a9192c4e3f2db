"""A sheet of the annex as data: what workbook.py writes."""

from dataclasses import dataclass
from datetime import date

from publish.report.figures import Cell

Value = Cell | str | float | date | None
"""A figure, a text, a number, a day, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """One kind of table: its columns and rows, and what it says where it has no row."""

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str = "Rapporten har ingen."


def yes(holds: bool) -> str | None:
    """What stands in a cell that says whether something holds; an empty one says no."""
    return "ja" if holds else None
