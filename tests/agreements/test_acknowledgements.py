"""Acknowledgements as data: what can be meant is read, anything else is refused with file, line and key."""

import re
from datetime import date

import pytest

from agreements.acknowledgements import read_acknowledgements
from agreements.loader import read_agreements
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT

AGREEMENTS = PROJECT_ROOT / "agreements"
README = AGREEMENTS / "acknowledgements" / "README.md"
SOURCES = ("vejledninger", "beboertal")

ONE = """acknowledgements:
  - acknowledgement_id: residents_2020
    flag: missing_figure
    scope:
      agreement: sammenhaengskraft_og_medborgerskab
      indicator: beboertal
      year_kind: calendar
      year: 2020
    observed: null
    reason: The publisher has no table for that year.
    by: head of the programme
    decided_on: 2023-03-10
    until: 2026-03-31
"""


@pytest.fixture
def acknowledged(tmp_path):
    folder = tmp_path / "acknowledgements"
    known = read_agreements(AGREEMENTS)

    def read(**files):
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text)
        return read_acknowledgements(tmp_path, known, SOURCES)

    return read


def test_an_acknowledgement_is_read_with_its_scope(acknowledged):
    (one,) = acknowledged(known=ONE)
    given = one.scope.model_dump(exclude_none=True)
    assert given == {
        "agreement": "sammenhaengskraft_og_medborgerskab",
        "indicator": "beboertal",
        "year_kind": "calendar",
        "year": 2020,
    }
    assert (one.flag, one.observed, one.decided_on, one.until) == (
        "missing_figure",
        None,
        date(2023, 3, 10),
        date(2026, 3, 31),
    )


def test_files_come_in_the_order_of_their_names(acknowledged):
    found = acknowledged(b=ONE.replace("residents_2020", "second"), a=ONE)
    assert [one.acknowledgement_id for one in found] == ["residents_2020", "second"]


def test_no_folder_and_an_empty_one_are_no_acknowledgement(tmp_path, acknowledged):
    assert read_acknowledgements(tmp_path / "gone", read_agreements(AGREEMENTS), SOURCES) == ()
    assert acknowledged() == ()


def test_the_example_of_the_readme_is_one(acknowledged):
    (example,) = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(acknowledged(example=example)) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "problem"),
    [
        ("flag: missing_figure", "flag: missing_figures", 3, "flag", "Input should be 'missing_figure'"),
        ("flag: missing_figure", "flag: share_out_of_range", 3, "flag", "what blocks cannot be acknowledged"),
        ("flag: missing_figure", "flag: acknowledgement_expired", 3, "flag", "decide anew"),
        ("until: 2026-03-31", "until: 2023-03-09", 13, "until", "before decided_on, 2023-03-10"),
        ("agreement: sammen", "agreement: andet_sammen", 5, "scope.agreement", "«andet_sammen"),
        ("indicator: beboertal", "indicator: beboere", 6, "scope.indicator", "no indicator «beboere»; known: anm"),
        ("year: 2020", "area: atlantis", 8, "scope.area", "«atlantis» is not in areas.yaml"),
        ("year: 2020", "source: aviser", 8, "scope.source", "known: beboertal, vejledninger"),
        ("year: 2020", "municipality: slagelse", 8, "scope.municipality", "Extra inputs"),
        ("year_kind: calendar", "year_kind: school", 7, "scope.year_kind", "'calendar' or 'agreement'"),
        ("    observed: null\n", "", 2, "observed", "Field required"),
        ("observed: null", "observed: 1.487", 9, "observed", "valid string"),
        ("by: head of the programme", 'by: ""', 11, "by", "at least 1 character"),
        ("    reason", "    remedy: none\n    reason", 10, "remedy", "Extra inputs"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_file_line_and_key(acknowledged, old, new, line, key, problem):
    assert old in ONE
    with pytest.raises(DefinitionInvalid, match=re.escape(problem)) as caught:
        acknowledged(known=ONE.replace(old, new))
    assert caught.value.facts["file"] == "known.yaml"
    assert (caught.value.facts["line"], caught.value.facts["key"]) == (line, f"acknowledgements.0.{key}")


@pytest.mark.parametrize("scope", ["{}", "{area: null}"])
def test_a_scope_that_holds_for_everything_is_refused(acknowledged, scope):
    text = re.sub(r"scope:\n(      .*\n)+", f"scope: {scope}\n", ONE)
    with pytest.raises(DefinitionInvalid, match=r"known.yaml, line 4, acknowledgements.0.scope: is empty; .* detail"):
        acknowledged(known=text)


def test_an_indicator_must_belong_to_the_agreement_that_is_named(acknowledged):
    folder = PROJECT_ROOT / "samples" / "agreements"
    other = read_agreements(folder).agreements[0].signed.indicators[0].indicator_id
    with pytest.raises(DefinitionInvalid, match=f"no indicator «{other}»"):
        acknowledged(known=ONE.replace("indicator: beboertal", f"indicator: {other}"))


def test_an_id_stands_once_in_a_file_and_among_files(acknowledged):
    entry = ONE.split("\n", 1)[1]
    with pytest.raises(
        DefinitionInvalid, match=r"twice.yaml, line 14, acknowledgements.1.acknowledgement_id: .* twice"
    ):
        acknowledged(twice=ONE + entry)
    with pytest.raises(DefinitionInvalid, match=r"z.yaml, line 2, .*«residents_2020» stands in known.yaml too"):
        acknowledged(twice=ONE.replace("residents_2020", "another"), known=ONE, z=ONE)
