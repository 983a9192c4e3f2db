"""Which figures are expected, and when: exactly these rows exist."""

from collections import Counter
from datetime import date

import pytest

from agreements.living import LivingAgreement
from agreements.loader import read_agreements
from agreements.spine import agreement_years, calendar_years, expected_years
from vocabulary.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def agreement():
    return read_agreements(PROJECT_ROOT / "agreements").agreements[0].signed


def rows(agreement, indicator_id, as_of=date(2025, 11, 1), delivered=None):
    spine = expected_years(LivingAgreement(agreement), as_of, delivered or {})
    return [row for row in spine if row.indicator_id == indicator_id]


def test_agreement_years_begin_on_its_first_day_and_calendar_years_are_cut_to_it(agreement):
    assert next((y.label, y.start, y.end) for y in agreement_years(agreement)) == (
        "2021/22",
        date(2021, 10, 1),
        date(2022, 9, 30),
    )
    assert [y.year for y in agreement_years(agreement)] == [2021, 2022, 2023, 2024]
    assert next((y.start, y.end) for y in calendar_years(agreement)) == (date(2021, 10, 1), date(2021, 12, 31))
    assert [(y.start, y.end) for y in calendar_years(agreement)][-1] == (date(2025, 1, 1), date(2025, 9, 30))


def test_an_agreement_that_begins_on_29_february_has_years(agreement):
    leap = agreement.model_copy(update={"valid_from": date(2024, 2, 29), "valid_to": date(2026, 2, 28)})
    assert [(y.start, y.end) for y in agreement_years(leap)] == [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
    ]


def test_registrations_are_expected_in_five_calendar_and_four_agreement_years(agreement):
    found = rows(agreement, "brobygningssamtaler")
    assert len(found) == 5 + 4
    partial = {(row.year_kind, row.year) for row in found if row.is_partial_year}
    assert partial == {("calendar", 2021), ("calendar", 2025)}
    assert {row.due_on for row in found if row.year_label == "2021/22"} == {date(2022, 11, 14)}


def test_a_survey_is_expected_in_its_waves_and_not_due_between_them(agreement):
    found = rows(agreement, "tillid_til_myndigheder")
    assert [row.year for row in found] == list(range(2018, 2026))
    assert [row.year for row in found if row.is_in_cadence] == [2018, 2021, 2023]
    assert [row.year for row in found if row.is_series_break] == [2023]


def test_a_wave_that_nobody_announced_counts_once_it_is_delivered(agreement):
    found = rows(agreement, "tillid_til_myndigheder", delivered={("tryghedssurvey", None): frozenset({2018, 2025})})
    assert [row.year for row in found if row.is_in_cadence] == [2018, 2021, 2023, 2025]


def test_context_figures_exist_for_the_years_delivered(agreement):
    assert rows(agreement, "beboertal") == []
    found = rows(agreement, "beboertal", delivered={("beboertal", "beboere"): frozenset({2024, 2025})})
    assert Counter(row.year for row in found) == {2024: 1, 2025: 1}


def test_no_row_stands_twice(agreement):
    spine = expected_years(LivingAgreement(agreement), date(2025, 11, 1), {})
    keys = [(row.indicator_id, row.year_kind, row.year) for row in spine]
    assert len(set(keys)) == len(keys) > 0


def with_calendar(agreement, **changes):
    """The agreement with another calendar for brobygningssamtaler."""
    indicators = tuple(
        one.model_copy(update={"calendar": one.calendar.model_copy(update=changes)})
        if one.indicator_id == "brobygningssamtaler"
        else one
        for one in agreement.indicators
    )
    return agreement.model_copy(update={"indicators": indicators})


def test_a_due_date_is_the_first_such_day_after_the_period(agreement):
    found = rows(with_calendar(agreement, due_by="03-01"), "brobygningssamtaler")
    assert {row.due_on for row in found if row.year_label in ("2022", "2021/22")} == {date(2023, 3, 1)}


def test_first_and_last_year_cut_the_calendar(agreement):
    found = rows(with_calendar(agreement, first_year=2022, last_year=2023), "brobygningssamtaler")
    assert {row.year for row in found} == {2022, 2023}
