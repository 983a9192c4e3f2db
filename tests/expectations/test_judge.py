"""Each check finds its row and nothing else; a check that errors stops the run."""

import duckdb
import great_expectations.expectations as gxe
import pytest

from expectations.checks import Check, Suite
from expectations.judge import Judge
from expectations.stage import _flag
from expectations.suites import SUITES
from expectations.thresholds import ThresholdException, read_thresholds
from vocabulary.errors import CheckErrored
from vocabulary.flags import FlagCode
from vocabulary.states import Severity

FIGURE = {
    "agreement_id": "x",
    "indicator_id": "i",
    "indicator_name": "Tal",
    "area_id": "a",
    "area_name": "Sydbyen",
    "year_kind": "calendar",
    "year": 2022,
    "year_label": "2022",
    "source_id": "s",
    "value": 50.0,
    "unit": "procent",
    "measure_kind": "weighted_share",
    "value_state": "observed",
    "n_effective": 30.0,
    "due_on": "2023-02-14",
    "is_due": True,
    "covered_days": 365,
    "expected_days": 365,
}
PLACE = {name: FIGURE[name] for name in list(FIGURE)[:9]}
DELIVERY = {
    "source_id": "s",
    "file_name": "f.csv",
    "delivered_on": "2023-01-12",
    "detail": "2023-01-12",
    "status": "loaded",
    "reason_code": "x",
    "reason_da": "x",
    "rows_read": 10,
    "rows_unknown_area": 0,
    "rows_outside_period": 0,
    "rows_unusable": 0,
    "reasons_unusable": "",
    "rows_conflicting": 0,
    "values_redacted": 0,
    "control_total": 10,
    "unknown_count": 0,
}
CHANGE = {
    **PLACE,
    "value": 50.0,
    "previous_value": 50.0,
    "previous_year_label": "2021",
    "percent_beyond": 0.0,
    "deviations": 0.0,
    "yardstick_da": "",
}
TABLES = {
    "check_figure": FIGURE,
    "check_series_break": {**PLACE, "instrument": "vive", "break_da": None},
    "check_zero": {**PLACE, "detail": None, "place_name": "Sydbyen", "value": 0.0, "usual_value": 1.0},
    "check_change_against_peers": CHANGE,
    "check_change_against_own_years": CHANGE,
    "check_change_of_share": {**CHANGE, "interval_gap": -1.0},
    "check_baseline": {**PLACE, "value": 51.4, "baseline_value": 51.0, "distance": 0.4},
    "check_expected_update": {
        **{name: PLACE[name] for name in ("agreement_id", "indicator_id", "indicator_name", "source_id")},
        "due_on": "2021-11-30",
        "quote": "Forventes opdateret",
        "is_overdue": False,
    },
    "check_participants": {**PLACE, "persons": 9.0, "residents": 9.0, "denominator_year": "2022"},
    "check_area_sum": {**PLACE, "total": 5.0, "lower_bound": 5.0, "upper_bound": 5.0, "distance": 0.0},
    "check_restatement": {
        **PLACE,
        "old_value": 5.0,
        "new_value": 5.0,
        "old_publication": "p",
        "file_name": None,
        "cause_da": "",
    },
    "check_comparison": {
        **PLACE,
        "value": 50.0,
        "published_value": 50.0,
        "published_source_id": "s",
        "is_disagreement": False,
    },
    "check_correction": {"source_id": "s", "correction_id": "r", "deliveries_count": 1, "rows_corrected": 1},
    "check_source_month": {
        "source_id": "s",
        "source_name": "S",
        "year_kind": "calendar",
        "year": 2022,
        "detail": "2022-03",
        "month_label": "marts 2022",
        "records_count": 0,
        "usual_records": 2.0,
        "empty_months_by_chance": 1.6,
    },
    "check_late_delivery": {
        "source_id": "s",
        "file_name": "f.csv",
        "delivered_on": "2023-01-12",
        "detail": "2023-01-12",
        "year_kind": "calendar",
        "year": 2022,
        "year_label": "2022",
        "due_on": "2023-02-14",
        "days_late": -33,
    },
    "check_delivery": DELIVERY,
}
"""One good row of each table of facts, as near to bad as it gets."""


