"""The workbooks of each year, opened again: every figure is there, what is absent is a word, and nothing runs."""

import shutil
from datetime import date
from zipfile import ZipFile

import duckdb
import openpyxl
import pytest

from publish.files import workbooks
from publish.files.sheets import Column, Marked, Sheets
from publish.files.workbooks import write_year_workbooks
from vocabulary.states import LABELS_DA, ValueState
from warehouse.connections import reading, writing
from warehouse.paths import PUBLICATION_FILE

TOTAL = "Boligområder samlet set"
SHEETS = ["Data", "Pivot", "Forbehold", "Definitioner", "Læsevejledning"]
FIGURES = """
    select indicator_key, area_id, year_key, value, value_state, ci_low, target_value, flag_count
    from marts.fct_figure where year = ?
"""


@pytest.fixture
def folder(sample_night, tmp_path):
    """The sample's publication, to change."""
    return shutil.copytree(sample_night[1].publication, tmp_path / "publication")


@pytest.fixture(scope="module")
def written(sample_night, tmp_path_factory):
    folder = shutil.copytree(sample_night[1].publication, tmp_path_factory.mktemp("excel") / "publication")
    return folder, {path.name: path for path in write_year_workbooks(folder)}


def rows_of(path, sheet):
    heading, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    if heading[1] is None:  # a hint and an empty line stand above the table
        heading, *rows = rows[1:]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_there_is_a_workbook_for_each_year_that_has_figures(written):
    folder, paths = written
    with reading(folder / PUBLICATION_FILE) as connection:
        years = [year for (year,) in connection.execute("select distinct year from marts.fct_figure").fetchall()]
    assert set(paths) == {f"omraadetal_{year}.xlsx" for year in years}
    assert {path.name for path in (folder / "excel").iterdir()} == set(paths)
    assert openpyxl.load_workbook(paths["omraadetal_2024.xlsx"]).sheetnames == SHEETS


def test_every_figure_of_every_year_is_in_the_tidy_sheet_as_it_is_published(written):
    folder, paths = written
    with reading(folder / PUBLICATION_FILE) as connection:
        for path in paths.values():
            year = int(path.stem.rpartition("_")[2])
            published = connection.execute(FIGURES, [year]).fetchall()
            found = {(row["indicator_key"], row["area_id"], row["year_key"]): row for row in rows_of(path, "Data")}
            assert len(found) == len(published)
            for *key, value, state, ci_low, target_value, flag_count in published:
                row = found[tuple(key)]
                assert row["Tilstand"] == LABELS_DA["value_state"][state]
                numbers = [row["Værdi"], row["Nedre grænse"], row["Mål"], row["Forbehold"]]
                for shown, number in zip(numbers, (value, ci_low, target_value, flag_count), strict=True):
                    # a workbook keeps 16 digits
                    assert shown == (None if number is None else pytest.approx(number, rel=1e-14))


def test_a_hidden_figure_is_an_empty_cell_and_a_word(written):
    _, paths = written
    hidden = [
        row
        for row in rows_of(paths["omraadetal_2024.xlsx"], "Data")
        if row["Tilstand"] == LABELS_DA["value_state"][ValueState.SUPPRESSED]
    ]
    assert hidden and all(row["Værdi"] is None for row in hidden)
    [ringparken] = [
        row
        for row in rows_of(paths["omraadetal_2024.xlsx"], "Pivot")
        if (row["Område"], row["År"]) == ("Ringparken", "2024/25")
    ]
    assert ringparken["Børn i forløb om børnedemokrati (personer)"] == "skjult"


def test_the_cross_table_has_the_figures_of_the_sample(written):
    _, paths = written
    sheet = openpyxl.load_workbook(paths["omraadetal_2024.xlsx"])["Pivot"]
    headings = [cell.value for cell in sheet[3]]
    at = headings.index("Brobygningssamtaler i beboervejledningen (antal)")
    [row] = [row for row in sheet.iter_rows(min_row=4) if [c.value for c in row[1:4]][::2] == [TOTAL, "2024/25"]]
    assert row[at].value == 1663
    assert row[at].number_format == "#,##0"


