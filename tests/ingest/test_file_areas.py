"""A source that delivers one file per area: the area stands in the file's name."""

import unicodedata

import pytest

from agreements.areas import Area, AreaList, read_areas
from ingest.context import Context
from ingest.descriptor import Descriptor, read_descriptors
from ingest.erasure_list import NOBODY
from ingest.file_areas import areas_in
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import AreaLevel

SOURCES = PROJECT_ROOT / "ingest" / "sources"
HEAD = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"


def row(person, area="Ringparken"):
    return f"Børnedemokrati;{person};15-06-2010;{area};14-06-2022;;3\n"


def contexts(**changed) -> Context:
    document = read_descriptors(SOURCES)["forloeb_deltagere"].model_dump(by_alias=True)
    descriptor = Descriptor.model_validate(document | {"one_file_per": "area"} | changed)
    return Context(
        descriptor,
        read_areas(PROJECT_ROOT / "agreements"),
        None,
        PseudonymKey(b"x" * 32, "the test"),
        (),
        LeftOut(descriptor.source_id, NOBODY),
    )


@pytest.fixture(scope="module")
def per_area():
    return contexts()


@pytest.fixture(scope="module")
def areas():
    return read_areas(PROJECT_ROOT / "agreements")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("forloeb_Ringparken_2022.csv", ["ringparken"]),
        ("2022 SYDBYEN.csv", ["sydbyen"]),
        (unicodedata.normalize("NFD", "forløb-motalavej, korsør-2022.csv"), ["motalavej"]),
        ("parkvej2022.csv", []),
        ("Ringparkens forløb 2022.csv", []),
        ("forloeb_2022.csv", []),
        ("slagelse_2022.csv", []),
        ("alle_2022.csv", []),
        ("Ringparken og Sydbyen 2022.csv", ["ringparken", "sydbyen"]),
        ("Ringparken, Slagelse (Ringparken) 2022.csv", ["ringparken"]),
    ],
)
def test_an_area_is_named_by_a_whole_word(areas, name, found):
    assert areas_in(name, areas) == found


def test_a_name_that_is_part_of_a_longer_one_is_not_meant_by_it():
    both = AreaList(
        areas=(
            Area(area_id="park", name="Parken", level=AreaLevel.AREA),
            Area(area_id="park_nord", name="Parken Nord", level=AreaLevel.AREA),
        )
    )
    assert areas_in("parken_nord_2022.csv", both) == ["park_nord"]
    assert areas_in("parken_nord_og_parken_2022.csv", both) == ["park", "park_nord"]


@pytest.mark.parametrize("name", ["forloeb_2022.csv", "Ringparken_Sydbyen_2022.csv"])
def test_a_file_whose_area_is_not_told_is_refused(read_in, per_area, name):
    with pytest.raises(FileRefused, match="the file name holds") as caught:
        read_in((HEAD + row("D1")).encode(), name, per_area)
    assert caught.value.facts["reason"] is FileReason.UNKNOWN_AREA_IN_NAME


def test_periods_carry_the_area_and_rows_of_another_are_quarantined(read_in, per_area):
    content = HEAD + row("D1") + row("D2", "Sydbyen") + row("D3", "") + row("D4", "Ringparken, Slagelse")
    reading = read_in(content.encode(), "forloeb_ringparken_2022.csv", per_area)
    assert [(period.label, period.area_id) for period in reading.periods] == [("2022", "ringparken")]
    assert reading.raw["area"].tolist() == ["ringparken", "ringparken"]
    refused = reading.refused[["_row_number", "reason_code", "column"]]
    assert refused.values.tolist() == [[3, "unknown_area", "area"], [4, "unknown_area", "area"]]


def test_the_name_gives_the_area_of_every_row_where_the_file_has_no_such_column(read_in):
    (layout,) = read_descriptors(SOURCES)["forloeb_deltagere"].model_dump(by_alias=True)["layouts"]
    headings = {name: spelt for name, spelt in layout["headings"].items() if name != "area"}
    context = contexts(layouts=[layout | {"headings": headings}])
    content = HEAD.replace("Boligområde;", "") + row("D1").replace("Ringparken;", "")
    assert read_in(content.encode(), "forloeb_sydbyen_2022.csv", context).raw["area"].tolist() == ["sydbyen"]


def test_a_row_of_several_areas_belongs_in_the_file_of_each(read_in):
    document = read_descriptors(SOURCES)["forloeb_deltagere"].model_dump(by_alias=True)
    columns = document["columns"] | {"area": document["columns"]["area"] | {"type": "areas"}}
    content = HEAD + row("D1", "Sydbyen og Ringparken") + row("D2", "Alle") + row("D3", "Sydbyen og Parkvej")
    reading = read_in(content.encode(), "forloeb_ringparken_2022.csv", contexts(columns=columns))
    assert reading.raw["area"].tolist() == ["ringparken;sydbyen", "alle_omraader"]


def test_a_file_under_the_name_of_another_area_is_another_reading(per_area):
    one = per_area.reading_id("f" * 16, "forloeb_ringparken_2022.csv")
    assert one == per_area.reading_id("f" * 16, "forloeb_Ringparken_2022 - kopi.csv")
    assert one != per_area.reading_id("f" * 16, "forloeb_sydbyen_2022.csv")


def test_sources_without_one_file_per_area_ask_nothing_of_the_name(read):
    reading = read("forloeb_deltagere", "forloeb_sydbyen_2022.csv", HEAD + row("D1") + row("D2", "Sydbyen"))
    assert reading.raw["area"].tolist() == ["ringparken", "sydbyen"]
    assert [period.area_id for period in reading.periods] == [None]
