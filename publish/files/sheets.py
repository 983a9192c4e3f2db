"""Tables on the sheets of a workbook: headings, Danish looks, filters, and a further sheet where one is full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from vocabulary.spreadsheet import spreadsheet_safe

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384
CELL_CHARACTERS = 32_767
"""What a sheet and a cell of Excel hold."""

TABLE_ROWS = 50_000
"""A workbook with more rows than this is streamed to the disk, with filters instead of Excel's table objects, which
need the whole sheet in memory."""

NUMBER_FORMATS = {0: "#,##0", 1: "#,##0.0"}
"""By decimals, in the codes that files hold: a Danish Excel shows 1.234,5."""

HEADING_HEIGHT = 48
"""Points: three lines of a heading."""

Cell = Any
"""None, text, number, date, a number with its looks (`Marked`), or the word in its place (`Absent`)."""


@dataclass(frozen=True)
class Marked:
    """A number as it is shown: its decimals, and a sign behind it such as `*`."""

    number: float
    decimals: int = 0
    sign: str = ""


@dataclass(frozen=True)
class Absent:
    """The word that says why there is no number here; it stands where the number would."""

    word: str


@dataclass(frozen=True)
class Column:
    """A heading with its width in characters; long texts are wrapped."""

    heading: str
    width: int = 14
    is_wrapped: bool = False


class Sheets:
    """One workbook that is being written; `made_on` stands in its properties, so that its bytes repeat."""

    def __init__(self, path: Path, *, title: str, made_on: date, is_streamed: bool) -> None:
        self._is_streamed = is_streamed
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": is_streamed,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "dd-mm-yyyy",
            },
        )
        self._book.set_properties(
            {"title": title, "author": "Områdetal", "created": datetime.combine(made_on, time(12))}
        )
        self._formats: dict[str, Format] = {}
        self._tables = 0

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        hint: str = "",
        last_row: int = SHEET_ROWS,
    ) -> None:
        """Write a table with a filter, on as many sheets as its rows need: `name`, `name 2`, …"""
        remaining = iter(rows)
        pending = next(remaining, None)
        number = 1
        while pending is not None or number == 1:
            sheet = self._sheet(name if number == 1 else f"{name} {number}", columns)
            top = 0
            if hint:
                sheet.write_string(0, 0, hint, self._format("hint"))
                top = 2
            sheet.set_row(top, HEADING_HEIGHT)
            for at, column in enumerate(columns):
                sheet.write_string(top, at, column.heading, self._format("heading"))
            row = top
            while pending is not None and row + 1 < last_row:
                row += 1
                for at, cell in enumerate(pending):
                    self._write(sheet, row, at, cell, columns[at])
                pending = next(remaining, None)
            sheet.freeze_panes(top + 1, 0)
            self._filter(sheet, top, row, columns)
            number += 1

    def lines(self, name: str, lines: Iterable[tuple[str, str]], widths: tuple[int, int] = (32, 110)) -> None:
        """Write a sheet of subjects and texts, to be read and printed."""
        columns = [Column("", widths[0]), Column("", widths[1], is_wrapped=True)]
        sheet = self._sheet(name, columns)
        for row, (subject, text) in enumerate(lines):
            sheet.write_string(row, 0, spreadsheet_safe(subject), self._format("subject"))
            sheet.write_string(row, 1, spreadsheet_safe(text), self._format("wrapped"))

    def close(self) -> None:
        self._book.close()

    def _sheet(self, name: str, columns: Sequence[Column]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def _filter(self, sheet: Worksheet, top: int, bottom: int, columns: Sequence[Column]) -> None:
        if self._is_streamed or bottom == top:
            sheet.autofilter(top, 0, max(bottom, top), len(columns) - 1)
            return
        self._tables += 1
        sheet.add_table(
            top,
            0,
            bottom,
            len(columns) - 1,
            {
                "name": f"Tabel_{self._tables}",
                "style": "Table Style Light 1",
                "columns": [{"header": column.heading, "header_format": self._format("heading")} for column in columns],
            },
        )

    def _write(self, sheet: Worksheet, row: int, at: int, cell: Cell, column: Column) -> None:
        if cell is None:
            return
        if isinstance(cell, Marked):
            sheet.write_number(row, at, cell.number, self._format("number", cell.decimals, cell.sign))
        elif isinstance(cell, Absent):
            sheet.write_string(row, at, cell.word, self._format("absent"))
        elif isinstance(cell, bool):
            sheet.write_string(row, at, "ja" if cell else "nej")
        elif isinstance(cell, int | float):
            sheet.write_number(row, at, cell, self._format("plain"))
        elif isinstance(cell, date):
            sheet.write_datetime(row, at, cell, self._format("date"))
        else:
            text = spreadsheet_safe(str(cell))[:CELL_CHARACTERS]
            sheet.write_string(row, at, text, self._format("wrapped" if column.is_wrapped else "text"))

    def _format(self, name: str, decimals: int = 0, sign: str = "") -> Format:
        key = f"{name} {decimals} {sign}"
        if key not in self._formats:
            looks: dict[str, dict[str, object]] = {
                "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "indent": 1},
                "hint": {"italic": True},
                "subject": {"bold": True, "valign": "top"},
                "wrapped": {"text_wrap": True, "valign": "top", "indent": 1},
                "text": {"valign": "top", "indent": 1},
                "absent": {"valign": "top", "align": "right", "font_color": "#595959", "italic": True},
                "plain": {"num_format": "0", "valign": "top"},
                "date": {"num_format": "dd-mm-yyyy", "valign": "top"},
                "number": {"num_format": NUMBER_FORMATS[decimals] + (f'"{sign}"' if sign else ""), "valign": "top"},
            }
            self._formats[key] = self._book.add_format({"font_name": "Calibri", **looks[name]})
        return self._formats[key]