def facts(**bad_rows):
    """A build with one good row in each table of facts, and one bad row where asked."""
    connection = duckdb.connect()
    connection.execute("create schema confidential")
    for table, good in TABLES.items():
        rows = [good, {**good, **bad_rows[table]}] if table in bad_rows else [good]
        union = " union all ".join(
            f"select {', '.join(f'{literal(v)} as {k}' for k, v in row.items())}" for row in rows
        )
        connection.execute(f"create table confidential.{table} as {union}")
    return connection


def judge(connection, suites=SUITES):
    return Judge(connection).findings(suites)


def literal(value):
    return "null::varchar" if value is None else repr(value) if not isinstance(value, bool) else str(value).lower()


def test_good_facts_give_no_finding():
    assert judge(facts()) == []


@pytest.mark.parametrize(
    ("table", "bad", "code"),
    [
        ("check_figure", {"value_state": "missing"}, FlagCode.MISSING_FIGURE),
        ("check_figure", {"value_state": "incomplete", "covered_days": 92}, FlagCode.INCOMPLETE_PERIOD),
        ("check_figure", {"value": 100.1}, FlagCode.SHARE_OUT_OF_RANGE),
        ("check_figure", {"value": -0.1, "measure_kind": "published_value"}, FlagCode.SHARE_OUT_OF_RANGE),
        ("check_figure", {"n_effective": 29.9}, FlagCode.SMALL_BASE),
        ("check_series_break", {"break_da": "andet skema"}, FlagCode.SERIES_BREAK),
        ("check_zero", {"usual_value": 10.0}, FlagCode.ZERO_SUSPECTED),
        ("check_change_against_peers", {"percent_beyond": 10.0, "deviations": 6.0}, FlagCode.JUMP),
        ("check_change_against_own_years", {"percent_beyond": 40.0, "deviations": 6.0}, FlagCode.JUMP),
        ("check_change_of_share", {"interval_gap": 0.1}, FlagCode.JUMP),
        ("check_baseline", {"distance": 0.6}, FlagCode.BASELINE_MISMATCH),
        ("check_expected_update", {"is_overdue": True}, FlagCode.OVERDUE_UPDATE),
        ("check_participants", {"persons": 10.0}, FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS),
        ("check_area_sum", {"distance": 1.0, "total": 6.0}, FlagCode.AREA_SUM_MISMATCH),
        ("check_restatement", {"new_value": 6.0}, FlagCode.RESTATED),
        ("check_comparison", {"is_disagreement": True}, FlagCode.SOURCE_DISAGREEMENT),
        ("check_correction", {"rows_corrected": 0}, FlagCode.CORRECTION_EXPIRED),
        ("check_source_month", {"empty_months_by_chance": 0.04}, FlagCode.MONTH_GAP),
        ("check_late_delivery", {"days_late": 1}, FlagCode.LATE_DELIVERY),
        ("check_delivery", {"status": "refused"}, FlagCode.UNREADABLE_FILE),
        ("check_delivery", {"control_total": 11}, FlagCode.CONTROL_TOTAL_MISMATCH),
        ("check_delivery", {"rows_unknown_area": 1}, FlagCode.UNKNOWN_AREA_ROWS),
        ("check_delivery", {"rows_outside_period": 1}, FlagCode.OUTSIDE_PERIOD_ROWS),
        ("check_delivery", {"rows_unusable": 1}, FlagCode.QUARANTINED_ROWS),
        ("check_delivery", {"rows_conflicting": 1}, FlagCode.CONFLICTING_DUPLICATE),
        ("check_delivery", {"values_redacted": 1}, FlagCode.PERSONAL_DATA_FOUND),
        ("check_delivery", {"unknown_count": 1}, FlagCode.SCHEMA_DRIFT),
    ],
)
def test_a_bad_row_becomes_one_flag_with_its_words(table, bad, code):
    (finding,) = judge(facts(**{table: bad}))
    flag = _flag(finding)
    assert flag["flag_code"] == code
    assert "{" not in flag["message"] and "None" not in flag["message"]
    assert (flag["indicator_id"] is None) == ("indicator_id" not in TABLES[table])


