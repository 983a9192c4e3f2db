"""What a workbook may hold beside plain values is read as it is meant, or told; never silently otherwise."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from ingest.layouts import SheetLayout, TableLayout
from ingest.peek import Peek, peek
from ingest.readers import workbook
from ingest.readers.excel_file import read_excel, read_wide_excel
from ingest.readers.workbook import NOT_CALCULATED, Workbook
from tests.ingest.workbook_writers import WRITERS, openpyxl_bytes, saved, xlsxwriter_bytes
from vocabulary.errors import FileRefused, PeekStopped
from vocabulary.reasons import FileReason

MERGING = [kind for kind in WRITERS if kind != "pyxlsbwriter.xlsb"]
LAYOUT = TableLayout(
    layout="ark",
    format="excel",
    sheets=".*",
    headings={"area": ("Område",), "day": ("Dag",), "count": ("Antal",), "note": ("Note",)},
)
HEAD = ["Område", "Dag", "Antal", "Note"]


@pytest.fixture
def peeked(tmp_path) -> Callable[[bytes], list[Peek]]:
    def look(content: bytes) -> list[Peek]:
        (tmp_path / "book").write_bytes(content)
        return peek(tmp_path / "book")

    return look


def night_rows(content: bytes) -> list[list[str | None]]:
    return [row for table in read_excel(content, [LAYOUT]) for row in table.rows]


def made(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]) -> bytes:
    """A workbook with a heading line and what `fill` writes below it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("2024")
        page.write_row(0, 0, HEAD)
        fill(book, page)
    return out.getvalue()


def edited(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("kind", MERGING)
def test_a_merged_label_stands_in_all_its_rows_and_a_merged_number_counts_once(kind, peeked):
    rows = [HEAD, *(["Sydbyen", date(2024, 1, at), 10 * at, "x"] for at in range(1, 7))]
    for at in (2, 3, 5):
        rows[at][0] = None
    rows[3][2] = None
    content = WRITERS[kind](rows, merges=[(1, 0, 3, 0), (4, 0, 5, 0), (2, 2, 3, 2)], sheet="2024")
    expected = [["Sydbyen", f"2024-01-0{at}", "" if at == 3 else str(10 * at), "x"] for at in range(1, 7)]
    assert [[cell or "" for cell in row] for row in night_rows(content)] == expected
    [table] = peeked(content)
    assert table.rows == expected and any("merged cells" in note for note in table.notes)


def test_a_label_that_is_merged_beyond_the_last_row_makes_no_rows():
    rows = [HEAD, ["Sydbyen", date(2024, 1, 1), 1, "x"], [None] * 4, [None] * 4]
    assert len(night_rows(openpyxl_bytes(rows, merges=[(1, 0, 3, 0)], sheet="2024"))) == 1


@pytest.mark.parametrize("kind", MERGING)
def test_headings_that_are_merged_over_columns_are_joined_with_those_below(kind, peeked):
    rows = [
        ["Beboere i boligområder", None, None, None, None],
        ["Område", "Mænd", None, "Kvinder", None],
        [None, "antal", "andel", "antal", "andel"],
        *(["Sydbyen", 10 * at, 0.5, 20 * at, 0.5] for at in range(1, 8)),
    ]
    merges = [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]
    [table] = peeked(WRITERS[kind](rows, merges))
    assert table.columns == ["Område", "Mænd antal", "Mænd andel", "Kvinder antal", "Kvinder andel"]
    assert table.rows[0] == ["Sydbyen", "10", "0,5", "20", "0,5"] and "before the table: line 1" in table.notes


def test_headings_that_are_merged_over_rows_are_no_rows():
    rows = [HEAD, [None] * 4, ["Sydbyen", date(2024, 1, 1), 1, "x"]]
    content = openpyxl_bytes(rows, merges=[(0, at, 1, at) for at in range(4)], sheet="2024")
    assert night_rows(content) == [["Sydbyen", "2024-01-01", "1", "x"]]


def test_a_heading_over_several_columns_with_values_is_refused_and_over_empty_ones_is_none():
    rows = [[*HEAD, None], ["Sydbyen", date(2024, 1, 1), 1, "x", None]]
    assert len(night_rows(openpyxl_bytes(rows, merges=[(0, 3, 0, 4)]))) == 1
    rows[1][4] = "y"
    with pytest.raises(FileRefused, match="merged over columns 4 to 5") as caught:
        night_rows(openpyxl_bytes(rows, merges=[(0, 3, 0, 4)]))
    assert caught.value.facts["reason"] is FileReason.DUPLICATE_COLUMN


def test_a_year_over_several_columns_with_values_is_refused():
    layout = SheetLayout(layout="bred", format="wide_excel", dataset="d", dimensions=("area",))
    rows = [[None, 2023, None, 2024], ["Sydbyen", 1, 2, 3]]
    with pytest.raises(FileRefused, match="merged over columns 2 to 3"):
        read_wide_excel(openpyxl_bytes(rows, merges=[(0, 1, 0, 2)]), [layout])


def test_errors_are_as_they_are_shown_and_no_blanks(peeked):
    def fill(book, page):
        page.write_row(1, 0, ["Sydbyen", "2024-01-01"])
        page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 3, "=NA()", None, "#N/A")

    content = made(fill)
    assert night_rows(content) == [["Sydbyen", "2024-01-01", "#DIV/0!", "#N/A"]]
    [table] = peeked(content)
    assert "errors instead of values: C2, D2" in table.notes and table.rows[0][2:] == ["#DIV/0!", "#N/A"]


