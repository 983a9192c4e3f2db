"""The suites: which expectation over which facts raises which flag. A new check is an entry here.

An expectation may name `limit_<name>`: a threshold of its flag (expectations/thresholds.yaml), added to each fact.
"""

from collections.abc import Callable
from dataclasses import dataclass

import great_expectations.expectations as gxe

from vocabulary.flags import FlagCode
from vocabulary.states import Severity


@dataclass(frozen=True)
class Check:
    """One expectation, the flag its failing rows become, and the columns that show observed against expected.

    `severity` stands in for the catalogue's where a check is milder than its flag.
    """

    flag_code: FlagCode
    expectation: Callable[[], gxe.Expectation]
    observed: str | None = None
    expected: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Suite:
    """Checks over the rows of one query."""

    name: str
    query: str
    checks: tuple[Check, ...]


def _none_of(column: str, *values: object, **options: object) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=list(values), **options)


def _within(column: str, low: float | None, high: float | None) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)


def _equal(column: str, other: str) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnPairValuesToBeEqual(
        column_A=column, column_B=other, ignore_row_if="either_value_is_missing"
    )


def _at_most(column: str, limit: str, **options: object) -> Callable[[], gxe.Expectation]:
    """`column` <= `limit`; rows in which either is blank are passed over."""
    return lambda: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=limit, column_B=column, or_equal=True, ignore_row_if="either_value_is_missing", **options
    )


def _below(column: str, limit: str, **options: object) -> Callable[[], gxe.Expectation]:
    """`column` < `limit`; rows in which either is blank are passed over."""
    return lambda: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=limit, column_B=column, ignore_row_if="either_value_is_missing", **options
    )


def _only(condition: str) -> dict[str, object]:
    """The expectation is about the rows that meet the condition."""
    return {"row_condition": condition, "condition_parser": "pandas"}


