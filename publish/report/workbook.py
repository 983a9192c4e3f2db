"""The report's annex in Excel: the same figures as numbers to reckon with, one sheet for each kind of table."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from publish.report.figures import Cell
from publish.report.model import Report
from publish.report.outline import edition_line, front_facts, report_title
from publish.report.sheet import Sheet, Value
from publish.report.sheets import sheets
from vocabulary.spreadsheet import spreadsheet_safe

if TYPE_CHECKING:
    import xlsxwriter

DAY = "[$-406]d. mmmm yyyy"
"""A date in Danish, whatever language Excel speaks."""

LONGEST_TEXT = 32_000
"""Characters in a cell; Excel holds 32,767."""

NARROWEST, WIDEST, TIGHTEST = 7, 60, 14
"""Widths of a column in characters: the least, the most, and the most where the paper is full."""

PAPER_WIDTH = 190
"""Characters that A4 across holds at a size that can be read."""

LINE_HEIGHT, TALLEST = 15, 400
"""Points: a line of type, and the most that a row takes; Excel allows 409."""

FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
ACCENT, BAND = "#0b4f8a", "#f1f4f6"


def render_workbook(report: Report) -> bytes:
    """The annex as a file's content; equal reports give equal bytes, dated on the day of the report."""
    import xlsxwriter

    written = BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": f"{report_title(report)}, bilag",
            "subject": report.agreement[:255],
            "author": report.programme[:255],
            "comments": f"Udgivelse {report.publication_id}",
            "created": datetime.combine(report.as_of, time(), tzinfo=UTC).replace(tzinfo=None),
        }
    )
    annex = _Annex(book)
    annex.front(report)
    for sheet in sheets(report):
        annex.table(sheet)
    book.close()
    return written.getvalue()


def number_format(text: str) -> str:
    """The format of a cell that shows a number as the report writes it: `61,4 %` gives `#,##0.0" %"`.

    Excel writes the separators of its reader's language, so Danish ones for a Danish reader.
    """
    found = re.match(r"\D*?[\d.]+(?:,(\d+))?(.*)$", text, flags=re.DOTALL)
    decimals, unit = (len(found[1] or ""), found[2]) if found else (0, "")
    shown = "#,##0" + ("." + "0" * decimals if decimals else "")
    return shown + (f'"{unit}"' if unit and '"' not in unit else "")


class _Annex:
    """A workbook being written: its formats, each made once."""

    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        self.book = book
        self.formats: dict[tuple[tuple[str, object], ...], object] = {}

    def format(self, **look: object) -> object:
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(FONT | look)
        return self.formats[key]

    def front(self, report: Report) -> None:
        page = self.book.add_worksheet("Forside")
        _set_up(page, report_title(report), landscape=False)
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        page.set_row(0, 2 * LINE_HEIGHT)
        page.write_string(0, 0, report_title(report), self.format(bold=True, font_size=18, font_color=ACCENT))
        page.write_string(1, 0, edition_line(report), self.format(bold=True))
        lines = [*front_facts(report), *(("", text) for text in (*report.headline, *report.remarks))]
        for row, (label, text) in enumerate(lines, 3):
            page.write_string(row, 0, label, self.format(font_color="#4f5964"))
            page.write_string(row, 1, _text(text), self.format(text_wrap=True))
            page.set_row(row, LINE_HEIGHT * _lines(text, 90))

    def table(self, sheet: Sheet) -> None:
        """A sheet with a heading, and its rows as one table with a filter; a sentence where there are none."""
        page = self.book.add_worksheet(sheet.name)
        _set_up(page, sheet.heading, landscape=True)
        page.set_row(0, 2 * LINE_HEIGHT)
        page.write_string(0, 0, sheet.heading, self.format(bold=True, font_size=14, font_color=ACCENT))
        if not sheet.rows:
            page.write_string(2, 0, sheet.empty, self.format())
            return
        last = len(sheet.columns) - 1
        header = self.format(bold=True, text_wrap=True, bg_color=BAND, bottom=1)
        columns = [{"header": column, "header_format": header} for column in sheet.columns]
        page.add_table(2, 0, 2 + len(sheet.rows), last, {"columns": columns, "style": None})
        page.freeze_panes(3, 1)
        page.repeat_rows(2)
        widths = _widths(sheet)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for row, values in enumerate([sheet.columns, *sheet.rows], 2):
            lines = max(_lines(_shown(value), width - 1) for value, width in zip(values, widths, strict=True))
            page.set_row(row, min(LINE_HEIGHT * lines, TALLEST))
        for row, values in enumerate(sheet.rows, 3):
            for column, value in enumerate(values):
                self.cell(page, (row, column), value)

    def cell(self, page: "xlsxwriter.worksheet.Worksheet", place: tuple[int, int], value: Value) -> None:
        if isinstance(value, Cell):
            if value.value is not None:
                page.write_number(*place, value.value, self.format(num_format=number_format(value.text)))
                return
            page.write_string(*place, _text(value.text), self.format(align="right", italic=True))
        elif isinstance(value, date):
            page.write_datetime(
                *place, datetime.combine(value, time()), self.format(num_format=DAY, align="left", indent=1)
            )
        elif isinstance(value, int | float):
            shown = "#,##0" if float(value).is_integer() else "#,##0.0##"
            page.write_number(*place, value, self.format(num_format=shown))
        elif value is not None:
            page.write_string(*place, _text(value), self.format(text_wrap=True, align="left", indent=1))


def _set_up(page: "xlsxwriter.worksheet.Worksheet", heading: str, *, landscape: bool) -> None:
    """A4, as wide as the paper, with the heading above and page numbers below."""
    if landscape:
        page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    page.set_header("&L" + heading.replace("&", "&&")[:200])
    page.set_footer("&L&A&RSide &P af &N")
    page.hide_gridlines(2)


def _text(text: str) -> str:
    return spreadsheet_safe(text)[:LONGEST_TEXT]


def _widths(sheet: Sheet) -> Sequence[int]:
    """As wide as the longest entry of each column; where the paper is full, long texts take more lines instead."""
    entries = [[name, *(_shown(row[index]) for row in sheet.rows)] for index, name in enumerate(sheet.columns)]
    wished = [max(NARROWEST, int(1.1 * max(map(len, column))) + 4) for column in entries]
    widest = WIDEST
    while widest > TIGHTEST and sum(min(width, widest) for width in wished) > PAPER_WIDTH:
        widest -= 1
    return [min(width, widest) for width in wished]


def _lines(text: str, width: int) -> int:
    """How many lines a text takes; one of several lines has some to spare, for words that do not fit the end of one."""
    return sum(1 if len(line) <= width else ceil(1.1 * len(line) / width) for line in text.split("\n"))


def _shown(value: Value) -> str:
    if isinstance(value, Cell):
        return value.text
    return "28. september 2025" if isinstance(value, date) else str(value or "")
