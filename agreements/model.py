"""What a delaftale says, as pydantic models. The YAML files beside this one are read into them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from agreements.contradictions import in_agreement, in_indicator
from agreements.measures import Calendar, Identifier, Measure
from agreements.yaml_files import Strict, refuse
from vocabulary.states import ALL_AREAS_ID, YearKind

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Baseline(Strict):
    """The agreement's own starting point, as its text has it.

    `n` is the effective number of answers behind a share, where the agreement tells it. `areas` are those it stands
    for, where they are others than the agreement's.
    """

    area: Identifier
    value: float
    year: int
    quote: str
    n: float | None = Field(default=None, gt=0)
    areas: tuple[Identifier, ...] = ()
    note: str | None = None


class ExpectedUpdate(Strict):
    """An update that the agreement announces («forventes opdateret …»)."""

    due_by: date
    quote: str


class Target(Strict):
    """What is promised, for which area and kind of year, with the words it rests on.

    per_year: for each year. cumulative: for the whole period of the agreement; a year is then judged by what has been
    reached from the first day of the agreement to the end of that year.
    """

    area: Identifier = ALL_AREAS_ID
    value: float = Field(gt=0)
    basis: Literal["per_year", "cumulative"]
    year_kind: YearKind
    pacing: Literal["linear", "none"]
    quote: str
    reading: str | None = None


class NotMeasured(Strict):
    """A cell of the agreement that says «Opgøres ikke»: never measured, which is not missing."""

    area: Identifier
    quote: str


class Indicator(Strict):
    """One promised figure, or a context figure beside them (`goal` is then null).

    `also_published` is where somebody else publishes the same figure; both are kept and compared.
    """

    indicator_id: Identifier
    name: str
    goal: Identifier | None
    definition_version: str
    definition_da: str
    quote: str | None
    data_source: str
    is_activity_close: bool = False
    unit: Words
    better: Literal["higher", "lower"] | None = None
    areas: tuple[Identifier, ...]
    not_measured: tuple[NotMeasured, ...] = ()
    calendar: Calendar
    measure: Measure
    also_published: Measure | None = None
    baseline: Baseline | None = None
    expected_update: ExpectedUpdate | None = None
    target: Target | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> "Indicator":
        refuse(in_indicator(self))
        return self


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
    """One delaftale, complete; `is_example` marks one that nobody has signed."""

    agreement_id: Identifier
    title: str
    is_example: bool = False
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
        refuse(in_agreement(self))
        return self

    @property
    def sources(self) -> frozenset[str]:
        measures = [measure for one in self.indicators for measure in (one.measure, one.also_published) if measure]
        return frozenset(measure.source for measure in measures if measure.source)
