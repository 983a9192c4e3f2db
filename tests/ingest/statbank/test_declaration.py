"""What the shipped descriptor asks StatBank for, and what `fetch` does not touch."""

import re

import pytest

from agreements.areas import read_areas
from ingest.context import Context
from ingest.descriptor import read_descriptors
from ingest.erasure_list import NOBODY
from ingest.left_out import LeftOut
from ingest.statbank.declaration import Choice, Fetch, FetchedTable
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT

SOURCES = PROJECT_ROOT / "ingest" / "sources"


@pytest.fixture(scope="module")
def statbank():
    return read_descriptors(SOURCES)["statbank"]


def test_what_is_asked_for_is_read_as_the_dataset_of_its_name(statbank):
    for table in statbank.fetch.tables:
        for part in ("", "2008K1-2012K4", "2008-2012_2"):
            name = statbank.fetch.model_copy(update={"format": "XLSX"}).file_name(table.table, part)
            assert {layout.dataset for layout in statbank.layouts_for(name)} == {table.table}, name


def test_the_readings_do_not_depend_on_what_is_asked_for(statbank):
    areas = read_areas(PROJECT_ROOT / "agreements")
    other = statbank.model_copy(update={"fetch": None})
    assert other != statbank
    one, two = (
        Context(descriptor, areas, None, None, (), LeftOut("statbank", NOBODY)).reading_id("f" * 16, "RAS200.xlsx")
        for descriptor in (statbank, other)
    )
    assert one == two


def test_a_fault_in_it_is_told_by_file_line_and_key(tmp_path):
    text = (SOURCES / "statbank.yaml").read_text().replace("lang: en", "lang: sv", 1)
    (tmp_path / "statbank.yaml").write_text(text)
    line = text.splitlines().index("  lang: sv") + 1
    with pytest.raises(DefinitionInvalid, match=rf"statbank\.yaml, line {line}, fetch\.lang:"):
        read_descriptors(tmp_path)


@pytest.mark.parametrize("model", [Fetch, FetchedTable, Choice])
def test_the_guide_names_everything_that_fetch_may_say(model):
    guide = (PROJECT_ROOT / "docs" / "statbank.md").read_text()
    assert [key for key in model.model_fields if not re.search(rf"`{key}[`:]|\b{key}:", guide)] == []
