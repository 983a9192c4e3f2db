"""The board's revisions of a delaftale, as data: what each one changes, and the agreement that comes of it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, create_model, model_validator

from agreements.measures import Identifier
from agreements.model import Agreement, Indicator, Words
from agreements.yaml_files import Fault, Location, Strict, refuse

RevisionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]

FIXED = frozenset({"agreement_id", "valid_from", "valid_to", "indicators", "is_example"})
"""What no revision may set: what the agreement is, and how long. Indicators have changes of their own."""


def _settings(name: str, model: type[Strict], fixed: frozenset[str]) -> Any:
    """A model with the fields of `model` that may be set, each optional, and each as strict as it is there."""
    fields: dict[str, Any] = {
        key: (Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation, None)
        for key, field in model.model_fields.items()
        if key not in fixed
    }
    return create_model(name, __base__=Strict, **fields)


IndicatorSettings = _settings("IndicatorSettings", Indicator, frozenset({"indicator_id"}))
AgreementSettings = _settings("AgreementSettings", Agreement, FIXED)

Thing = tuple[str, ...]
"""What a change sets: `("agreement", field)` or `("indicator", id, field)`; without field the whole indicator."""


class Change(Strict):
    """One change: exactly one of setting fields of an indicator, adding or removing one, setting the agreement's own.

    A field is set as a whole: a new target replaces the old target with all its keys, a new list the old list.
    """

    indicator: Identifier | None = None
    set: IndicatorSettings | None = None
    add_indicator: Indicator | None = None
    remove_indicator: Identifier | None = None
    agreement: AgreementSettings | None = None

    @model_validator(mode="after")
    def _is_one_change(self) -> "Change":
        if (self.indicator is None) != (self.set is None):
            raise ValueError("indicator and set belong together")
        kinds = (self.indicator, self.add_indicator, self.remove_indicator, self.agreement)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a change is one of indicator with set, add_indicator, remove_indicator, agreement")
        for settings in (self.set, self.agreement):
            if settings is not None and not settings.model_fields_set:
                raise ValueError("the change sets nothing")
        return self

    @property
    def indicator_id(self) -> str | None:
        """The indicator it is about, if it is about one."""
        return self.indicator or self.remove_indicator or (self.add_indicator and self.add_indicator.indicator_id)

    @property
    def things(self) -> tuple[Thing, ...]:
        if self.agreement:
            return tuple(("agreement", key) for key in sorted(self.agreement.model_fields_set))
        if self.set:
            return tuple(("indicator", str(self.indicator), key) for key in sorted(self.set.model_fields_set))
        return (("indicator", str(self.indicator_id)),)


class Revision(Strict):
    """One decision of the board. `replaces` takes an earlier one out of force from the day of this decision on."""

    revision_id: RevisionId
    decided_on: date
    effective_from: date
    minutes: Words
    reason: Words
    replaces: RevisionId | None = None
    changes: tuple[Change, ...] = Field(default=())

    @model_validator(mode="after")
    def _changes_something(self) -> "Revision":
        if not self.changes and not self.replaces:
            raise ValueError("a revision must change something, or replace one that does")
        return self

    @property
    def things(self) -> tuple[tuple[int, Thing], ...]:
        """Everything it sets, with the number of the change that does."""
        return tuple((number, thing) for number, change in enumerate(self.changes) for thing in change.things)


def overlap(one: Thing, other: Thing) -> bool:
    """Whether two changes set the same thing; a whole indicator overlaps each of its fields."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def revise(agreement: Agreement, revision: Revision) -> Agreement:
    """The agreement after the revision, validated. Raises ValidationError with places inside the revision."""
    fields: dict[str, Any] = {key: getattr(agreement, key) for key in Agreement.model_fields}
    for number, change in enumerate(revision.changes):
        if change.agreement:
            fields |= _set_fields(change.agreement)
        else:
            fields["indicators"] = _changed(fields["indicators"], change, ("changes", number))
    try:
        return Agreement.model_validate(fields)
    except ValidationError as error:
        indicator_ids = [one.indicator_id for one in fields["indicators"]]
        refuse(
            Fault(_place(revision, fault["loc"], indicator_ids), fault["msg"])
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise


def place(revision: Revision, agreement: Agreement, location: Location) -> Location:
    """Where in the revision a fault at `location` of the agreement that came of it was written."""
    return _place(revision, location, [one.indicator_id for one in agreement.indicators])


def _changed(indicators: tuple[Indicator, ...], change: Change, where: Location) -> tuple[Indicator, ...]:
    known = [one.indicator_id for one in indicators]
    if change.add_indicator:
        if change.indicator_id in known:
            refuse([Fault((*where, "add_indicator"), f"the indicator «{change.indicator_id}» is already there")])
        return (*indicators, change.add_indicator)
    key = "indicator" if change.set else "remove_indicator"
    if change.indicator_id not in known:
        refuse([Fault((*where, key), f"there is no indicator «{change.indicator_id}» to change at that time")])
    if change.remove_indicator:
        return tuple(one for one in indicators if one.indicator_id != change.indicator_id)
    return tuple(
        _with(one, change.set, (*where, "set")) if one.indicator_id == change.indicator else one for one in indicators
    )


def _with(indicator: Indicator, settings: Strict, where: Location) -> Indicator:
    fields = {key: getattr(indicator, key) for key in Indicator.model_fields}
    try:
        return Indicator.model_validate(fields | _set_fields(settings))
    except ValidationError as error:
        refuse(
            # a fault may show at a key that stood before; then the whole change is named
            Fault((*where, *fault["loc"]) if fault["loc"][0] in settings.model_fields_set else where, fault["msg"])
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise


def _set_fields(settings: Strict) -> dict[str, Any]:
    return {key: getattr(settings, key) for key in settings.model_fields_set}


def _place(revision: Revision, location: Location, indicator_ids: list[str]) -> Location:
    return next(_candidates(revision, location, indicator_ids), ("changes",))


def _candidates(revision: Revision, location: Location, indicator_ids: list[str]) -> Iterator[Location]:
    """Places in the revision for a fault, the closest first."""
    numbered = list(reversed(list(enumerate(revision.changes))))
    mine: list[int] = []
    if location[0] == "indicators" and len(location) > 1:
        indicator_id = indicator_ids[int(location[1])]
        for number, change in numbered:
            if change.indicator_id != indicator_id:
                continue
            mine.append(number)
            if change.add_indicator:
                yield ("changes", number, "add_indicator", *location[2:])
            elif change.set and location[2:] and location[2] in change.set.model_fields_set:
                yield ("changes", number, "set", *location[2:])
    for number, change in numbered:
        if change.agreement and location[0] in change.agreement.model_fields_set:
            yield ("changes", number, "agreement", *location)
    yield from (("changes", number, "agreement") for number, change in numbered if change.agreement)
    yield from (("changes", number) for number in mine)
    yield from (("changes", number) for number, change in numbered if change.remove_indicator)
