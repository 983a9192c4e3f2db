"""The guides say what is so: their code runs, what they name is published, their figures are the sample's."""

import csv
import io
import operator
import re
from contextlib import redirect_stdout

import pytest
from openpyxl import load_workbook

from publish.contract import SCHEMAS, Contract
from publish.postgres.loading import load
from publish.postgres.server import start
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import LABELS_DA, ValueState
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

GUIDES = PROJECT_ROOT / "docs" / "guides"
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
NAMED = ("powerbi", "excel", "superset", "notebooks")
OF_TABLES = ("powerbi", "notebooks")
"""Guides whose words in backticks are names of the contract; the others name headings of sheets and settings."""

FIGURE = (
    "select value, value_state, target_status from marts.fct_figure where indicator_id = ? and area_id = ? "
    "and year_kind = 'agreement' and year = 2024"
)


@pytest.fixture(scope="module")
def publication(sample_night):
    return sample_night[1].publication


@pytest.fixture(scope="module")
def contract(publication):
    return Contract.of_publication(publication)


def test_the_code_of_the_notebook_guide_prints_what_it_says(publication, tmp_path, monkeypatch):
    (tmp_path / "data" / "published").mkdir(parents=True)
    (tmp_path / "data" / "published" / "current").symlink_to(publication)
    monkeypatch.chdir(tmp_path)
    blocks = CODE.findall((GUIDES / "notebooks.md").read_text())
    assert len(blocks) > 4
    names: dict[str, object] = {}
    with start(Paths(tmp_path)) as server:
        load(server.admin_url, publication)
        monkeypatch.setenv("OMRAADETAL_BI_URL", server.bi_url)
        for block in blocks:
            promised = re.findall(r"^# > (.*)$", block, re.MULTILINE)
            printed = io.StringIO()
            with redirect_stdout(printed):
                exec(block, names)  # noqa: S102 - our own guide
            assert [line.split() for line in printed.getvalue().splitlines()] == [one.split() for one in promised], (
                block
            )


def guide_text(guide: str) -> str:
    return (GUIDES / f"{guide}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", NAMED)
def test_every_table_that_a_guide_names_is_published(guide, contract):
    known = {table.full_name for table in contract.tables}
    named = set(re.findall(r"\b(?:marts|quality|curated)\.\w+", guide_text(guide))) - {"marts.md"}
    assert named <= known
    assert named or guide not in OF_TABLES


@pytest.mark.parametrize("guide", OF_TABLES)
def test_every_name_in_backticks_is_of_the_contract_or_a_closed_list(guide, contract, publication):
    with reading(publication / PUBLICATION_FILE) as connection:
        areas = {area for (area,) in connection.execute("select area_id from marts.dim_area").fetchall()}
    known = areas | {column.name for table in contract.tables for column in table.columns}
    known |= {table.name for table in contract.tables} | {table.schema_name for table in contract.tables}
    known |= {str(word) for words in LABELS_DA.values() for word in words} | {"omraadetal"}
    known |= {f"{table.name}.{column.name}" for table in contract.tables for column in table.columns}
    prose = re.sub(r"```.*?```", "", guide_text(guide), flags=re.DOTALL)
    named = {word for word in re.findall(r"`([a-z_0-9]+(?:\.[a-z_0-9]+)?)`", prose)}
    assert len(named) > 5
    assert {word for word in named - known if word.partition(".")[0] not in SCHEMAS} == set()


@pytest.mark.parametrize("guide", NAMED)
def test_every_file_that_a_guide_names_lies_in_the_publication(guide, publication):
    named = re.findall(r"data[\\/]published[\\/]current[\\/]([\w.\\/]+)", guide_text(guide))
    for name in named:
        assert (publication / name.replace("\\", "/")).exists(), name
    assert named or guide == "superset"


