"""What a delaftale says, as pydantic models. The YAML files beside this one are read into them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from agreements.yaml_files import Strict
from vocabulary.states import ALL_AREAS_ID, YearKind

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


class Baseline(Strict):
    """The agreement's own starting point, as its text has it."""

    area: Identifier
    value: float
    year: int
    quote: str
    n: int | None = None
    note: str | None = None


class ExpectedUpdate(Strict):
    """An update that the agreement announces («forventes opdateret …»)."""

    due_by: date
    quote: str


class Target(Strict):
    """What is promised, for which area and kind of year, with the words it rests on."""

    area: Identifier = ALL_AREAS_ID
    value: float = Field(gt=0)
    basis: Literal["per_year"]
    year_kind: YearKind
    pacing: Literal["linear", "none"]
    quote: str
    reading: str | None = None


class NotMeasured(Strict):
    """A cell of the agreement that says «Opgøres ikke»: never measured, which is not missing."""

    area: Identifier
    quote: str


class Indicator(Strict):
    """One promised figure, or a context figure beside them (`goal` is then null)."""

    indicator_id: Identifier
    name: str
    goal: Identifier | None
    definition_version: str
    definition_da: str
    quote: str | None
    data_source: str
    is_activity_close: bool = False
    unit: Literal["antal", "personer", "procent", "kroner"]
    better: Literal["higher", "lower"] | None = None
    areas: tuple[Identifier, ...]
    not_measured: tuple[NotMeasured, ...] = ()
    calendar: Calendar
    measure: Measure
    baseline: Baseline | None = None
    expected_update: ExpectedUpdate | None = None
    target: Target | None = None
    note: str | None = None


class Goal(Strict):
    """A delmål."""

    goal_id: Identifier
    name: str


class Activity(Strict):
    """An activity of the agreement, with the purpose it states."""

    name: str
    purpose: str
    areas: tuple[Identifier, ...]
    target_group: str
    responsible: str


class StaffShare(Strict):
    """How much of a position's time goes to this agreement."""

    position: str
    share_pct: float = Field(gt=0, le=100)
    of_total_capacity: bool


class RevisionRule(Strict):
    """Who proposes, who decides, and where the decision stands."""

    proposed_by: str
    cadence: str
    urgent: str
    decided_by: str
    recorded_in: str
    requested_by: str
    quote: str


class Party(Strict):
    """A party to the agreement."""

    name: str


class Agreement(Strict):
    """One delaftale, complete."""

    agreement_id: Identifier
    title: str
    programme: str
    intervention_area: str
    parent_agreement: str
    valid_from: date
    valid_to: date
    parties: tuple[Party, ...]
    areas: tuple[Identifier, ...]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    activities: tuple[Activity, ...]
    staff: tuple[StaffShare, ...]
    municipal_context: str
    yearly_rule: str
    revision: RevisionRule

    @model_validator(mode="after")
    def _hangs_together(self) -> "Agreement":
        if self.valid_to <= self.valid_from:
            raise ValueError("valid_to must come after valid_from")
        indicator_ids = [indicator.indicator_id for indicator in self.indicators]
        if len(set(indicator_ids)) != len(indicator_ids):
            raise ValueError("an indicator_id stands twice")
        goal_ids = {goal.goal_id for goal in self.goals}
        for indicator in self.indicators:
            if indicator.goal is not None and indicator.goal not in goal_ids:
                raise ValueError(f"{indicator.indicator_id}: the goal «{indicator.goal}» is not in goals")
        return self

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(indicator.measure.source for indicator in self.indicators)
