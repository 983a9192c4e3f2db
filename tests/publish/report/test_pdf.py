"""The PDF: accessible by its own word, whole on its pages, and never in another typeface."""

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from publish.report import fonts
from publish.report.charts import chart_svg
from publish.report.pdf import render_pdf, table_parts
from tests.publish.report.nasty import MARKUP
from tests.publish.report.sample import sample_report
from vocabulary.errors import FontsMissing

A4 = (595.27, 841.89)
MARGIN = 60
"""Points that stay free at the sides; the page's margins are 65."""


def reader(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def tags(node, found: list[str]) -> list[str]:
    """The structure of a tagged PDF, as the names of its elements in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            tags(one, found)
    elif hasattr(node, "get") and "/S" in node:
        found.append(str(node["/S"]).removeprefix("/"))
        if "/Alt" in node:
            found.append(f"alt:{node['/Alt']}")
        if "/K" in node:
            tags(node["/K"], found)
    return found


@pytest.fixture(scope="module")
def sample(pdf_of):
    return reader(pdf_of("sample_report"))


def test_it_declares_language_title_tags_and_pdf_ua(sample):
    root = sample.trailer["/Root"]
    assert root["/Lang"] == "da"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert sample.metadata.title == "Årsrapport 2024/25, Delaftale for indsatsområdet Sammenhængskraft og medborgerskab"
    assert sample.metadata.author == "En Fælles Indsats"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_headings_tables_and_charts_are_tagged(sample):
    found = tags(sample.trailer["/Root"]["/StructTreeRoot"]["/K"], [])
    report = sample_report()
    charts = [section.chart for section in (*report.sections, *report.context)]
    assert {"H1", "H2", "Table", "TH", "TD", "Figure", "L", "Link"} <= set(found)
    assert [tag for tag in found if tag.startswith("alt:")] == [f"alt:{chart.alt}" for chart in charts]
    assert found.count("Table") >= 1 + len(charts)


def test_bookmarks_name_each_part_and_indicator(sample):
    def titles(entries):
        return [title for entry in entries for title in (titles(entry) if isinstance(entry, list) else [entry.title])]

    named = titles(sample.outline)
    assert named[0] == "Holder vi, hvad vi lovede?" and named[-1] == "Sådan læses rapporten"
    assert {section.name for section in sample_report().sections} <= set(named)


def test_the_first_page_answers_the_question(sample):
    first = " ".join(sample.pages[0].extract_text().split())
    assert "Holder vi, hvad vi lovede?" in first and f"Side 1 af {len(sample.pages)}" in first
    assert all(promise.figure.text in first and promise.status.text in first for promise in sample_report().promises)
    assert "Indikatorerne én for én" not in first


def test_only_the_typeface_of_the_report_is_used_and_embedded(case, pdf_of):
    names = set()
    for page in reader(pdf_of(case)).pages:
        holders = [page["/Resources"]]
        for holder in holders:
            holders += [
                form["/Resources"] for form in holder.get("/XObject", {}).values() if "/Resources" in form.get_object()
            ]
            for font in holder.get("/Font", {}).values():
                descendant = font["/DescendantFonts"][0]
                names.add(str(font["/BaseFont"]))
                assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])
    assert names and all(re.fullmatch(r"/[A-Z]{6}\+SourceSansPro-\w+(-Identity-H)?", name) for name in names), names


def test_nothing_is_set_beyond_the_margins(case, pdf_of):
    for number, page in enumerate(reader(pdf_of(case)).pages, 1):
        assert tuple(round(float(side), 2) for side in page.mediabox[2:]) == pytest.approx(A4, abs=0.02)
        runs = []

        def placed(text, matrix, text_matrix, font, size, runs=runs):
            if text.strip():
                a, b, c, d, e, f = matrix
                x, y = (text_matrix[4] * a + text_matrix[5] * c + e, text_matrix[4] * b + text_matrix[5] * d + f)
                # a third of an em for each letter is less than any word takes; text that stands upright has no width
                width = 0.33 * size * abs(a * text_matrix[0] + c * text_matrix[1]) * max(map(len, text.split("\n")))
                runs.append((x, y, width, text))

        page.extract_text(visitor_text=placed)
        assert runs
        for x, y, least_width, text in runs:
            assert x > MARGIN and x + least_width < A4[0] - MARGIN + 6, f"page {number}: {text!r} at {x}"
            assert 25 < y < A4[1] - 25, f"page {number}: {text!r} at height {y}"


def test_delivered_text_is_text(words_of):
    squeezed = words_of("markup").replace(" ", "").replace("\N{HYPHEN}", "")
    assert squeezed.count(MARKUP.replace(" ", "")) >= 8


def test_what_the_typeface_lacks_is_a_question_mark_and_no_empty_box(words_of):
    assert "Ağrı, Łódź, Москва, Αθήνα, ?? ? ??????? å -" in words_of("foreign")


def test_equal_reports_give_equal_bytes(pdf_of):
    chart_svg.cache_clear()
    assert render_pdf(sample_report()) == pdf_of("sample_report")


def test_a_missing_cut_of_the_typeface_is_an_error_that_names_the_package(tmp_path, monkeypatch):
    package = tmp_path / "font_source_sans_pro"
    shutil.copytree(fonts.font_directory(), package / "files")
    (package / "__init__.py").touch()
    (package / "files" / "SourceSansPro-Bold.ttf").unlink()
    monkeypatch.setattr(fonts, "find_spec", lambda name: type("Spec", (), {"origin": str(package / "__init__.py")}))
    with pytest.raises(FontsMissing, match=r"missing: Bold.*font-source-sans-pro") as raised:
        render_pdf(sample_report())
    assert raised.value.exit_code == 4
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with pytest.raises(FontsMissing, match="Regular, Semibold, Bold"):
        render_pdf(sample_report())


def test_wide_tables_are_cut_into_parts_that_hold_every_year_once():
    cell = {"text": "1.234.567", "note": "a", "detail": None}
    years = [str(2000 + year) for year in range(15)]
    parts = table_parts({"years": years, "rows": [{"area": "Ringparken", "cells": [cell] * 15}]})
    assert [column for part in parts for column in part["columns"]] == list(range(15))
    assert 1 < len(parts) <= 3 and max(len(part["columns"]) for part in parts) <= 8
    assert parts[0]["caption"].startswith(", 2000 til 20")
    alone = table_parts({"years": years[:4], "rows": [{"area": "Ringparken", "cells": [cell] * 4}]})
    assert alone == [{"columns": [0, 1, 2, 3], "caption": ""}]


def test_a_table_wider_than_the_page_in_one_column_still_ends():
    cell = {"text": "9" * 400, "note": None, "detail": None}
    assert len(table_parts({"years": ["1", "2"], "rows": [{"area": "A" * 500, "cells": [cell] * 2}]})) == 2


def test_fonts_are_found_beside_their_package():
    assert Path(fonts.font_directory() / "SourceSansPro-Regular.ttf").is_file()
    shown = fonts.shown_characters(fonts.font_directory())
    assert {ord(letter) for letter in "æøåÆØÅ«»–‡−"} <= shown and not {ord("東"), ord("●")} & shown
