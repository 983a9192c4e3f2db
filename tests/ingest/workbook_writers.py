"""One sheet of values written as each kind of workbook, by the library that writes it."""

import io
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, TableCell, TableRow
from odf.table import Table as OdsTable
from odf.text import P
from pyxlsbwriter import XlsbWriter

Rows = Sequence[Sequence[object]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row and last column of merged cells, from 0."""

DAY, MOMENT, CLOCK, HOURS = "dd-mm-yyyy", "dd-mm-yyyy hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"


def format_of(value: object) -> str | None:
    """How a spreadsheet shows a value of time."""
    kinds = ((datetime, MOMENT), (date, DAY), (time, CLOCK), (timedelta, HOURS))
    return next((shown for kind, shown in kinds if isinstance(value, kind)), None)


def openpyxl_bytes(rows: Rows, merges: Sequence[Merge] = (), sheet: str = "Ark1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is None:
                continue
            cell = page.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.number_format = format_of(value) or cell.number_format
    for top, left, bottom, right in merges:
        page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return saved(book.save)


def xlsxwriter_bytes(
    rows: Rows, merges: Sequence[Merge] = (), sheet: str = "Ark1", *, date_1904: bool = False
) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": DAY, "date_1904": date_1904}) as book:
        formats = {shown: book.add_format({"num_format": shown}) for shown in (DAY, MOMENT, CLOCK, HOURS)}
        page = book.add_worksheet(sheet)
        write = {str: page.write_string, bool: page.write_boolean, int: page.write_number, float: page.write_number}
        for top, left, bottom, right in merges:
            page.merge_range(top, left, bottom, right, None)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if shown := format_of(value):
                    page.write_datetime(at, column, value, formats[shown])
                elif value is not None:
                    write[type(value)](at, column, value)
    return out.getvalue()


def xls_bytes(rows: Rows, merges: Sequence[Merge] = (), sheet: str = "Ark1") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet, cell_overwrite_ok=True)
    for top, left, bottom, right in merges:
        page.merge(top, bottom, left, right)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            shown = format_of(value)
            days = value / timedelta(days=1) if isinstance(value, timedelta) else value
            style = xlwt.easyxf(num_format_str=shown) if shown else xlwt.Style.default_style
            if value is not None:
                page.write(at, column, days, style)
    return saved(book.save)


def xlsb_bytes(rows: Rows, merges: Sequence[Merge] = (), sheet: str = "Ark1") -> bytes:
    """The writer wants rows of one width, and knows no merged cells and no signs beyond the first 65,536."""
    width = max(map(len, rows), default=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsb"
        with XlsbWriter(str(path)) as book:
            book.add_sheet(sheet)
            book.write_sheet([[*row, *[None] * (width - len(row))] for row in rows])
        return path.read_bytes()


def ods_bytes(rows: Rows, merges: Sequence[Merge] = (), sheet: str = "Ark1") -> bytes:
    book, page = OpenDocumentSpreadsheet(), OdsTable(name=sheet)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges}
    covered = {
        (row, column)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    for at, row in enumerate(rows):
        line = TableRow()
        for column, value in enumerate(row):
            high, wide = spans.get((at, column), (1, 1))
            spanned = {"numberrowsspanned": high, "numbercolumnsspanned": wide} if high * wide > 1 else {}
            cell = CoveredTableCell() if (at, column) in covered else TableCell(**_ods_value(value), **spanned)
            if isinstance(value, str):
                for part in value.split("\n"):
                    cell.addElement(P(text=part))
            line.addElement(cell)
        page.addElement(line)
    book.spreadsheet.addElement(page)
    return saved(book.save)


def _ods_value(value: object) -> dict[str, str]:
    said = {"valuetype": "string"}
    match value:
        case None:
            said = {}
        case bool():
            said = {"valuetype": "boolean", "booleanvalue": str(value).lower()}
        case int() | float():
            said = {"valuetype": "float", "value": repr(value)}
        case date():  # and with a time
            said = {"valuetype": "date", "datevalue": value.isoformat()}
        case time():
            said = {"valuetype": "time", "timevalue": value.strftime("PT%HH%MM%SS")}
        case timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            said = {"valuetype": "time", "timevalue": f"PT{minutes // 60:02}H{minutes % 60:02}M{seconds:02}S"}
    return said


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


WRITERS: dict[str, Callable[..., bytes]] = {
    "openpyxl.xlsx": openpyxl_bytes,
    "xlsxwriter.xlsx": xlsxwriter_bytes,
    "xlwt.xls": xls_bytes,
    "pyxlsbwriter.xlsb": xlsb_bytes,
    "odfpy.ods": ods_bytes,
}
