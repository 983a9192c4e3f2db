"""The suites: which expectation over which facts raises which flag. A new check is an entry here.

An expectation may name `limit_<name>`: a threshold of its flag (expectations/thresholds.yaml), added to each fact.
"""

import great_expectations.expectations as gxe

from expectations.checks import Check, Suite, at_most, below, equal, none_of, only, within
from vocabulary.flags import FlagCode
from vocabulary.states import Severity

SUITES = (
    Suite(
        name="expected_figures_are_there",
        # a rate is missing where its numerator or denominator is, and that is flagged there
        query="select * from confidential.check_figure where measure_kind <> 'rate'",
        checks=(
            Check(FlagCode.MISSING_FIGURE, none_of("value_state", "missing"), expected="due_on"),
            Check(
                FlagCode.INCOMPLETE_PERIOD,
                none_of("value_state", "incomplete", **only("is_due")),
                observed="covered_days",
                expected="expected_days",
            ),
        ),
    ),
    Suite(
        name="computed_shares_are_shares",
        query="select * from confidential.check_figure where measure_kind = 'weighted_share' and value is not null",
        checks=(
            Check(FlagCode.SHARE_OUT_OF_RANGE, within("value", 0, 100), observed="value"),
            Check(FlagCode.SMALL_BASE, at_most("limit_n_effective", "n_effective")),
        ),
    ),
    Suite(
        name="delivered_shares_are_shares",
        query="select * from confidential.check_figure "
        "where measure_kind = 'published_value' and unit = 'procent' and value is not null",
        checks=(
            Check(FlagCode.SHARE_OUT_OF_RANGE, within("value", 0, 100), observed="value", severity=Severity.WARNS),
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
                below("usual_value", "limit_usual_value"),
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
                below("percent_beyond", "limit_percent_beyond_peers", **only("deviations >= limit_deviations")),
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
                below("percent_beyond", "limit_percent_beyond_own_years", **only("deviations >= limit_deviations")),
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
                at_most("interval_gap", "limit_interval_gap"),
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
                at_most("distance", "limit_distance"),
                observed="value",
                expected="baseline_value",
            ),
        ),
    ),
    Suite(
        name="announced_updates_have_come",
        query="select * from confidential.check_expected_update",
        checks=(Check(FlagCode.OVERDUE_UPDATE, none_of("is_overdue", True), expected="due_on"),),
    ),
    Suite(
        name="participants_live_in_the_area",
        query="select * from confidential.check_participants",
        checks=(
            Check(
                FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS,
                at_most("persons", "residents"),
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
                at_most("distance", "limit_distance"),
                observed="total",
                expected="upper_bound",
            ),
        ),
    ),
    Suite(
        name="closed_years_stay",
        query="select * from confidential.check_restatement",
        checks=(Check(FlagCode.RESTATED, equal("old_value", "new_value"), observed="new_value", expected="old_value"),),
    ),
    Suite(
        name="sources_agree",
        query="select * from confidential.check_comparison",
        checks=(
            Check(
                FlagCode.SOURCE_DISAGREEMENT,
                none_of("is_disagreement", True),
                observed="value",
                expected="published_value",
            ),
        ),
    ),
    Suite(
        name="corrections_still_correct",
        query="select *, correction_id as detail from confidential.check_correction where deliveries_count > 0",
        checks=(Check(FlagCode.CORRECTION_EXPIRED, within("rows_corrected", 1, None), observed="rows_corrected"),),
    ),
    Suite(
        name="months_have_records",
        query="select * from confidential.check_source_month",
        checks=(
            Check(
                FlagCode.MONTH_GAP,
                at_most("limit_empty_months_by_chance", "empty_months_by_chance"),
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
                FlagCode.LATE_DELIVERY, at_most("days_late", "limit_days"), observed="delivered_on", expected="due_on"
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
            # also of a file that is refused: its name may be personal
            Check(FlagCode.PERSONAL_DATA_FOUND, within("values_redacted", 0, 0)),
        ),
    ),
    Suite(
        name="landed_batches_are_whole",
        query="select * from confidential.check_delivery where status = 'loaded'",
        checks=(
            Check(
                FlagCode.CONTROL_TOTAL_MISMATCH,
                equal("rows_read", "control_total"),
                observed="rows_read",
                expected="control_total",
            ),
            *(
                Check(code, within(column, 0, 0), observed=column)
                for code, column in (
                    (FlagCode.UNKNOWN_AREA_ROWS, "rows_unknown_area"),
                    (FlagCode.OUTSIDE_PERIOD_ROWS, "rows_outside_period"),
                    (FlagCode.QUARANTINED_ROWS, "rows_unusable"),
                    (FlagCode.CONFLICTING_DUPLICATE, "rows_conflicting"),
                    (FlagCode.SCHEMA_DRIFT, "unknown_count"),
                )
            ),
        ),
    ),
)
