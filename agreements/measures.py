"""How an indicator's value is made from records, and for which years it is expected."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from agreements.yaml_files import Strict
from vocabulary.states import YearKind

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class MeasureKind(StrEnum):
    """How an indicator's value is made from records. A new indicator of a known kind needs no code."""

    COUNT_RECORDS = "count_records"
    DISTINCT_PERSONS = "distinct_persons"
    WEIGHTED_SHARE = "weighted_share"
    SUM = "sum"
    RATE = "rate"
    PUBLISHED_VALUE = "published_value"


class FigureType(StrEnum):
    """flow: counted over the year; stock: at one date; share: of those asked in a wave."""

    FLOW = "flow"
    STOCK = "stock"
    SHARE = "share"


class Operator(StrEnum):
    """How a condition compares a record's attribute with its value."""

    EQUALS = "equals"
    ONE_OF = "one_of"
    STARTS_WITH = "starts_with"
    BELOW = "below"
    NOT_BLANK = "not_blank"


class Condition(Strict):
    """A record counts only if every condition of its measure holds."""

    attribute: Identifier
    operator: Operator
    value: str | None = None
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _value_where_needed(self) -> "Condition":
        needs_one = self.operator not in (Operator.NOT_BLANK, Operator.ONE_OF)
        if (self.value is not None) != needs_one:
            raise ValueError(f"the operator {self.operator} needs {'a' if needs_one else 'no'} value")
        if bool(self.values) != (self.operator is Operator.ONE_OF):
            raise ValueError("values belong to the operator one_of, which needs them")
        return self


class Measure(Strict):
    """Which records of which source make the figure, and how.

    count_records: how many. distinct_persons: how many persons. sum: of the number in `amount`. weighted_share: in per
    cent, of those who gave an `answer`. published_value: as delivered; the parts of a year are added for a flow, and
    the first one stands for a stock. rate: the figure of the indicator `numerator` per `per` of `denominator`.
    """

    kind: MeasureKind
    type: FigureType
    source: Identifier | None = None
    dataset: str | None = None
    conditions: tuple[Condition, ...] = ()
    answer: Identifier | None = None
    hits: tuple[str, ...] = ()
    non_responses: tuple[str, ...] = ()
    amount: Identifier | None = None
    numerator: Identifier | None = None
    denominator: Identifier | None = None
    per: float = Field(default=100, gt=0)
    contributors: Literal["persons", "none"] = "persons"
    all_areas: Literal["records", "sum_of_areas"] = "records"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Measure":
        needs = {
            "source": self.kind is not MeasureKind.RATE,
            "answer": self.kind is MeasureKind.WEIGHTED_SHARE,
            "hits": self.kind is MeasureKind.WEIGHTED_SHARE,
            "amount": self.kind is MeasureKind.SUM,
            "numerator": self.kind is MeasureKind.RATE,
            "denominator": self.kind is MeasureKind.RATE,
        }
        for name, is_needed in needs.items():
            if bool(getattr(self, name)) != is_needed:
                raise ValueError(f"a {self.kind} needs {name}" if is_needed else f"{name} is not for a {self.kind}")
        return self


class Wave(Strict):
    """One round of a survey; another instrument than the wave before is a series break."""

    year: int
    instrument: str
    due_by: date | None = None
    note: str | None = None


class Calendar(Strict):
    """Which years a figure is expected for, and when it is due.

    `yearly`: every year that overlaps the agreement (from `first_year` to `last_year`, where they are said). `waves`:
    the years of the survey's waves, from the first wave to as-of. `as_delivered`: the years that the source delivers
    (context figures). Due `due_days_after_period`, or on `due_by` (month-day) after the period, or by the wave's date.
    """

    cadence: Literal["yearly", "waves", "as_delivered"]
    year_kinds: tuple[YearKind, ...] = Field(min_length=1)
    waves: tuple[Wave, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    due_days_after_period: int = Field(default=45, ge=0)
    due_by: str | None = Field(default=None, pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")

    @model_validator(mode="after")
    def _waves_are_named(self) -> "Calendar":
        if (self.cadence == "waves") != bool(self.waves):
            raise ValueError("waves belong to the cadence «waves», which needs at least one")
        if self.cadence != "yearly" and (self.first_year or self.last_year):
            raise ValueError("first_year and last_year belong to the cadence «yearly»")
        return self