@pytest.mark.parametrize("does_calculate", [True, False], ids=["calculated", "not calculated"])
def test_a_formula_without_a_value_is_never_zero_or_blank(does_calculate, peeked):
    def fill(book, page):
        page.write_row(1, 0, ["Sydbyen", "2024-01-01"])
        page.write_formula(1, 2, "=1+1", None, 2 if does_calculate else 0)
        page.write_formula(1, 3, '=""', None, "")

    # as Excel writes an empty text
    content = edited(made(fill), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="D2"', b'r="D2" t="str"'))
    assert night_rows(content)[0][2:] == (["2", None] if does_calculate else [NOT_CALCULATED, None])
    [table] = peeked(content)
    assert ("formulas whose values the file does not hold: C2" in table.notes) is not does_calculate


def test_a_zero_that_a_spreadsheet_calculated_is_one():
    content = made(lambda book, page: page.write_formula(1, 2, "=1-1", None, 0))
    calculated = edited(content, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""))
    assert [row[2] for row in (*night_rows(content), *night_rows(calculated))] == [NOT_CALCULATED, "0"]


def test_formulas_that_openpyxl_writes_have_no_values_also_at_the_edge_of_the_sheet(peeked):
    book = openpyxl.Workbook()
    for row in (HEAD, ["Sydbyen", "2024-01-01", 3, "x"], [None, None, None, "=A2"]):
        book.active.append(row)
    content = saved(book.save)
    assert night_rows(content)[1] == [None, None, None, NOT_CALCULATED]
    assert "formulas whose values the file does not hold: D3" in peeked(content)[0].notes


def ods(*cells: TableCell) -> bytes:
    book, page = OpenDocumentSpreadsheet(), Table(name="2024")
    for line in ([_text_cell(heading) for heading in HEAD], cells):
        row = TableRow()
        for cell in line:
            row.addElement(cell)
        page.addElement(row)
    book.spreadsheet.addElement(page)
    return saved(book.save)


def _text_cell(text: str, **said: str) -> TableCell:
    cell = TableCell(**{"valuetype": "string", **said})
    cell.addElement(P(text=text))
    return cell


def test_ods_tells_errors_formulas_without_values_and_fractions_shown_in_per_cent(peeked):
    error = _text_cell("#DIV/0!", formula="of:=1/0", stringvalue="")
    content = ods(
        _text_cell("Sydbyen"),
        TableCell(formula="of:=1+1"),
        TableCell(valuetype="percentage", value="0.515"),
        error,
    )
    calcext = b"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    said = b'calcext:value-type="error" xmlns:calcext="' + calcext + b'"'
    empty = b'office:string-value=""'
    marked = edited(content, "content.xml", lambda xml: xml.replace(empty, empty + b" " + said))
    assert night_rows(marked) == [["Sydbyen", NOT_CALCULATED, "51,5 %", "#DIV/0!"]]
    assert {"errors instead of values: D2", "fractions that are shown in per cent: column C"} < set(
        peeked(marked)[0].notes
    )


