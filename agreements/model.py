"""What a delaftale says, as pydantic models. The YAML files beside this one are read into them."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from agreements.measures import Calendar, Identifier, Measure
from agreements.yaml_files import Strict
from vocabulary.states import ALL_AREAS_ID, YearKind


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