def test_both_tables_are_tables_and_can_be_filtered(written):
    book = openpyxl.load_workbook(written[1]["omraadetal_2024.xlsx"])
    assert all(book[name].tables for name in SHEETS[:-1])
    assert book["Data"].freeze_panes == "A2"


def test_who_must_act_is_named_as_in_the_report_of_the_board(written):
    folder, paths = written
    rows = rows_of(paths["omraadetal_2020.xlsx"], "Forbehold")
    with reading(folder / PUBLICATION_FILE) as connection:
        told = connection.execute(
            "select besked, ansvarlig from curated.tabel_5_forbehold where coalesce(year, 2020) = 2020"
        ).fetchall()
    assert sorted((row["Hvad"], row["Hvem skal handle"]) for row in rows) == sorted(told)
    [missing] = [row for row in rows if row["Forbehold"] == "Tal mangler" and "Motalavej" in row["Hvad"]]
    assert missing["Hvem skal handle"] == "Landsbyggefonden"


def test_the_same_publication_gives_the_same_bytes(written):
    folder, paths = written
    before = {name: path.read_bytes() for name, path in paths.items()}
    assert {path.name: path.read_bytes() for path in write_year_workbooks(folder)} == before


def test_delivered_text_is_no_formula(folder):
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute("update curated.tabel_5_forbehold set besked = '=HYPERLINK(\"http://x\")'")
        connection.execute("update marts.dim_area set area_name = '@SUM(1)' where area_id = 'sydbyen'")
        connection.execute("update marts.dim_indicator set definition_da = 'http://x', quote = '-1+1'")
    path = write_year_workbooks(folder)[-1]
    with ZipFile(path) as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name) or "hyperlink" in name]
    assert {row["Hvad"] for row in rows_of(path, "Forbehold")} == {'\'=HYPERLINK("http://x")'}
    assert "'@SUM(1)" in {row["Område"] for row in rows_of(path, "Data")}
    assert {row["Delaftalens ord"] for row in rows_of(path, "Definitioner")} == {"'-1+1"}


def test_incomplete_and_partial_figures_carry_their_signs(folder):
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute(
            "update marts.fct_figure set value_state = 'incomplete', is_partial_year = true where value = 1663"
        )
    path = {path.name: path for path in write_year_workbooks(folder)}["omraadetal_2024.xlsx"]
    [cell] = [cell for row in openpyxl.load_workbook(path)["Pivot"].iter_rows() for cell in row if cell.value == 1663]
    assert cell.number_format == '#,##0"*‡"'


def test_a_year_with_many_figures_is_streamed_and_the_same(written, folder, monkeypatch):
    monkeypatch.setattr(workbooks, "TABLE_ROWS", 3)
    path = {path.name: path for path in write_year_workbooks(folder)}["omraadetal_2024.xlsx"]
    for sheet in SHEETS[:-1]:
        assert rows_of(path, sheet) == rows_of(written[1][path.name], sheet)
    assert not openpyxl.load_workbook(path)["Data"].tables


def test_what_a_sheet_cannot_hold_goes_on_in_the_next(tmp_path):
    path = tmp_path / "stor.xlsx"
    sheets = Sheets(path, title="Stor", made_on=date(2025, 11, 1), is_streamed=False)
    sheets.table("Data", [Column("n"), Column("v")], ((n, Marked(n / 2, 1)) for n in range(7)), last_row=4)
    sheets.close()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Data", "Data 2", "Data 3"]
    assert [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)] == list(range(7))
    assert all(sheet["A1"].value == "n" for sheet in book)


def test_without_figures_there_is_no_workbook(folder):
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute("delete from marts.fct_figure")
    assert write_year_workbooks(folder) == []


def test_a_workbook_that_cannot_be_made_leaves_the_one_that_was_there(folder):
    path = write_year_workbooks(folder)[-1]
    before = path.read_bytes()
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute("drop table curated.tabel_5_forbehold")
    with pytest.raises(duckdb.CatalogException, match="tabel_5_forbehold"):
        write_year_workbooks(folder)
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".*"))
