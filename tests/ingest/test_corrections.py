"""Known source errors as data: what can be meant is read, anything else is refused with file, line and id."""

import re
from datetime import date

import pytest
import yaml

from ingest.corrections import read_corrections
from ingest.descriptor import read_descriptors
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT, Settings

DESCRIPTORS = read_descriptors(PROJECT_ROOT / "ingest" / "sources")
README = PROJECT_ROOT / "ingest" / "corrections" / "README.md"

RECORD = """corrections:
  - correction_id: session_4711
    where: {session_id: "4711"}
    column: duration_minutes
    expect: "750"
    value: "75"
    reason: A digit too many.
    decided_by: head of the programme
    decided_on: 2024-02-01
"""
CELL = """corrections:
  - correction_id: residents_2021
    dataset: beboere
    where: {measure: Beboere i alt, area: motalavej}
    column: value
    year: "2021"
    expect: "1407"
    value: "1047"
    reason: Two digits changed places.
    decided_by: head of the programme
    decided_on: 2022-03-01
"""


@pytest.fixture
def corrected(tmp_path):
    def read(**files):
        for source_id, text in files.items():
            (tmp_path / f"{source_id}.yaml").write_text(text)
        return read_corrections(tmp_path, DESCRIPTORS)

    return read


def test_a_record_and_a_cell_are_read_with_their_source(corrected):
    cell, record = corrected(vejledninger=RECORD, beboertal=CELL)
    assert (cell.source_id, cell.dataset, cell.year, cell.where["area"]) == (
        "beboertal",
        "beboere",
        "2021",
        "motalavej",
    )
    assert (record.source_id, record.expect, record.value, record.decided_on) == (
        "vejledninger",
        "750",
        "75",
        date(2024, 2, 1),
    )


def test_blank_may_be_expected_or_put_in(corrected):
    (filled,) = corrected(vejledninger=RECORD.replace('expect: "750"', "expect: null"))
    assert filled.expect is None
    (emptied,) = corrected(vejledninger=RECORD.replace('value: "75"', "value: null"))
    assert emptied.value is None


def test_the_shipped_folder_can_be_read_and_an_empty_one_has_none(corrected):
    assert corrected() == ()
    settings = Settings.from_environment()
    assert isinstance(read_corrections(settings.corrections, DESCRIPTORS), tuple)


def test_the_examples_of_the_readme_are_valid(corrected):
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    found = corrected(vejledninger=blocks[0], beboertal=blocks[1])
    assert [one.source_id for one in found] == ["beboertal", "vejledninger"]


def test_the_folder_may_be_elsewhere_but_must_exist(tmp_path, monkeypatch):
    monkeypatch.setenv("OMRAADETAL_CORRECTIONS", str(tmp_path / "gone"))
    settings = Settings.from_environment()
    with pytest.raises(DefinitionInvalid, match="there is no such folder"):
        read_corrections(settings.corrections, DESCRIPTORS)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('value: "75"', 'value: "750"', "expect and value are the same"),
        ("session_id:", "session:", "no column session"),
        ("column: duration_minutes", "column: minutes", "no column minutes"),
        ("column: duration_minutes", "column: duration_hours", "is drop: only public columns"),
        ("column: duration_minutes", "column: person", "is pseudonymise: only public columns"),
        ("session_id:", "person_name:", "is drop: only public columns"),
        ('where: {session_id: "4711"}', "where: {}", "at least 1 item"),
        ('where: {session_id: "4711"}', 'where: {duration_minutes: "750"}', "where names the corrected column"),
        ('value: "75"', 'value: "7,5"', "«7,5» is no number"),
        ('expect: "750"', 'expect: "1e3"', "«1e3» is no number"),
        ('value: "75"', 'value: ""', "null stands for blank"),
        ('value: "75"', "value: 75", "valid string"),
        ('{session_id: "4711"}', "{met_on: 05-01-2023}", "«05-01-2023» is no date"),
        ('{session_id: "4711"}', "{is_bridged: ja}", "«ja» is no boolean"),
        ('{session_id: "4711"}', "{theme: ring 12 34 56 78}", "theme: a value looks like personal data"),
        ('expect: "750"', 'year: "2023"\n    expect: "750"', "year is for a source with years as columns"),
        ("column: duration_minutes", "column: value", "needs both year and «column: value»"),
        ("reason: A digit too many.", "reason: ''", "at least 1 character"),
        ("decided_on: 2024-02-01", "decided_on: soon", "decided_on"),
        ("decided_by", "approved_by", "approved_by"),
        ("    where", "    dataset: other\n    where", "no dataset «other»"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused(corrected, old, new, problem):
    assert old in RECORD
    with pytest.raises(DefinitionInvalid, match=problem) as caught:
        corrected(vejledninger=RECORD.replace(old, new))
    assert caught.value.facts["file"] == "vejledninger.yaml" and caught.value.facts["line"] >= 2
    assert "12 34" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('    year: "2021"\n', "", "needs both year and «column: value»"),
        ("column: value", "column: area_name", "needs both year and «column: value»"),
        ('year: "2021"', "year: i fjor", "«i fjor» is no year column"),
        ('value: "1047"', "value: mange", "«mange» is no number"),
    ],
)
def test_a_cell_is_named_by_its_year(corrected, old, new, problem):
    with pytest.raises(DefinitionInvalid, match=problem):
        corrected(beboertal=CELL.replace(old, new))


def test_a_cell_may_become_missing_and_a_label_may_be_corrected(corrected):
    (cell,) = corrected(beboertal=CELL.replace('value: "1047"', 'value: ".."'))
    assert cell.value == ".."
    label = yaml.safe_load(CELL)
    label["corrections"][0] |= {"column": "measure", "where": {"area": "motalavej"}, "expect": "Beboer", "value": "B"}
    del label["corrections"][0]["year"]
    (renamed,) = corrected(beboertal=yaml.safe_dump(label))
    assert (renamed.column, renamed.year) == ("measure", None)


def test_one_id_and_one_value_are_corrected_once(corrected):
    with pytest.raises(DefinitionInvalid, match="the id stands twice"):
        corrected(vejledninger=RECORD, beboertal=CELL.replace("residents_2021", "session_4711"))
    again = RECORD + RECORD.replace("corrections:\n", "").replace("session_4711", "once_more").replace('"75"', '"7"')
    with pytest.raises(DefinitionInvalid, match="line 10, once_more: session_4711 corrects the same value"):
        corrected(vejledninger=again, beboertal=CELL)


def test_a_file_of_no_source_is_refused(corrected):
    with pytest.raises(DefinitionInvalid, match="no source has the id «vejledning»"):
        corrected(vejledning=RECORD)
