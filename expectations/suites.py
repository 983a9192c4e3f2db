"""The suites: which expectation over which facts raises which flag. A new check is an entry here."""

from collections.abc import Callable
from dataclasses import dataclass

import great_expectations.expectations as gxe

from vocabulary.flags import FlagCode


@dataclass(frozen=True)
class Check:
    """One expectation, the flag its failing rows become, and the columns that show observed against expected."""

    flag_code: FlagCode
    expectation: Callable[[], gxe.Expectation]
    observed: str | None = None
    expected: str | None = None


@dataclass(frozen=True)
class Suite:
    """Checks over the rows of one query."""

    name: str
    query: str
    checks: tuple[Check, ...]


SUITES = (
    Suite(
        name="expected_figures_are_there",
        # a rate is missing where its numerator or denominator is, and that is flagged there
        query="select * from confidential.check_figure where measure_kind <> 'rate'",
        checks=(
            Check(
                FlagCode.MISSING_FIGURE,
                lambda: gxe.ExpectColumnValuesToNotBeInSet(column="value_state", value_set=["missing"]),
                expected="due_on",
            ),
            Check(
                FlagCode.INCOMPLETE_PERIOD,
                lambda: gxe.ExpectColumnValuesToNotBeInSet(column="value_state", value_set=["incomplete"]),
                observed="covered_days",
                expected="expected_days",
            ),
        ),
    ),
    Suite(
        name="shares_are_shares",
        query="select * from confidential.check_figure where unit = 'procent' and value is not null",
        checks=(
            Check(
                FlagCode.SHARE_OUT_OF_RANGE,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="value", min_value=0, max_value=100),
                observed="value",
            ),
        ),
    ),
    Suite(
        name="waves_use_one_instrument",
        query="select * from confidential.check_figure where value_state = 'observed'",
        checks=(
            Check(
                FlagCode.SERIES_BREAK,
                lambda: gxe.ExpectColumnValuesToNotBeInSet(column="is_series_break", value_set=[True]),
                observed="instrument",
            ),
        ),
    ),
    Suite(
        name="areas_add_up",
        query="select * from confidential.check_area_sum",
        checks=(
            Check(
                FlagCode.AREA_SUM_MISMATCH,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="distance", min_value=0, max_value=1e-6),
                observed="total",
                expected="upper_bound",
            ),
        ),
    ),
    Suite(
        name="closed_years_stay",
        query="select * from confidential.check_restatement",
        checks=(
            Check(
                FlagCode.RESTATED,
                lambda: gxe.ExpectColumnPairValuesToBeEqual(
                    column_A="old_value", column_B="new_value", ignore_row_if="either_value_is_missing"
                ),
                observed="new_value",
                expected="old_value",
            ),
        ),
    ),
    Suite(
        name="sources_agree",
        query="select * from confidential.check_comparison",
        checks=(
            Check(
                FlagCode.SOURCE_DISAGREEMENT,
                lambda: gxe.ExpectColumnValuesToNotBeInSet(column="is_disagreement", value_set=[True]),
                observed="value",
                expected="published_value",
            ),
        ),
    ),
    Suite(
        name="corrections_still_correct",
        query="select * from confidential.check_correction where deliveries_count > 0",
        checks=(
            Check(
                FlagCode.CORRECTION_EXPIRED,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="rows_corrected", min_value=1),
                observed="rows_corrected",
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
        name="deliveries_are_whole",
        query="select * from confidential.check_delivery where status = 'loaded'",
        checks=(
            Check(
                FlagCode.CONTROL_TOTAL_MISMATCH,
                lambda: gxe.ExpectColumnPairValuesToBeEqual(
                    column_A="rows_read", column_B="control_total", ignore_row_if="either_value_is_missing"
                ),
                observed="rows_read",
                expected="control_total",
            ),
            Check(
                FlagCode.QUARANTINED_ROWS,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="rows_quarantined", min_value=0, max_value=0),
                observed="rows_quarantined",
            ),
            Check(
                FlagCode.CONFLICTING_DUPLICATE,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="rows_conflicting", min_value=0, max_value=0),
                observed="rows_conflicting",
            ),
            Check(
                FlagCode.PERSONAL_DATA_FOUND,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="values_redacted", min_value=0, max_value=0),
            ),
            Check(
                FlagCode.SCHEMA_DRIFT,
                lambda: gxe.ExpectColumnValuesToBeBetween(column="unknown_count", min_value=0, max_value=0),
                observed="unknown_count",
            ),
        ),
    ),
)
