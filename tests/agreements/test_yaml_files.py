"""A definition that is wrong is refused with file, line and key."""

import pytest

from agreements.areas import AreaList, read_areas
from agreements.loader import read_agreements
from agreements.yaml_files import read_model
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
