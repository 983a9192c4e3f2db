"""A definition that is wrong is refused with file, line and key."""

import pytest

from agreements.areas import AreaList, read_areas
from agreements.loader import read_agreements
from agreements.yaml_files import read_model
from ingest.descriptor import kept_columns, read_descriptors
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT

GOOD = "areas:\n  - area_id: a\n    name: A\n    level: area\n"
AGREEMENT = "sammenhaengskraft_og_medborgerskab.yaml"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (GOOD + "    colour: red\n", 5, "areas.0.colour"),
        (GOOD.replace("level: area", "level: planet"), 4, "areas.0.level"),
        (GOOD.replace("area_id: a", "area_id: Å"), 2, "areas.0.area_id"),
        (GOOD.replace("    name: A\n", ""), 2, "areas.0.name"),
        (GOOD + "    name: B\n", 5, "name"),
        ("areas: [", 1, "(file)"),
    ],
    ids=["unknown key", "bad value", "bad id", "missing key", "key twice", "no YAML"],
)
def test_faults_are_named_by_file_line_and_key(tmp_path, text, line, key):
    path = tmp_path / "areas.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionInvalid) as caught:
        read_model(path, AreaList)
    assert caught.value.facts["file"] == "areas.yaml"
    assert (caught.value.facts["line"], caught.value.facts["key"]) == (line, key)


def test_one_name_for_two_areas_is_refused(tmp_path):
    (tmp_path / "areas.yaml").write_text(GOOD + "  - area_id: b\n    name: B\n    level: area\n    aliases: [' a ']\n")
    with pytest.raises(DefinitionInvalid, match="stands for both a and b"):
        read_areas(tmp_path)


def agreement_with(tmp_path, old, new):
    for name in ("areas.yaml", AGREEMENT):
        text = (PROJECT_ROOT / "agreements" / name).read_text()
        assert name != AGREEMENT or old in text
        (tmp_path / name).write_text(text.replace(old, new) if name == AGREEMENT else text)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("areas: [ringparken, sydbyen, motalavej]\nyearly", "areas: [ringparken, atlantis]\nyearly", "atlantis"),
        ("    goal: lokalt_engagement\n", "    goal: no_such_goal\n", "no_such_goal"),
        ("valid_to: 2025-09-30", "valid_to: 2020-09-30", "valid_to must come after"),
        ("agreement_id: sammen", "agreement_id: andet_sammen", "the file is named"),
        ("operator: not_blank}", "operator: not_blank, value: x}", "no value"),
        ("      hits: [I meget høj grad, I høj grad]\n", "", "needs hits"),
    ],
)
def test_an_agreement_that_does_not_hang_together_is_refused(tmp_path, old, new, problem):
    with pytest.raises(DefinitionInvalid, match=problem):
        read_agreements(agreement_with(tmp_path, old, new))


def test_a_folder_without_agreements_is_refused(tmp_path):
    (tmp_path / "areas.yaml").write_text(GOOD)
    with pytest.raises(DefinitionInvalid, match="holds no agreement"):
        read_agreements(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        (
            "      area: alle_omraader\n      value: 51",
            "      area: parkvej\n      value: 51",
            "indicators.2.baseline.area",
            "not one",
        ),
        (
            "        - {year: 2021, instrument: vive}",
            "        - {year: 2018, instrument: vive}",
            "waves.1.year",
            "twice",
        ),
        ("    unit: procent\n", "    unit: ' '\n", "indicators.0.unit", "at least 1"),
        (
            "{area: slagelse, quote: Opgøres ikke}",
            "{area: parkvej, quote: Opgøres ikke}",
            "not_measured.0.area",
            "not among",
        ),
        (
            "      basis: per_year\n      year_kind: agreement",
            "      basis: per_year\n      area: parkvej\n      year_kind: agreement",
            "indicators.1.target.area",
            "not one",
        ),
        (
            "  - indicator_id: beboertal",
            "  - indicator_id: brobygningssamtaler",
            "indicators.5.indicator_id",
            "stands twice",
        ),
        (
            "    areas: [slagelse]\n",
            "    areas: [slagelse, parkvej]\n",
            "indicators.6.areas.1",
            "not one of the agreement",
        ),
        ("    areas: [slagelse]\n", "    areas: [slagelse, mars]\n", "indicators.6.areas.1", "«mars» is not in"),
    ],
    ids=["baseline", "wave", "unit", "not measured", "target", "indicator", "area", "unknown area"],
)
def test_a_contradiction_is_named_by_line_and_key(tmp_path, old, new, key, problem):
    folder = agreement_with(tmp_path, old, new)
    lines = (folder / AGREEMENT).read_text().splitlines()
    with pytest.raises(DefinitionInvalid, match=problem) as caught:
        read_agreements(folder)
    assert caught.value.facts["key"].endswith(key)
    assert key.rsplit(".", 1)[-1].strip("1") + ":" in lines[caught.value.facts["line"] - 1] or key.endswith("areas.1")


