"""How an indicator's value is made from records, and for which years it is expected."""

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
    PUBLISHED_VALUE = "published_value"


class FigureType(StrEnum):
    """flow: counted over the year; stock: at one date; share: of those asked in a wave."""

    FLOW = "flow"
    STOCK = "stock"
    SHARE = "share"


class Operator(StrEnum):
    """How a condition compares a record's attribute with its value."""

    EQUALS = "equals"
    STARTS_WITH = "starts_with"
    BELOW = "below"
    NOT_BLANK = "not_blank"


class Condition(Strict):
    """A record counts only if every condition of its measure holds."""

    attribute: Identifier
    operator: Operator
    value: str | None = None

    @model_validator(mode="after")
    def _value_where_needed(self) -> "Condition":
        if (self.value is None) != (self.operator is Operator.NOT_BLANK):
            raise ValueError(f"the operator {self.operator} needs {'a' if self.value is None else 'no'} value")
        return self


class Measure(Strict):
    """Which records of which source make the figure, and how."""

    kind: MeasureKind
    type: FigureType
    source: Identifier
    dataset: str | None = None
    conditions: tuple[Condition, ...] = ()
    answer: Identifier | None = None
    hits: tuple[str, ...] = ()
    non_responses: tuple[str, ...] = ()
    contributors: Literal["persons", "none"] = "persons"
    all_areas: Literal["records", "sum_of_areas"] = "records"

    @model_validator(mode="after")
    def _share_has_answers(self) -> "Measure":
        if (self.kind is MeasureKind.WEIGHTED_SHARE) != (self.answer is not None and bool(self.hits)):
            raise ValueError("answer and hits belong to a weighted_share, and a weighted_share needs both")
        return self


class Wave(Strict):
    """One round of a survey; another instrument than the wave before is a series break."""

    year: int
    instrument: str
    note: str | None = None


class Calendar(Strict):
    """Which years a figure is expected for, and when it is due.

    `yearly`: every year that overlaps the agreement. `waves`: the years of the survey's waves, from the first wave
    to as-of. `as_delivered`: the years that the source delivers (context figures).
    """

    cadence: Literal["yearly", "waves", "as_delivered"]
    year_kinds: tuple[YearKind, ...]
    waves: tuple[Wave, ...] = ()
    due_days_after_period: int = Field(default=45, ge=0)

    @model_validator(mode="after")
    def _waves_are_named(self) -> "Calendar":
        if (self.cadence == "waves") != bool(self.waves):
            raise ValueError("waves belong to the cadence «waves», which needs at least one")
        return self