def test_a_rate_is_missing_where_its_parts_are_and_is_not_flagged_twice():
    assert judge(facts(check_figure={"value_state": "missing", "measure_kind": "rate"})) == []


def test_a_correction_of_a_source_that_never_came_is_not_expired():
    assert judge(facts(check_correction={"rows_corrected": 0, "deliveries_count": 0})) == []


def test_an_unknown_control_total_is_no_mismatch():
    connection = facts()
    connection.execute("update confidential.check_delivery set control_total = null")
    assert judge(connection) == []


@pytest.mark.parametrize(("percent", "deviations"), [(9.9, 60.0), (99.0, 5.9)])
def test_a_change_is_a_jump_only_if_it_is_both_large_and_unusual(percent, deviations):
    assert judge(facts(check_change_against_peers={"percent_beyond": percent, "deviations": deviations})) == []


def test_an_indicator_may_have_a_threshold_of_its_own():
    ours = ThresholdException(agreement="x", indicator="i", value=3, because="few members")
    (usual,) = [one for one in read_thresholds() if one.flag is FlagCode.ZERO_SUSPECTED]
    milder = [usual.model_copy(update={"exceptions": (ours,)})]
    suite = [one for one in SUITES if one.name == "zeros_are_plausible"]
    few = facts(check_zero={"usual_value": 4.0})
    assert judge(few, suite) == []
    assert len(Judge(few, thresholds=milder).findings(suite)) == 1
    elsewhere = facts(check_zero={"usual_value": 4.0, "indicator_id": "other"})
    assert Judge(elsewhere, thresholds=milder).findings(suite) == []


def test_a_delivered_share_that_cannot_be_warns_and_a_computed_one_blocks():
    delivered, computed = (
        judge(facts(check_figure={"value": 140.0, "measure_kind": kind}))[0]
        for kind in ("published_value", "weighted_share")
    )
    assert (_flag(delivered)["severity"], _flag(computed)["severity"]) == (Severity.WARNS, Severity.BLOCKS)


def test_more_failing_rows_than_are_listed_are_counted(monkeypatch):
    monkeypatch.setattr("expectations.judge.MOST_FINDINGS", 3)
    monkeypatch.setattr("expectations.judge.CHUNK", 2)
    connection = facts()
    connection.execute("update confidential.check_delivery set rows_unusable = 1, reasons_unusable = 'x'")
    connection.execute(
        "insert into confidential.check_delivery select one.* from confidential.check_delivery as one, range(6)"
    )
    *listed, rest = judge(connection)
    assert [finding.more for finding in listed] == [0, 0, 0] and rest.more == 4
    assert "4" in _flag(rest)["message"] and _flag(rest)["file_name"] is None


def test_a_check_that_cannot_be_carried_out_is_an_error_and_no_finding():
    suite = Suite(
        name="asks_for_a_column_that_is_not_there",
        query="select 1 as here",
        checks=(
            Check(
                FlagCode.MISSING_FIGURE,
                lambda: gxe.ExpectColumnValuesToNotBeInSet(column="there", value_set=["missing"]),
            ),
        ),
    )
    with pytest.raises(CheckErrored, match="there"):
        judge(duckdb.connect(), [suite])


def test_facts_that_cannot_be_read_are_an_error():
    with pytest.raises(CheckErrored, match="expected_figures_are_there"):
        judge(duckdb.connect(), SUITES)
