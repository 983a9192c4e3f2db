"""What a check is, and the expectations that checks are written with."""

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


def none_of(column: str, *values: object, **options: object) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=list(values), **options)


def within(column: str, low: float | None, high: float | None) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)


def equal(column: str, other: str) -> Callable[[], gxe.Expectation]:
    return lambda: gxe.ExpectColumnPairValuesToBeEqual(
        column_A=column, column_B=other, ignore_row_if="either_value_is_missing"
    )


def at_most(column: str, limit: str, **options: object) -> Callable[[], gxe.Expectation]:
    """`column` <= `limit`; rows in which either is blank are passed over."""
    return lambda: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=limit, column_B=column, or_equal=True, ignore_row_if="either_value_is_missing", **options
    )


def below(column: str, limit: str, **options: object) -> Callable[[], gxe.Expectation]:
    """`column` < `limit`; rows in which either is blank are passed over."""
    return lambda: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=limit, column_B=column, ignore_row_if="either_value_is_missing", **options
    )


def only(condition: str) -> dict[str, object]:
    """The expectation is about the rows that meet the condition."""
    return {"row_condition": condition, "condition_parser": "pandas"}
