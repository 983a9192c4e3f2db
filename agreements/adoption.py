"""Whether revisions hang together: each must fit the agreement as it stood when the board decided.

They are read in the order of the file. A fault is the fault of the revision with which it first appears, and is placed
at that revision's keys, also where it shows in an older one that no longer fits.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import ValidationError, ValidationInfo, model_validator

from agreements.contradictions import Known, among_known
from agreements.living import LivingAgreement, Step
from agreements.model import Agreement, Indicator
from agreements.revisions import Change, Revision, overlap, place, revise
from agreements.yaml_files import Fault, refuse

Definitions = dict[tuple[str, str], dict[str, Any]]
"""(indicator_id, definition_version) -> what the version says, by field."""

DEFINITION_FIELDS = ("measure", "unit", "definition_da")


class AgreementFile(Agreement):
    """One agreement's file: the text as signed, and the revisions appended to it.

    Validated with what is Known as context, it may name nothing else.
    """

    revisions: tuple[Revision, ...] = ()

    @model_validator(mode="after")
    def _revisions_fit(self, info: ValidationInfo) -> "AgreementFile":
        living = self.living
        known = info.context if isinstance(info.context, Known) else None
        if known:
            refuse(among_known(living.signed, known))
        definitions: Definitions = {}
        refuse(_of_definitions(living.signed, definitions))
        for number in range(len(living.revisions)):
            so_far = LivingAgreement(living.signed, living.revisions[: number + 1])
            for faults in (_of_decision(so_far), _of_overlap(so_far), _of_text(so_far, known, definitions)):
                refuse(fault.under("revisions", number) for fault in faults)
        return self

    @property
    def living(self) -> LivingAgreement:
        signed = Agreement.model_validate({key: getattr(self, key) for key in Agreement.model_fields})
        return LivingAgreement(signed, self.revisions)


def _of_decision(so_far: LivingAgreement) -> Iterator[Fault]:
    """Faults in the id, the dates and `replaces` of the newest revision."""
    *earlier, newest = so_far.revisions
    signed = so_far.signed
    if newest.revision_id in {one.revision_id for one in earlier}:
        yield Fault(("revision_id",), f"the revision_id «{newest.revision_id}» stands twice")
    if earlier and newest.decided_on < earlier[-1].decided_on:
        problem = f"decided before {earlier[-1].revision_id}, which stands above it; revisions are appended"
        yield Fault(("decided_on",), problem)
    if not signed.valid_from <= newest.effective_from <= signed.valid_to:
        problem = f"lies outside the agreement, {signed.valid_from} to {signed.valid_to}"
        yield Fault(("effective_from",), problem)
    if newest.replaces and newest.replaces not in {one.revision_id for one in earlier}:
        yield Fault(("replaces",), f"there is no revision «{newest.replaces}» above it")
    replaced_by = next((one for one in earlier if one.replaces and one.replaces == newest.replaces), None)
    if replaced_by:
        yield Fault(("replaces",), f"{newest.replaces} was already replaced by {replaced_by.revision_id}")


def _of_overlap(so_far: LivingAgreement) -> Iterator[Fault]:
    """Things that the newest revision sets twice, or that another one sets from the same day on."""
    newest = so_far.revisions[-1]
    things = newest.things
    for at, (number, thing) in enumerate(things):
        if any(overlap(thing, other) for _, other in things[:at]):
            yield Fault(("changes", number), f"{' '.join(thing)} is set twice in one revision")
    for other in so_far.standing(date.max):
        if other is newest or other.effective_from != newest.effective_from:
            continue
        for number, thing in things:
            if any(overlap(thing, older) for _, older in other.things):
                problem = (
                    f"overlaps with {other.revision_id}, which sets {' '.join(thing)} from the same day; "
                    f"say replaces: {other.revision_id}, or another effective_from"
                )
                yield Fault(("changes", number), problem)


def _of_text(so_far: LivingAgreement, known: Known | None, definitions: Definitions) -> Iterator[Fault]:
    """Faults in the versions that come of the revisions so far. Adds to `definitions`."""
    newest = so_far.revisions[-1]
    steps, unfit = _steps(so_far)
    if unfit:
        yield from unfit
        return
    for revision, before, after in ((step.revision, step.before, step.after) for step in steps):
        found = [*(among_known(after, known) if known else ()), *_of_definitions(after, definitions)]
        for fault in found:
            is_own = revision is newest
            problem = fault.problem if is_own else f"then {revision.revision_id} no longer fits: {fault.problem}"
            yield Fault(place(newest, after, fault.location) if is_own else ("changes",), problem)
        if revision is newest and not newest.replaces:
            for number, change in enumerate(newest.changes):
                if _changes_nothing(change, before, after):
                    yield Fault(("changes", number), "changes nothing: all of it stands already")
    earlier = LivingAgreement(so_far.signed, so_far.revisions[:-1])
    if newest.replaces and _timeline(earlier) == _timeline(so_far):
        yield Fault(("changes",), f"changes nothing: {newest.replaces} says the same")


def _steps(so_far: LivingAgreement) -> tuple[list[Step], list[Fault]]:
    """The steps, and the faults of the first that cannot be taken, placed in the newest revision."""
    newest = so_far.revisions[-1]
    steps: list[Step] = []
    before = so_far.signed
    for revision in so_far.standing(date.max):
        try:
            after = revise(before, revision)
        except ValidationError as error:
            return steps, list(_moved(error, revision, newest))
        steps.append(Step(revision, before, after))
        before = after
    return steps, []


def _moved(error: ValidationError, revision: Revision, newest: Revision) -> Iterator[Fault]:
    for fault in error.errors(include_url=False, include_input=False):
        if revision is newest:
            yield Fault(fault["loc"], fault["msg"])
        else:
            yield Fault(("changes",), f"then {revision.revision_id} no longer fits: {fault['msg']}")


def _of_definitions(agreement: Agreement, definitions: Definitions) -> Iterator[Fault]:
    for at, indicator in enumerate(agreement.indicators):
        said = {key: getattr(indicator, key) for key in DEFINITION_FIELDS}
        known = definitions.setdefault((indicator.indicator_id, indicator.definition_version), said)
        differing = [key for key in DEFINITION_FIELDS if known[key] != said[key]]
        if differing:
            problem = (
                f"{indicator.indicator_id}: two definitions under version {indicator.definition_version}; "
                f"a new {' and '.join(differing)} needs a new definition_version"
            )
            yield Fault(("indicators", at, differing[0]), problem)


def _changes_nothing(change: Change, before: Agreement, after: Agreement) -> bool:
    if change.agreement:
        return all(getattr(before, key) == getattr(after, key) for key in change.agreement.model_fields_set)
    return bool(change.set) and _indicator(before, change.indicator) == _indicator(after, change.indicator)


def _indicator(agreement: Agreement, indicator_id: str | None) -> Indicator | None:
    return next((one for one in agreement.indicators if one.indicator_id == indicator_id), None)


def _timeline(living: LivingAgreement) -> list[tuple[date, Agreement]]:
    """From which day each text holds; versions with the same text count as one."""
    texts: list[tuple[date, Agreement]] = []
    for version in living.versions(date.max):
        if not texts or texts[-1][1] != version.agreement:
            texts.append((version.valid_from, version.agreement))
    return texts