@given(st.integers(-(10**6), 10**6))
def test_fractions_that_are_shown_in_per_cent_are_read_in_per_cent(hundredths):
    def fill(book, page):
        page.write_number(1, 2, hundredths / 10_000, book.add_format({"num_format": "0.0%"}))
        page.write_number(1, 3, hundredths / 10_000, book.add_format({"num_format": '0.0" % af alle"'}))

    [[_, _, shown, plain]] = night_rows(made(fill))
    whole, rest = divmod(abs(hundredths), 100)
    sign = "-" if hundredths < 0 else ""
    assert shown == f"{sign}{f'{whole},{rest:02}'.rstrip('0').rstrip(',')} %" and "%" not in (plain or "")


def test_hidden_sheets_rows_and_columns_are_read_and_told(peeked):
    def fill(book, page):
        for at in range(1, 5):
            page.write_row(at, 0, ["Sydbyen", "2024-01-01", at, "x"])
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(3, 16_383, None, None, {"hidden": True})
        for name in ("2023", "2022"):
            other = book.add_worksheet(name)
            other.write_row(0, 0, HEAD)
            other.write_row(1, 0, ["Sydbyen", "2023-01-01", 1, "x"])
            (other.hide if name == "2023" else other.very_hidden)()

    content = made(fill)
    assert len(night_rows(content)) == 6
    first, *others = peeked(content)
    assert {"hidden rows, read like the others: 3", "hidden columns, read like the others: D"} <= set(first.notes)
    assert ["a hidden sheet" in other.notes for other in others] == [True, True]


def test_numbers_that_lost_a_leading_zero_are_told_by_their_column(peeked):
    rows = [["CPR", "Navn"], *([101901230 + at, "x"] for at in range(1, 8))]
    assert peeked(openpyxl_bytes(rows))[0].notes == ("numbers that may have lost a leading zero: column A",)


@pytest.mark.parametrize("date_1904", [True, False])
def test_dates_of_both_epochs(date_1904):
    content = xlsxwriter_bytes([HEAD, ["Sydbyen", date(2024, 2, 29), 1, "x"]], date_1904=date_1904)
    assert night_rows(content) == [["Sydbyen", "2024-02-29", "1", "x"]]


@pytest.mark.parametrize("lie", ["A1:A1", "A1:XFD1048576", "Z9:AA10"])
def test_a_sheet_that_lies_about_its_extent_is_read_whole(lie):
    content = openpyxl_bytes([HEAD, ["Sydbyen", "2024-01-01", 1, "x"]])
    lying = edited(
        content,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + lie.encode() + b'"', xml),
    )
    assert night_rows(lying) == [["Sydbyen", "2024-01-01", "1", "x"]]


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_ends_the_whole_night():
    """calamine would ask for half a terabyte, and the process would be aborted."""
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active["XFD1048576"] = "x"
    with pytest.raises(FileRefused, match="1048576 x 16384 cells is no delivery"):
        night_rows(saved(book.save))


def test_formatted_cells_without_values_are_no_part_of_the_sheet(monkeypatch):
    book = openpyxl.Workbook()
    for row in (HEAD, ["Sydbyen", "2024-01-01", 1, "x"]):
        book.active.append(row)
    book.active["AZ500"].number_format = "0.00"
    monkeypatch.setattr(workbook, "MOST_CELLS", 10)
    assert night_rows(saved(book.save)) == [["Sydbyen", "2024-01-01", "1", "x"]]


def test_rich_text_and_sheets_named_with_odd_signs(peeked):
    def fill(book, page):
        page.write_rich_string(1, 0, "Syd", book.add_format({"bold": True}), "byen", " & <omegn>")
        page.write_row(1, 1, ["2024-01-01", 1, "x"])
        book.add_worksheet("Ø & <2023> 'år' nr. 1").write_row(0, 0, HEAD)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='2024'!$C$2"})
        book.add_chartsheet("Diagram").set_chart(chart)

    content = made(fill)
    assert night_rows(content)[0][0] == "Sydbyen & <omegn>"
    assert [table.table for table in peeked(content)] == ["2024", "Ø & <2023> 'år' nr. 1"]


def test_a_workbook_without_values_is_empty(peeked):
    [table] = peeked(openpyxl_bytes([]))
    assert table.notes == ("it is empty",) and table.rows == []


def test_a_workbook_with_a_password_is_refused_for_that(peeked):
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(openpyxl_bytes([HEAD]))).encrypt("hemmeligt", out)
    with pytest.raises(FileRefused, match="locked with a password"):
        Workbook(out.getvalue())
    with pytest.raises(PeekStopped, match="locked with a password"):
        peeked(out.getvalue())
