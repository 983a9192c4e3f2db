"""The annex: numbers are numbers, text is never a formula, and what it is made of can be read by Excel."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from publish.report.workbook import number_format, render_workbook
from tests.publish.report.nasty import FORMULA, MARKUP
from tests.publish.report.sample import sample_report

SHEETS = [
    "Forside", "Mål", "Områder", "Rammer", "Kurver", "Forbehold", "Ændringer", "Kommentarer", "Beslutninger",
    "Noter og kilder", "Definitioner", "Læsning",
]  # fmt: skip


@pytest.fixture
def book(workbook_of):
    return load_workbook(workbook_of("sample_report"))


def test_sheets_have_headings_filters_and_a_fixed_header(case, workbook_of):
    book = load_workbook(workbook_of(case))
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].value and sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
        if sheet.tables:
            assert sheet.freeze_panes == "B4" and sheet.print_title_rows == "$3:$3"
        else:
            assert sheet.max_row == 3 and sheet["A3"].value.endswith("."), "a sentence where there is no row"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.663", "#,##0"),
        ("61,4 %", '#,##0.0" %"'),
        ("-1.204,55", "#,##0.00"),
        ("0,004 pr. 100", '#,##0.000" pr. 100"'),
        ('3 "styk"', "#,##0"),
        ("skjult", "#,##0"),
    ],
)
def test_a_number_is_formatted_as_the_report_writes_it(text, expected):
    assert number_format(text) == expected


def test_numbers_are_numbers_and_days_are_days(book):
    row = next(row for row in book["Mål"].iter_rows(min_row=4) if row[1].value == "Tillid til politi og myndigheder")
    assert (row[6].value, row[6].number_format) == (61.4, '#,##0.0" %"')
    sources = {row[2].value: row[4] for row in book["Noter og kilder"].iter_rows(min_row=4)}
    assert sources["Vejledninger"].value == datetime(2025, 10, 10)
    assert sources["Vejledninger"].number_format == "[$-406]d. mmmm yyyy"


def test_no_text_becomes_a_formula(case, workbook_of):
    with zipfile.ZipFile(workbook_of(case)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


def test_delivered_text_is_text_and_signs_of_formulas_are_marked(workbook_of):
    book = load_workbook(workbook_of("markup"))
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert texts.count(MARKUP) >= 8
    assert texts.count(f"'{FORMULA}") == 2
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_properties_say_what_it_is_and_name_the_day_of_the_report(book):
    assert book.properties.title == "Årsrapport 2024/25, bilag"
    assert book.properties.creator == "En Fælles Indsats"
    assert book.properties.created == datetime(2025, 11, 1)


def test_equal_reports_give_equal_bytes(workbook_of):
    assert render_workbook(sample_report()) == workbook_of("sample_report").read_bytes()


def test_a_text_longer_than_a_cell_is_cut_and_not_lost():
    from dataclasses import replace

    report = replace(sample_report(), headline=("x" * 40_000,))
    book = load_workbook(BytesIO(render_workbook(report)))
    texts = [row[1].value for row in book["Forside"].iter_rows(min_row=4)]
    assert max(len(text) for text in texts if text) == 32_000