def test_the_relations_of_the_power_bi_guide_are_those_of_the_contract_and_hold(contract, publication):
    relations = re.findall(r"\| `(\S+)` \| `(\w+)` \| `(\S+)` \| `(\w+)` \|", guide_text("powerbi"))
    figure = next(table for table in contract.tables if table.full_name == "marts.fct_figure")
    promised = {(figure.full_name, *one.columns, one.table, *one.to_columns) for one in figure.references}
    assert set(relations) == promised
    with reading(publication / PUBLICATION_FILE) as connection:
        for many, own, one, key in relations:
            assert connection.execute(f"select count(*) = count(distinct {key}) from {one}").fetchone()[0]
            assert not connection.execute(
                f"select 1 from {many} anti join {one} on {many}.{own} = {one}.{key}"
            ).fetchall()


def test_the_measures_of_the_power_bi_guide_name_columns_and_every_state(contract):
    (code,) = re.findall(r"```dax\n(.*?)```", guide_text("powerbi"), re.DOTALL)
    columns = {(table.name, column.name) for table in contract.tables for column in table.columns}
    named = set(re.findall(r"(\w+)\[(\w+)\]", code))
    assert named
    assert named <= columns
    assert set(re.findall(r'^ +"(\w+)", ', code, re.MULTILINE)) == set(ValueState)
    assert code.count("(") == code.count(")")


def test_the_figures_to_try_are_the_samples_in_every_guide(publication):
    with reading(publication / PUBLICATION_FILE) as connection:
        talks = connection.execute(FIGURE, ["brobygningssamtaler", "alle_omraader"]).fetchall()
        children = connection.execute(FIGURE, ["boern_i_boernedemokrati", "motalavej"]).fetchall()
    assert talks == [(1663, "observed", "reached")]
    assert [(value, state) for value, state, _ in children] == [(None, "suppressed")]
    for guide in NAMED:
        assert re.search(r"1\.?663", guide_text(guide)), guide


def test_areas_added_up_are_not_the_areas_together(publication):
    """The wrong sum that the guides warn of, and the right figure."""
    with reading(publication / PUBLICATION_FILE) as connection:
        areas = ("ringparken", "sydbyen", "motalavej", "alle_omraader")
        figures = [connection.execute(FIGURE, ["stoerre_aktiviteter", area]).fetchone()[0] for area in areas]
    *each, together = figures
    for guide in ("powerbi", "excel"):
        assert f"tilsammen {sum(each):.0f}; der var {together:.0f}." in guide_text(guide).replace("\n", " ")


def test_the_sheets_and_columns_of_the_excel_guide_are_there(publication):
    text = guide_text("excel")
    book = load_workbook(publication / "excel" / "omraadetal_2024.xlsx", read_only=True)
    assert re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:] == book.sheetnames
    heading, *rows = book["Data"].iter_rows(values_only=True)
    flags = next(row for row in book["Forbehold"].iter_rows(values_only=True))
    named = {word for word in re.findall(r"`([A-ZÆØÅ][a-zæøå ]+)`", text)}
    assert len(named) > 5
    assert named <= {*heading, *flags}
    place = operator.itemgetter(*(heading.index(name) for name in ("Indikator", "Område", "År")))
    shown = {place(row): dict(zip(heading, row, strict=True)) for row in rows}
    talks = shown["Brobygningssamtaler i beboervejledningen", "Boligområder samlet set", "2024/25"]
    assert (talks["Værdi"], talks["Målstatus"]) == (1663, "nået")
    hidden = shown["Børn i forløb om børnedemokrati", "Motalavej", "2024/25"]
    assert (hidden["Værdi"], hidden["Tilstand"]) == (None, "skjult af hensyn til fortrolighed")


def test_the_states_that_the_excel_guide_explains_are_worded_as_in_the_workbook():
    labels = set(LABELS_DA["value_state"].values()) - {"opgjort", "ufuldstændig"}
    assert all(f"«{label}»" in guide_text("excel") for label in labels)


def test_the_columns_of_the_csv_that_the_excel_guide_names_are_there(publication):
    with (publication / "csv" / "curated_tabel_1_maal.csv").open(encoding="utf-8-sig", newline="") as file:
        heading = next(csv.reader(file, delimiter=";"))
    assert {"resultat", "maal", "status", "tilstand"} <= set(heading)
