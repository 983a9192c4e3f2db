"""The guides say what is so: their code runs, what they name is published, their figures are the sample's."""

import io
import re
from contextlib import redirect_stdout

import pytest
from openpyxl import load_workbook

from publish.contract import Contract
from publish.postgres.loading import load
from publish.postgres.server import start
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

GUIDES = PROJECT_ROOT / "docs" / "guides"
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
NAMED = ("powerbi", "excel", "superset", "notebooks")


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


@pytest.mark.parametrize("guide", NAMED)
def test_every_table_that_a_guide_names_is_published(guide, contract):
    known = {table.full_name for table in contract.tables}
    text = (GUIDES / f"{guide}.md").read_text()
    named = set(re.findall(r"\b(?:marts|quality|curated)[.\\](?:dim|fct|tabel|figure|flag|indicator|peer)_?\w*", text))
    assert {name.replace("\\", ".") for name in named} <= known
    assert named or guide == "superset"


def test_the_relations_of_the_power_bi_guide_hold(contract, publication):
    text = (GUIDES / "powerbi.md").read_text()
    relations = re.findall(r"\| `(\S+)` \| `(\w+)` \| `(\S+)` \| `(\w+)` \|", text)
    assert len(relations) == 3
    with reading(publication / PUBLICATION_FILE) as connection:
        for many, own, one, key in relations:
            assert connection.execute(f"select count(*) = count(distinct {key}) from {one}").fetchone()[0]
            assert not connection.execute(
                f"select 1 from {many} anti join {one} on {many}.{own} = {one}.{key}"
            ).fetchall()
    columns = {column.name for table in contract.tables for column in table.columns}
    named = set(re.findall(r"fct_figure\[(\w+)\]", text)) | {"sort_order", "year_label", "besked", "ansvarlig"}
    assert named <= columns


def test_the_figure_to_try_is_the_samples_in_every_guide(publication):
    with reading(publication / PUBLICATION_FILE) as connection:
        (found,) = connection.execute(
            "select value, target_status from marts.fct_figure where indicator_id = 'brobygningssamtaler' "
            "and area_id = 'alle_omraader' and year_kind = 'agreement' and year = 2024"
        ).fetchall()
    assert found == (1663, "reached")
    for guide in NAMED:
        assert re.search(r"1\.?663", (GUIDES / f"{guide}.md").read_text()), guide


def test_the_sheets_and_columns_of_the_excel_guide_are_there(publication):
    text = (GUIDES / "excel.md").read_text()
    book = load_workbook(publication / "excel" / "omraadetal_2024.xlsx", read_only=True)
    assert re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:] == book.sheetnames
    heading = [cell.value for cell in next(book["Data"].iter_rows(max_row=1))]
    assert {"Årstype", "Værdi", "Tilstand", "Målstatus"} <= set(heading)
    assert (publication / "csv" / "marts_indicator_by_area_year.csv").exists()
