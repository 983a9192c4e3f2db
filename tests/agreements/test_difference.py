"""What changed between two days, field by field, and the decision behind it."""

from datetime import date

import pytest

from agreements.difference import difference_da, differences
from agreements.loader import read_agreements
from agreements.measures import Calendar, Measure, Wave
from agreements.model import (
    Activity,
    Agreement,
    Baseline,
    ExpectedUpdate,
    Goal,
    Indicator,
    NotMeasured,
    Party,
    RevisionRule,
    StaffShare,
    Target,
)
from agreements.outline import FIXED, LABELS
from vocabulary.settings import PROJECT_ROOT

REVISIONS = """\
- revision_id: r1
  decided_on: 2022-09-12
  effective_from: 2022-10-01
  minutes: Møde 1
  reason: Flere henvendelser
  changes:
    - indicator: brobygningssamtaler
      set:
        target: {value: 1600, basis: cumulative, year_kind: agreement, pacing: linear, quote: Der afholdes 1600}
    - remove_indicator: boern_i_boernedemokrati
- revision_id: r2
  decided_on: 2023-02-01
  effective_from: 2022-10-01
  minutes: Møde 2
  reason: Trukket tilbage
  replaces: r1
"""


@pytest.fixture
def changed(write_agreement):
    return read_agreements(write_agreement(REVISIONS))


def told(agreements, first, second):
    return difference_da(agreements.agreements[0], first, second, agreements.areas)


def test_each_field_that_changed_is_told_with_the_decision(changed):
    text = told(changed, date(2022, 1, 1), date(2022, 12, 1))
    assert "## Brobygningssamtaler i beboervejledningen\n\n- **Mål, værdi**\n" in text
    assert "  - 1. januar 2022: 1.500\n  - 1. december 2022: 1.600\n  - Revision r1, besluttet 12. september" in text
    assert "- **Mål, grundlag**\n  - 1. januar 2022: pr. år\n  - 1. december 2022: samlet for hele perioden\n" in text
    assert "  - 1. januar 2022: Børn i forløb om børnedemokrati (12 børn" in text
    assert "**Mål, fordeling" not in text


def test_what_was_taken_back_is_the_work_of_the_decision_that_took_it_back(changed):
    text = told(changed, date(2022, 12, 1), date(2023, 3, 1))
    assert "  - 1. december 2022: 1.600\n  - 1. marts 2023: 1.500\n  - Revision r2, besluttet 1. februar 2023" in text
    assert "Revision r1" not in text


def test_withdrawing_the_second_of_two_is_not_the_work_of_the_first(write_agreement):
    target = "{value: 1400, basis: per_year, year_kind: agreement, pacing: linear, quote: Der afholdes 1400}"
    first = (
        "- {revision_id: r0, decided_on: 2022-02-01, effective_from: 2022-03-01, minutes: Møde 0, reason: r, "
        f"changes: [{{indicator: brobygningssamtaler, set: {{target: {target}}}}}]}}\n"
    )
    agreements = read_agreements(write_agreement(first + REVISIONS))
    text = told(agreements, date(2022, 12, 1), date(2023, 3, 1))
    assert "  - 1. december 2022: 1.600\n  - 1. marts 2023: 1.400\n  - Revision r2," in text


@pytest.mark.parametrize(
    ("first", "second"),
    [(date(2022, 1, 1), date(2022, 9, 30)), (date(2022, 1, 1), date(2023, 3, 1)), (date(2022, 5, 5), date(2022, 5, 5))],
)
def test_nothing_changed_is_said(changed, first, second):
    assert "Intet er ændret" in told(changed, first, second)


def test_each_change_of_the_example_is_found():
    sample = read_agreements(PROJECT_ROOT / "samples" / "agreements")
    living = sample.agreements[0]
    found = differences(living.signed, living.versions(date.max)[-1].agreement, sample.areas)
    assert {one.path for one in found} == {
        ("staff", "Aktivitetsmedarbejder"),
        ("indicators", "boern_i_lektiecafe", "target", "value"),
        ("indicators", "boern_i_lektiecafe", "target", "quote"),
        ("indicators", "deltagere_i_familieaktiviteter", "definition_version"),
        ("indicators", "deltagere_i_familieaktiviteter", "definition_da"),
        ("indicators", "deltagere_i_familieaktiviteter", "measure", "conditions"),
        ("indicators", "vejledninger_om_boern"),
    }


def test_every_field_has_a_danish_label():
    models = (
        *(Agreement, Indicator, Baseline, ExpectedUpdate, Target, NotMeasured, Goal, Activity, StaffShare),
        *(RevisionRule, Party, Calendar, Wave, Measure),
    )
    fields = {name for model in models for name in model.model_fields} - FIXED
    assert fields - set(LABELS) == set()
