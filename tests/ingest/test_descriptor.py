"""What a descriptor may say: one column per role, and derivations that follow from what is delivered."""

import re
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.columns import Age, Column
from ingest.derivations import times
from ingest.descriptor import Descriptor, PeriodRule, read_descriptors
from ingest.layouts import CubeLayout, Scaled, SheetLayout, TableLayout
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT

SOURCES = PROJECT_ROOT / "ingest" / "sources"

MINIMAL = """
source_id: prøve
name: Prøve
owner: Nogen
description: One row per visit.
cadence: yearly
replacement: replaces_period
period: {origin: file_name}
columns:
  visit: {treatment: public, key: true}
  area: {treatment: public, type: area}
  person: {treatment: pseudonymise}
  weight: {treatment: public, type: number, weight: true}
  hours: {treatment: public, type: number}
  minutes: {treatment: public, type: number}
  to: {treatment: public}
  is_sent: {treatment: public, type: boolean}
layouts:
  - layout: one
    format: csv
    headings: {visit: [Besøg], area: [Område], hours: [Timer], to: [Til]}
    filled: {is_sent: to}
    scaled: {minutes: {from: hours, factor: 60}}
""".replace("prøve", "proeve")


def described(tmp_path, text):
    (tmp_path / "proeve.yaml").write_text(text)
    return read_descriptors(tmp_path)["proeve"]


def test_the_shipped_descriptors_name_their_roles():
    sources = read_descriptors(SOURCES)
    roles = {
        name: (one.area_column, one.region_column, one.person_column, one.weight_column)
        for name, one in sources.items()
    }
    assert roles["vejledninger"] == ("area", None, "person", None)
    assert roles["aktiviteter"] == ("areas", None, None, None)
    assert roles["tryghedssurvey"] == ("area", None, None, "weight")
    assert roles["statbank"] == (None, "region", None, None)
    assert sources["forloeb_deltagere"].key_columns == ("course_name", "participant", "starts_on")
    assert sources["beboertal"].key_columns == ("measure", "area")
    assert set(sources["statbank"].key_columns) == set(sources["statbank"].columns)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  place: {treatment: public, type: region}", "place .area, areas, region.: area, place"),
        ("  places: {treatment: public, type: areas}", "place .area, areas, region.: area, places"),
        ("  other: {treatment: pseudonymise}", "person .pseudonymise.: person, other"),
        ("  other: {treatment: public, type: number, weight: true}", "weight: weight, other"),
        ("  other: {treatment: public, weight: true}", "weight belongs to a column of type «number»"),
        ("  a: {treatment: public, type: code, codes: [x], non_responses: [y]}", "not in codes: y"),
    ],
)
def test_a_role_is_played_by_one_column(tmp_path, line, problem):
    with pytest.raises(DefinitionInvalid, match=problem):
        described(tmp_path, MINIMAL.replace("layouts:", f"{line}\nlayouts:"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: {treatment: public}", "to: {treatment: free_text, key: true}", "says nothing else: key"),
        ("to: {treatment: public}", "to: {treatment: free_text, type: date, event_date: true}", "type, event_date"),
        (
            "to: {treatment: public}",
            "to: {treatment: free_text, missing_markers: [x]}",
            "nothing else: missing_markers",
        ),
        ("person: {treatment: pseudonymise}", "person: {treatment: pseudonymise, consent: to}", "to is no «boolean»"),
        ("person: {treatment: pseudonymise}", "person: {treatment: pseudonymise, type: number}", "type «text»"),
        ("weight: {treatment: public, type: number", "weight: {treatment: free_text, type: number", "type, weight"),
        ("from: hours", "from: note", "scaled needs two columns of type «number»"),
        ("hours: [Timer]", "hours: [Timer], typed: [Notat]", "not in columns: typed"),
        ("layouts:", "derived: {age: {birth: note, at: visit}}\nlayouts:", "whether it is filled: note"),
        ("layouts:", "derived: {age: {birth: to, at: visit}}\nlayouts:", "of which an age is made is dropped: to"),
        ("is_sent: {treatment: public, type: boolean}", "is_sent: {treatment: free_text}", "filled gives a «boolean»"),
    ],
)
def test_what_is_typed_or_identifies_a_person_is_used_for_nothing_else(tmp_path, old, new, problem):
    text = MINIMAL.replace("layouts:", "  note: {treatment: free_text}\nlayouts:").replace(
        "to: [Til]", "to: [Til], note: [N]"
    )
    assert old in text
    with pytest.raises(DefinitionInvalid, match=problem) as caught:
        described(tmp_path, text.replace(old, new))
    assert caught.value.facts["file"] == "proeve.yaml" and caught.value.facts["line"] >= 1


