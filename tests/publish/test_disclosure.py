"""Too few persons are never shown, nor what would give them away; statuses don't rest on hidden cells."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.disclosure import HIDDEN_COLUMNS, hush_flags, hush_sources, suppress

KEY = {"agreement_id": "x", "indicator_id": "i", "year_kind": "calendar", "year": 2022}
DEFAULTS = {
    **KEY,
    "figure_type": "flow",
    "value_state": "observed",
    "denominator": None,
    "denominator_year": None,
    "numerator_id": None,
    "cumulative_value": None,
    "n": None,
    "n_effective": None,
    "ci_low": None,
    "ci_high": None,
    "hits_count": None,
    "target_value": None,
    "target_status": "no_target",
    "baseline_value": None,
    "baseline_trend": "no_baseline",
}


def count(area, persons, **changed):
    row = {**DEFAULTS, "area_id": area, "value": float(persons), "numerator": float(persons), "contributors": persons}
    return {**row, **changed}


def share(area, n, hits, **changed):
    row = {
        **DEFAULTS,
        "figure_type": "share",
        "area_id": area,
        "value": 100 * hits / n,
        "numerator": 1.5,
        "denominator": 3.0,
    }
    return {**row, "n": n, "hits_count": hits, "ci_low": 1.0, "ci_high": 99.0, "contributors": n, **changed}


def states(*rows):
    shown = suppress(pd.DataFrame(rows).astype({"n": float, "hits_count": float, "contributors": float}))
    return dict(zip(shown["area_id"], shown["value_state"], strict=True)), shown


def test_one_or_two_persons_are_hidden_and_a_companion_with_them():
    found, shown = states(count("a", 2), count("b", 7), count("c", 5), count("alle_omraader", 14))
    assert found == {"a": "suppressed", "b": "observed", "c": "suppressed", "alle_omraader": "observed"}
    assert shown.loc[shown["value_state"].eq("suppressed"), HIDDEN_COLUMNS].isna().all(axis=None)


def test_nobody_is_a_real_zero_and_stays():
    found, _ = states(count("a", 0), count("b", 7), count("alle_omraader", 7))
    assert set(found.values()) == {"observed"}


def test_two_hidden_areas_need_no_companion():
    found, _ = states(count("a", 1), count("b", 2), count("c", 9), count("alle_omraader", 12))
    assert found["c"] == "observed" and found["alle_omraader"] == "observed"


def test_where_no_companion_is_left_the_total_goes():
    found, _ = states(count("a", 2), count("b", 0), count("alle_omraader", 2, contributors=3))
    assert found == {"a": "suppressed", "b": "observed", "alle_omraader": "suppressed"}


def test_events_without_persons_are_shown():
    found, _ = states(count("a", 1, contributors=None), count("alle_omraader", 1, contributors=None))
    assert set(found.values()) == {"observed"}


def test_a_share_needs_ten_answers_and_three_on_either_side():
    found, shown = states(share("a", 9, 5), share("b", 40, 2), share("c", 40, 39), share("d", 40, 20))
    assert found == {"a": "suppressed", "b": "suppressed", "c": "suppressed", "d": "observed"}
    assert shown[["numerator", "denominator"]].isna().all(axis=None)


def test_no_status_rests_on_a_hidden_figure():
    _, shown = states(
        count("alle_omraader", 2, target_value=12.0, target_status="missed", baseline_value=5.0, baseline_trend="worse")
    )
    assert shown.iloc[0][["target_status", "baseline_trend"]].tolist() == ["not_assessable", "not_comparable"]


def test_a_flag_on_a_hidden_figure_loses_its_numbers():
    _, shown = states(count("a", 2), count("b", 1))
    flag = {**KEY, "flag_code": "restated", "area_id": "a", "message": "fra 1 til 2", "observed": "2", "expected": "1"}
    flag |= {"acknowledged_reason": "1 og 2 er små tal", "acknowledged_by": "programleder"}
    quiet = hush_flags(pd.DataFrame([flag, {**flag, "area_id": None, "indicator_id": None}]), shown)
    assert quiet["observed"].tolist() == [None, "2"] or quiet["observed"].isna().tolist() == [True, False]
    assert not any(digit in quiet["message"].iloc[0] for digit in "12")
    assert quiet["message"].iloc[1] == "fra 1 til 2"
    assert quiet["acknowledged_reason"].isna().tolist() == [True, False]
    assert quiet["acknowledged_by"].tolist() == ["programleder"] * 2


def test_a_restatement_of_what_was_hidden_before_tells_no_number():
    _, shown = states(count("a", 15), count("b", 7))
    flag = {
        **KEY,
        "flag_code": "restated",
        "area_id": "a",
        "message": "fra 7 til 15",
        "observed": "15",
        "expected": "7",
        "acknowledged_reason": None,
    }
    before = pd.DataFrame([{**KEY, "area_id": "a"}])
    quiet = hush_flags(pd.DataFrame([flag]), shown, before)
    assert quiet["expected"].isna().all() and "7" not in quiet["message"].iloc[0]


@pytest.mark.parametrize(
    ("code", "hidden", "is_hushed"),
    [
        ("jump", {"year": 2021}, True),
        ("jump", {"area_id": "b"}, False),
        ("zero_suspected", {"year": 2020}, True),
        ("area_sum_mismatch", {"area_id": "b"}, True),
        ("area_sum_mismatch", {"year": 2021}, False),
        ("baseline_mismatch", {"area_id": "b"}, False),
    ],
)
def test_a_flag_that_tells_of_a_hidden_neighbour_tells_no_number(code, hidden, is_hushed):
    _, shown = states(count("a", 15), count("b", 7))
    flag = {**KEY, "flag_code": code, "area_id": "a", "message": "fra 7", "observed": "15", "expected": "7"}
    before = pd.DataFrame([{**KEY, "area_id": "a", **hidden}])
    assert hush_flags(pd.DataFrame([flag]), shown, before)["expected"].isna().all() == is_hushed


def test_the_companion_that_was_hidden_before_is_hidden_again():
    rows = [count("a", 1), count("b", 7), count("c", 15), count("alle_omraader", 23)]
    frame = pd.DataFrame(rows).astype({"n": float, "hits_count": float, "contributors": float})
    shown = suppress(frame, pd.DataFrame([{**KEY, "area_id": "c"}]))
    assert shown.set_index("area_id")["value_state"].to_dict() == {
        "a": "suppressed",
        "b": "observed",
        "c": "suppressed",
        "alle_omraader": "observed",
    }


def test_files_behind_a_hidden_figure_lose_their_row_counts():
    _, shown = states(count("a", 2), count("b", 7), count("c", 5))
    rows = {"first_row_number": 2, "last_row_number": 9, "rows_count": 2}
    quiet = hush_sources(pd.DataFrame([{**KEY, "area_id": area, "file_name": "f", **rows} for area in "ab"]), shown)
    assert {name: quiet[name].isna().tolist() for name in rows} == {name: [True, False] for name in rows}
    assert not {"contributors", "hits_count"} & set(shown.columns)


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_no_small_count_is_shown_and_none_is_total_minus_the_rest(persons):
    rows = [count(f"area_{number}", value) for number, value in enumerate(persons)]
    _, shown = states(*rows, count("alle_omraader", sum(persons)))
    areas = shown[shown["area_id"].ne("alle_omraader")]
    assert not areas["value"].dropna().isin([1, 2]).any()
    total_is_shown = shown.loc[shown["area_id"].eq("alle_omraader"), "value"].notna().all()
    hidden = areas["value_state"].eq("suppressed").sum()
    assert not (total_is_shown and hidden == 1)


def test_a_rate_goes_with_the_count_it_would_give_away():
    rates = [
        count(area, persons, indicator_id="rate", numerator_id="i", value=persons / 5)
        for area, persons in (("a", 2), ("b", 7), ("c", 5), ("alle_omraader", 14))
    ]
    counts = [count("a", 2), count("b", 7), count("c", 5), count("alle_omraader", 14)]
    _, shown = states(*counts, *rates)
    hidden = shown[shown["value_state"].eq("suppressed")].groupby("indicator_id")["area_id"].agg(set)
    assert hidden.to_dict() == {"i": {"a", "c"}, "rate": {"a", "c"}}


def test_what_was_reached_over_the_years_goes_where_one_of_them_is_hidden():
    target = {"target_value": 9.0, "target_status": "reached"}
    years = [
        count("alle_omraader", persons, year=year, cumulative_value=float(total), **target)
        for year, persons, total in ((2021, 5, 5), (2022, 2, 7), (2023, 4, 11))
    ]
    _, shown = states(*years, count("b", 8, year=2021, cumulative_value=8.0, **target))
    assert shown["cumulative_value"].fillna(0).tolist() == [0, 0, 0, 8]
    assert shown["target_status"].tolist() == ["not_assessable"] * 3 + ["reached"]