SUITES = (
    Suite(
        name="expected_figures_are_there",
        # a rate is missing where its numerator or denominator is, and that is flagged there
        query="select * from confidential.check_figure where measure_kind <> 'rate'",
        checks=(
            Check(FlagCode.MISSING_FIGURE, _none_of("value_state", "missing"), expected="due_on"),
            Check(
                FlagCode.INCOMPLETE_PERIOD,
                _none_of("value_state", "incomplete", **_only("is_due")),
                observed="covered_days",
                expected="expected_days",
            ),
        ),
    ),
    Suite(
        name="computed_shares_are_shares",
        query="select * from confidential.check_figure where measure_kind = 'weighted_share' and value is not null",
        checks=(
            Check(FlagCode.SHARE_OUT_OF_RANGE, _within("value", 0, 100), observed="value"),
            Check(FlagCode.SMALL_BASE, _at_most("limit_n_effective", "n_effective")),
        ),
    ),
    Suite(
        name="delivered_shares_are_shares",
        query="select * from confidential.check_figure "
        "where measure_kind = 'published_value' and unit = 'procent' and value is not null",
        checks=(
            Check(FlagCode.SHARE_OUT_OF_RANGE, _within("value", 0, 100), observed="value", severity=Severity.WARNS),
        ),
    ),
    Suite(
        name="series_are_measured_alike",
        query="select * from confidential.check_series_break",
        checks=(
            Check(
                FlagCode.SERIES_BREAK,
                lambda: gxe.ExpectColumnValuesToBeNull(column="break_da"),
                observed="instrument",
            ),
        ),
    ),
    Suite(
        name="zeros_are_plausible",
        query="select * from confidential.check_zero",
        checks=(
            Check(
                FlagCode.ZERO_SUSPECTED,
                _below("usual_value", "limit_usual_value"),
                observed="value",
                expected="usual_value",
            ),
        ),
    ),
    Suite(
        name="changes_are_like_those_of_peers",
        query="select * from confidential.check_change_against_peers",
        checks=(
            Check(
                FlagCode.JUMP,
                _below("percent_beyond", "limit_percent_beyond_peers", **_only("deviations >= limit_deviations")),
                observed="value",
                expected="previous_value",
            ),
        ),
    ),
    Suite(
        name="changes_are_like_those_of_other_years",
        query="select * from confidential.check_change_against_own_years",
        checks=(
            Check(
                FlagCode.JUMP,
                _below("percent_beyond", "limit_percent_beyond_own_years", **_only("deviations >= limit_deviations")),
                observed="value",
                expected="previous_value",
            ),
        ),
    ),
    Suite(
        name="shares_change_within_their_uncertainty",
        query="select * from confidential.check_change_of_share",
        checks=(
            Check(
                FlagCode.JUMP,
                _at_most("interval_gap", "limit_interval_gap"),
                observed="value",
                expected="previous_value",
            ),
        ),
    ),
    Suite(
        name="baselines_are_what_was_measured",
        query="select * from confidential.check_baseline",
        checks=(
            Check(
                FlagCode.BASELINE_MISMATCH,
                _at_most("distance", "limit_distance"),
                observed="value",
                expected="baseline_value",
            ),
        ),
    ),
    Suite(
        name="announced_updates_have_come",
        query="select * from confidential.check_expected_update",
        checks=(Check(FlagCode.OVERDUE_UPDATE, _none_of("is_overdue", True), expected="due_on"),),
    ),
    Suite(
        name="participants_live_in_the_area",
        query="select * from confidential.check_participants",
        checks=(
            Check(
                FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS,
                _at_most("persons", "residents"),
                observed="persons",
                expected="residents",
            ),
        ),
    ),
    Suite(
        name="areas_add_up",
        query="select * from confidential.check_area_sum",
        checks=(
            Check(
                FlagCode.AREA_SUM_MISMATCH,
                _at_most("distance", "limit_distance"),
                observed="total",
                expected="upper_bound",
            ),
        ),
    ),
    Suite(
        name="closed_years_stay",
        query="select * from confidential.check_restatement",
        checks=(
            Check(FlagCode.RESTATED, _equal("old_value", "new_value"), observed="new_value", expected="old_value"),
        ),
    ),
    Suite(
        name="sources_agree",
        query="select * from confidential.check_comparison",
        checks=(
            Check(
                FlagCode.SOURCE_DISAGREEMENT,
                _none_of("is_disagreement", True),
                observed="value",
                expected="published_value",
            ),
        ),
    ),
    Suite(
        name="corrections_still_correct",
        query="select *, correction_id as detail from confidential.check_correction where deliveries_count > 0",
        checks=(Check(FlagCode.CORRECTION_EXPIRED, _within("rows_corrected", 1, None), observed="rows_corrected"),),
    ),
    Suite(
        name="months_have_records",
        query="select * from confidential.check_source_month",
        checks=(
            Check(
                FlagCode.MONTH_GAP,
                _at_most("limit_empty_months_by_chance", "empty_months_by_chance"),
                observed="records_count",
                expected="usual_records",
            ),
        ),
    ),
    Suite(
        name="deliveries_are_in_time",
        query="select * from confidential.check_late_delivery",
        checks=(
            Check(
                FlagCode.LATE_DELIVERY, _at_most("days_late", "limit_days"), observed="delivered_on", expected="due_on"
            ),
        ),
    ),
    Suite(
        name="deliveries_are_read",
        query="select * from confidential.check_delivery",
        checks=(
            Check(
                FlagCode.UNREADABLE_FILE,
                lambda: gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["loaded"]),
                observed="reason_code",
            ),
        ),
    ),
    Suite(
        name="landed_batches_are_whole",
        query="select * from confidential.check_delivery where status = 'loaded'",
        checks=(
            Check(
                FlagCode.CONTROL_TOTAL_MISMATCH,
                _equal("rows_read", "control_total"),
                observed="rows_read",
                expected="control_total",
            ),
            *(
                Check(code, _within(column, 0, 0), observed=column)
                for code, column in (
                    (FlagCode.UNKNOWN_AREA_ROWS, "rows_unknown_area"),
                    (FlagCode.OUTSIDE_PERIOD_ROWS, "rows_outside_period"),
                    (FlagCode.QUARANTINED_ROWS, "rows_unusable"),
                    (FlagCode.CONFLICTING_DUPLICATE, "rows_conflicting"),
                    (FlagCode.SCHEMA_DRIFT, "unknown_count"),
                )
            ),
            Check(FlagCode.PERSONAL_DATA_FOUND, _within("values_redacted", 0, 0)),
        ),
    ),
)
