"""One publication, read from every form that it has: PostgreSQL, Parquet, DuckDB, CSV, Excel, the report's three."""

import csv
import re
from io import StringIO

import psycopg
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from publish.postgres.loading import load
from publish.postgres.server import start
from publish.report.cells import STATES
from publish.report.reading import read_report
from tests.publish.report.test_figures_agree import as_text
from vocabulary.states import LABELS_DA, YearKind
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

AGREEMENT = "sammenhaengskraft_og_medborgerskab"
KEY = ("agreement_id", "indicator_id", "area_id", "year_kind", "year")
COLUMNS = (*KEY, "value", "value_state", "ci_low", "ci_high", "n", "target_value", "target_status")
MART = f"select {', '.join(COLUMNS)} from marts.indicator_by_area_year"


@pytest.fixture(scope="module")
def publication(sample_night):
    return sample_night[1].publication


@pytest.fixture(scope="module")
def figures(publication):
    """Every figure of the DuckDB file by its key: what all others are held against."""
    with reading(publication / PUBLICATION_FILE) as connection:
        found = by_key(connection.execute(MART).fetchall())
    assert len(found) > 300 and {row[1] for row in found.values()} >= {"observed", "missing", "suppressed", "not_due"}
    return found


@pytest.fixture(scope="module")
def names(publication):
    """Ids by the names that a reader sees: of indicators, areas and years."""
    with reading(publication / PUBLICATION_FILE) as connection:
        return {
            kind: dict(connection.execute(query).fetchall())
            for kind, query in {
                "indicator": "select indicator_name, indicator_id from marts.dim_indicator",
                "area": "select area_name, area_id from marts.dim_area",
                "year": "select year_label, year_key from marts.dim_year",
            }.items()
        }


@pytest.fixture(scope="module")
def report(publication):
    with reading(publication / PUBLICATION_FILE) as connection:
        return read_report(connection, AGREEMENT, YearKind.AGREEMENT, 2024)


def by_key(rows):
    return {tuple(row[: len(KEY)]): tuple(row[len(KEY) :]) for row in rows}


def test_postgresql_has_them_all(publication, figures, tmp_path):
    with start(Paths(tmp_path)) as server:
        load(server.admin_url, publication)
        with psycopg.connect(server.bi_url) as connection:
            assert by_key(connection.execute(MART).fetchall()) == figures


def test_parquet_has_them_all(publication, figures):
    table = pq.read_table(publication / "parquet" / "marts" / "indicator_by_area_year.parquet", columns=list(COLUMNS))
    assert by_key(tuple(row[name] for name in COLUMNS) for row in table.to_pylist()) == figures


def test_csv_for_a_danish_excel_has_them_all(publication, figures):
    text = (publication / "csv" / "marts_indicator_by_area_year.csv").read_text(encoding="utf-8-sig")
    number = {"year": int, "n": int} | dict.fromkeys(("value", "ci_low", "ci_high", "target_value"), float)
    rows = [
        tuple(
            number.get(name, str)(row[name].replace(",", ".") if name in number else row[name]) if row[name] else None
            for name in COLUMNS
        )
        for row in csv.DictReader(StringIO(text), delimiter=";")
    ]
    assert by_key(rows) == figures


def test_the_workbooks_of_the_years_have_them_all(publication, figures):
    found = {}
    for path in (publication / "excel").glob("*.xlsx"):
        heading, *rows = load_workbook(path, read_only=True)["Data"].iter_rows(values_only=True)
        for row in rows:
            one = dict(zip(heading, row, strict=True))
            agreement_id, indicator_id = one["indicator_key"].split(".")
            kind, year = one["year_key"].split("-")
            key = (agreement_id, indicator_id, one["area_id"], kind, int(year))
            assert key not in found, "a figure stands in one workbook"
            found[key] = (one["Værdi"], STATES[one["Tilstand"]], one["Nedre grænse"], one["Øvre grænse"])
    wanted = {key: row[:4] for key, row in figures.items()}
    assert found.keys() == wanted.keys()
    for key, row in found.items():
        assert row == pytest.approx(wanted[key]), key  # Excel keeps 15 digits


def shown(report, names):
    """Each cell of the report's tables with the key of its figure."""
    for section in (*report.sections, *report.context):
        for row in section.table.rows:
            for label, cell in zip(section.table.years, row.cells, strict=True):
                kind, year = names["year"][label].split("-")
                if cell.state:
                    key = (AGREEMENT, section.indicator_id, names["area"][row.area], kind, int(year))
                    yield section.name, row.area, label, key, cell


def test_the_report_is_made_of_them(report, figures, names):
    cells = list(shown(report, names))
    assert len(cells) > 150
    for _, _, _, key, cell in cells:
        value, state, *_ = figures[key]
        assert (cell.value, cell.state) == (value, LABELS_DA["value_state"][state]), key
    for promise in report.promises:
        kind, year = names["year"][promise.year_label].split("-")
        key = (AGREEMENT, promise.indicator_id, names["area"][promise.area], kind, int(year))
        assert promise.figure.value == figures[key][0]
        assert promise.target is None or promise.status.text == LABELS_DA["target_status"][figures[key][6]]


def test_the_annex_has_the_reports_figures_at_their_place(publication, report, figures, names):
    book = load_workbook(publication / "report" / "rapport.xlsx")
    rows = {}
    for sheet in ("Områder", "Rammer"):
        for row in book[sheet].iter_rows(min_row=4, values_only=True):
            rows[row[:3]] = row[3]
    for name, area, label, key, cell in shown(report, names):
        found = rows[(name, area, label)]
        assert found == pytest.approx(figures[key][0]) if cell.value is not None else found == cell.text


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_pdf_and_page_have_them_in_the_row_of_their_area(publication, report, form):
    path = publication / "report" / f"rapport.{form}"
    if form == "pdf":
        words = " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())
        words = words.replace("\N{ZERO WIDTH SPACE}", "")
    else:
        words = as_text(path.read_text())
    for section in (*report.sections, *report.context):
        for row in section.table.rows:
            written = [
                re.escape(cell.text)
                + (r"(?: ‡)?" if cell.is_partial else "")
                + (rf"\s?{cell.note}" if cell.note else "")
                + (rf"\s?{re.escape(cell.detail)}" if cell.detail else "")
                for cell in row.cells
                if cell.text
            ]
            pattern = r"\s+".join([re.escape(row.area), *written])
            assert re.search(pattern, words), f"{section.name}, {row.area} is not in the {form} as it should be"
