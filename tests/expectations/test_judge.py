"""Each check finds its row and nothing else; a check that errors stops the run."""

import duckdb
import great_expectations.expectations as gxe
import pytest

from expectations.judge import judge
from expectations.stage import _flag
from expectations.suites import SUITES, Check, Suite
from vocabulary.errors import CheckErrored
from vocabulary.flags import FlagCode

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
    "is_series_break": False,
    "instrument": "vive",
    "due_on": "2023-02-14",
    "covered_days": 365,
    "expected_days": 365,
}
DELIVERY = {
    "source_id": "s",
    "file_name": "f.csv",
    "status": "loaded",
    "reason_code": "x",
    "rows_read": 10,
    "rows_quarantined": 0,
    "rows_conflicting": 0,
    "values_redacted": 0,
    "control_total": 10,
    "reasons": "",
    "unknown_count": 0,
}
SUM = {
    **{name: FIGURE[name] for name in list(FIGURE)[:9]},
    "total": 5.0,
    "lower_bound": 5.0,
    "upper_bound": 5.0,
    "distance": 0.0,
}
CHANGE = {
    **{name: FIGURE[name] for name in list(FIGURE)[:9]},
    "old_value": 5.0,
    "new_value": 5.0,
    "old_publication": "p",
    "file_name": None,
    "cause_da": "",
}
COMPARISON = {
    **{name: FIGURE[name] for name in list(FIGURE)[:9]},
    "value": 50.0,
    "published_value": 50.0,
    "published_source_id": "s",
    "is_disagreement": False,
}
CORRECTION = {"source_id": "s", "correction_id": "r", "deliveries_count": 1, "rows_corrected": 1}
TABLES = {
    "check_figure": FIGURE,
    "check_area_sum": SUM,
    "check_delivery": DELIVERY,
    "check_restatement": CHANGE,
    "check_comparison": COMPARISON,
    "check_correction": CORRECTION,
}


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
        ("check_figure", {"is_series_break": True}, FlagCode.SERIES_BREAK),
        ("check_area_sum", {"distance": 1.0, "total": 6.0}, FlagCode.AREA_SUM_MISMATCH),
        ("check_restatement", {"new_value": 6.0}, FlagCode.RESTATED),
        ("check_comparison", {"is_disagreement": True}, FlagCode.SOURCE_DISAGREEMENT),
        ("check_correction", {"rows_corrected": 0}, FlagCode.CORRECTION_EXPIRED),
        ("check_delivery", {"status": "refused"}, FlagCode.UNREADABLE_FILE),
        ("check_delivery", {"control_total": 11}, FlagCode.CONTROL_TOTAL_MISMATCH),
        ("check_delivery", {"rows_quarantined": 1}, FlagCode.QUARANTINED_ROWS),
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
    assert (flag["indicator_id"] is None) == (table in ("check_delivery", "check_correction"))


def test_a_rate_is_missing_where_its_parts_are_and_is_not_flagged_twice():
    assert judge(facts(check_figure={"value_state": "missing", "measure_kind": "rate"})) == []


def test_a_correction_of_a_source_that_never_came_is_not_expired():
    assert judge(facts(check_correction={"rows_corrected": 0, "deliveries_count": 0})) == []


def test_an_unknown_control_total_is_no_mismatch():
    connection = facts()
    connection.execute("update confidential.check_delivery set control_total = null")
    assert judge(connection) == []


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
