"""PDF, page and workbook show the figures of the model: the same ones, with the letters of their notes."""

import re
from html import unescape

import pytest
from openpyxl import load_workbook

from tests.publish.report.conftest import cells_of, shown_cells

SEPARATE = r"(?<![\w.,]){}(?![\w,]|\.\d)"


def as_text(page: str) -> str:
    """What a reader sees of a page: its text, one space where tags stood between words."""
    body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r"</?(sup|span|a|abbr|strong)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_each_figure_stands_in_pdf_page_and_workbook(case, report_of, words_of, page_of, workbook_of):
    report, pdf, page = report_of(case), words_of(case), as_text(page_of(case))
    book = load_workbook(workbook_of(case))
    numbers = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"}
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    figures = shown_cells(report)
    assert figures or case == "nothing"
    for figure in figures:
        written = re.escape(figure.text) + (rf"(?: ‡)?\s?{figure.note}" if figure.note else "")
        assert re.search(SEPARATE.format(written), pdf), f"{figure} is not in the PDF"
        assert re.search(SEPARATE.format(written), page), f"{figure} is not on the page"
        assert figure.value in numbers if figure.value is not None else figure.text in texts, (
            f"{figure} is not in Excel"
        )
        if figure.detail:
            assert figure.detail in pdf and figure.detail in page and figure.detail in texts


def test_the_workbook_has_no_number_that_the_report_has_not(report_of, workbook_of):
    report = report_of("sample_report")
    known = {cell.value for cell in shown_cells(report) if cell.value is not None}
    for section in (*report.sections, *report.context):
        known |= {section.chart.baseline}
        for point in section.chart.points:
            known |= {point.value, point.ci_low, point.ci_high, point.target}
    book = load_workbook(workbook_of("sample_report"))
    found = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"}
    assert found - {None} <= known


def test_the_area_sheet_has_one_row_for_each_figure_and_its_own_number(report_of, workbook_of):
    sheet = load_workbook(workbook_of("sample_report"))["Områder"]
    rows = {tuple(cell.value for cell in row[:3]): row[3].value for row in sheet.iter_rows(min_row=4)}
    expected = {
        (section.name, row.area, year): cell.text if cell.value is None else cell.value
        for section in report_of("sample_report").sections
        for row in section.table.rows
        for year, cell in zip(section.table.years, row.cells, strict=True)
    }
    assert rows == expected and len(rows) == 72


@pytest.mark.parametrize(("name", "hidden"), [("sample_report", 4), ("all_hidden", 9)])
def test_a_hidden_figure_is_a_word_everywhere(name, hidden, report_of, words_of, page_of, workbook_of):
    tables = [section.table for section in report_of(name).sections]
    assert [cell.value for cell in cells_of(tables) if cell.text == "skjult"] == [None] * hidden
    for text in (words_of(name), as_text(page_of(name))):
        assert len(re.findall(r"\bskjult ?[ad]\b", text)) >= hidden
    column = [row[3].value for row in load_workbook(workbook_of(name))["Områder"].iter_rows(min_row=4)]
    assert column.count("skjult") == hidden


def test_every_part_of_the_report_is_in_pdf_and_page(words_of, page_of):
    pdf, page = words_of("approved"), as_text(page_of("approved"))
    for text in (
        "Holder vi, hvad vi lovede?",
        "Godkendt af bestyrelsen 11. december 2025, jf. Referat af 11. december 2025, punkt 3 (udgave 2)",
        "Året gik godt.",
        "Kommentar: chefen for helhedsplanen, 3. november 2025",
        "Fund om tidligere år er ikke vist her (1.204); de står på siden Datakvalitet.",
        "Vi har haft to beboervejledere mere end planlagt",
        "Leder af helhedsplanen, 24. oktober 2025",
        "Der afholdes 1500 brobygningssamtaler i beboervejledningen",
        "Egen registrering af vejledninger",
        "Bed kilden om leverancen.",
        "Kendte forhold",
        "Kendt til 31. december 2025",
        "«Før» er rapporten for 2023/24, godkendt 12. december 2024.",
        "Referat af 14. september 2023, punkt 4",
        "Fristen for aktiviteter er flyttet",
        "Vejledninger: senest leveret 10. oktober 2025; opgjort.",
        "Små tal (1–2 personer) og tal, der ville afsløre dem, er skjult. Et tal, der er vist, ændres først",
    ):
        assert text in page, text
        assert text.replace(" ", "") in pdf.replace(" ", "").replace("\N{HYPHEN}", ""), text