def test_whether_typed_text_is_filled_may_be_told_and_nothing_else(tmp_path):
    text = MINIMAL.replace("to: {treatment: public}", "to: {treatment: free_text}")
    assert "to" not in described(tmp_path, text).kept_columns and "is_sent" in described(tmp_path, text).kept_columns


def test_a_label_of_a_table_of_statistics_is_no_free_text(tmp_path):
    with pytest.raises(DefinitionInvalid, match="whether it is filled: label"):
        described(
            tmp_path,
            """
source_id: proeve
name: Prøve
owner: Nogen
description: A table.
cadence: yearly
replacement: replaces_period
period: {origin: column}
columns: {label: {treatment: free_text}}
layouts: [{layout: one, format: wide_excel, dataset: d, dimensions: [label]}]
""",
        )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("is_sent: to}", "is_sent: nowhere}", "not in headings: nowhere"),
        ("is_sent: to}", "to: hours}", "delivered and derived at once: to"),
        ("is_sent: to}", "minutes: to}", "delivered and derived at once: minutes"),
        ("is_sent: to}", "person: to}", "filled gives a «boolean»"),
        ("from: hours", "from: to", "scaled needs two columns of type «number»"),
        ("factor: 60", "factor: 0", "greater than 0"),
        ("is_sent: to}", "undeclared: to}", "not in columns: undeclared"),
        ("cadence: yearly", "cadence: yearly\none_file_per: sheet", "'area'"),
    ],
)
def test_a_derivation_follows_from_delivered_columns_of_its_type(tmp_path, old, new, problem):
    with pytest.raises(DefinitionInvalid, match=problem):
        described(tmp_path, MINIMAL.replace(old, new))


def test_a_file_per_area_needs_a_column_of_areas(tmp_path):
    text = MINIMAL.replace("cadence: yearly", "cadence: yearly\none_file_per: area")
    assert described(tmp_path, text).one_file_per == "area"
    with pytest.raises(DefinitionInvalid, match="one_file_per «area» needs a column"):
        described(tmp_path, text.replace("type: area", "type: text"))


def test_records_and_years_as_columns_do_not_mix(tmp_path):
    wide = "  - {layout: wide, format: wide_excel, dataset: d, dimensions: [area]}\n"
    with pytest.raises(DefinitionInvalid, match="not both"):
        described(tmp_path, MINIMAL + wide)


def test_a_descriptor_survives_being_written_out():
    document = yaml.safe_load(MINIMAL)
    one = Descriptor.model_validate(document)
    assert one.layouts[0].scaled["minutes"].factor == 60
    assert Descriptor.model_validate_json(one.model_dump_json(by_alias=True)) == one


@pytest.mark.parametrize(
    ("hours", "minutes"), [("1.25", "75"), ("0", "0"), ("0.00", "0"), ("-0.5", "-30"), ("100", "6000"), ("0.1", "6")]
)
def test_hours_become_minutes_without_rounding(hours, minutes):
    assert times(hours, Decimal(60)) == minutes


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**20), max_value=10**20))
def test_a_scaled_number_is_exact(number):
    text = times(format(number, "f"), Decimal("0.001"))
    assert Decimal(text).scaleb(3) == number and "e" not in text.lower()


@pytest.mark.parametrize("model", [Descriptor, Column, TableLayout, SheetLayout, CubeLayout, Scaled, PeriodRule, Age])
def test_the_guide_names_everything_a_descriptor_may_say(model):
    guide = (PROJECT_ROOT / "docs" / "sources.md").read_text()
    keys = [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in keys if not re.search(rf"\b{key}\b", guide)] == []
    assert len(keys) > 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("dimensions: {label: [Område]}", "absent_means"),
        ('dimensions: {label: [Område]}, absent_means: "1"', "absent_means"),
        ('dimensions: {}, absent_means: "0"', "dimensions"),
        ('dimensions: {label: [Område, tid]}, absent_means: "0"', "named twice: tid"),
        ('dimensions: {label: [Område], other: [område]}, absent_means: "0"', "named twice: område"),
        ('dimensions: {label: [Område]}, absent_means: "0", title: x', "title"),
    ],
)
def test_a_cube_says_what_an_absent_row_means_and_gives_each_variable_one_meaning(tmp_path, said, problem):
    text = f"""
source_id: proeve
name: Prøve
owner: Nogen
description: A table.
cadence: yearly
replacement: replaces_period
period: {{origin: column}}
columns: {{label: {{treatment: public}}, other: {{treatment: public}}}}
layouts: [{{layout: one, format: cube, dataset: d, {said}}}]
"""
    with pytest.raises(DefinitionInvalid, match=problem):
        described(tmp_path, text)