SCHOOL = "      kind: count_records\n      type: flow\n      source: vejledninger\n      conditions:\n"


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("kind: rate\n      type: share\n      numerator: nix\n      denominator: beboertal\n", "numerator «nix»"),
        (
            "kind: rate\n      type: share\n      numerator: brobygningssamtaler\n      denominator: beboertal\n",
            "a rate itself",
        ),
        (
            "kind: rate\n      type: flow\n      numerator: beboertal\n      denominator: disponibel_indkomst\n",
            "no figure for ringparken",
        ),
    ],
)
def test_a_rate_of_what_does_not_exist_is_refused(tmp_path, kind, problem):
    old = SCHOOL + '        - {attribute: is_bridged, operator: equals, value: "true"}\n'
    with pytest.raises(DefinitionInvalid, match=problem):
        read_agreements(agreement_with(tmp_path, old, f"      {kind}"))


def test_also_published_and_cumulative_targets_are_for_what_fits_them(tmp_path):
    old = "    expected_update:\n"
    also = "    also_published:\n      kind: count_records\n      type: share\n      source: statbank\n"
    with pytest.raises(DefinitionInvalid, match="must be a published_value"):
        read_agreements(agreement_with(tmp_path, old, also + old))
    target = "    target: {value: 60, basis: cumulative, year_kind: calendar, pacing: none, quote: q}\n"
    with pytest.raises(DefinitionInvalid, match="only a flow"):
        read_agreements(agreement_with(tmp_path, old, target + old))


@pytest.mark.parametrize(
    ("keys", "line", "problem"),
    [
        ("    predecessors: [nowhere]\n", 5, "«nowhere»"),
        ("    predecessors: [a]\n", 5, "no other area"),
        ("    valid_from: 2022-01-01\n    valid_to: 2021-12-31\n", 6, "before valid_from"),
        ("  - {area_id: a, name: B, level: area}\n", 5, "stands twice"),
    ],
)
def test_areas_that_do_not_hang_together_are_refused(tmp_path, keys, line, problem):
    (tmp_path / "areas.yaml").write_text(GOOD + keys)
    with pytest.raises(DefinitionInvalid, match=problem) as caught:
        read_areas(tmp_path)
    assert caught.value.facts["line"] == line


def test_an_area_of_another_time_is_no_area_of_the_agreement(tmp_path):
    folder = agreement_with(tmp_path, "title:", "title:")
    text = (folder / "areas.yaml").read_text()
    (folder / "areas.yaml").write_text(
        text.replace("    name: Motalavej\n", "    name: Motalavej\n    valid_to: 2020-12-31\n")
    )
    with pytest.raises(DefinitionInvalid, match="«motalavej» does not exist between"):
        read_agreements(folder)


def test_a_folder_without_areas_shares_the_projects(tmp_path):
    folder = agreement_with(tmp_path, "title:", "title:")
    (folder / "areas.yaml").unlink()
    assert "ringparken" in read_agreements(folder).areas.by_id


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("attribute: is_larger", "attribute: is_large", "indicators.3.measure.conditions.0.attribute", "no column"),
        ("answer: faellesskab", "answer: foellesskab", "indicators.2.measure.answer", "keeps no column «foellesskab»"),
        ("source: forloeb_deltagere", "source: forloeb", "indicators.4.measure.source", "no source «forloeb»"),
    ],
)
def test_a_measure_may_name_only_what_its_source_keeps(tmp_path, old, new, key, problem):
    columns = kept_columns(read_descriptors(PROJECT_ROOT / "ingest" / "sources"))
    folder = agreement_with(tmp_path, old, new)
    with pytest.raises(DefinitionInvalid, match=problem) as caught:
        read_agreements(folder, columns)
    assert caught.value.facts["key"] == key
    assert new in (folder / AGREEMENT).read_text().splitlines()[caught.value.facts["line"] - 1]
