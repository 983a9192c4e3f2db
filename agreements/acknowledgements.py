"""Findings that a person has seen and lets stand until a day, as data beside the agreements.

An acknowledgement tells the number it was given for, so that it never covers another one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationInfo, model_validator

from agreements.areas import AREAS_FILE
from agreements.loader import Agreements
from agreements.measures import Identifier
from agreements.yaml_files import Fault, Strict, read_model, refuse
from vocabulary.flags import CATALOGUE, FlagCode
from vocabulary.states import Severity, YearKind

FOLDER = "acknowledgements"


class Scope(Strict):
    """Which findings of a flag are meant: those that agree in every key that is given."""

    agreement: Identifier | None = None
    indicator: Identifier | None = None
    area: Identifier | None = None
    year_kind: YearKind | None = None
    year: int | None = None
    source: Identifier | None = None
    file: str | None = None
    detail: str | None = None


class Acknowledgement(Strict):
    """One decision to let a finding stand from `decided_on` to `until` (both included).

    `observed` is the flag's own text, null where the flag has none; `by` is a role.
    """

    acknowledgement_id: Identifier
    flag: FlagCode
    scope: Scope
    observed: str | None
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    decided_on: date
    until: date


@dataclass(frozen=True)
class Known:
    """What an acknowledgement may name, and the ids that earlier files took, with the file of each."""

    agreements: Agreements
    sources: Collection[str]
    taken: dict[str, str] = field(default_factory=dict)


class AcknowledgementFile(Strict):
    """The acknowledgements of one file, validated with what is Known as context."""

    acknowledgements: tuple[Acknowledgement, ...]

    @model_validator(mode="after")
    def _can_be_meant(self, info: ValidationInfo) -> "AcknowledgementFile":
        known: Known = info.context
        ids = [one.acknowledgement_id for one in self.acknowledgements]
        refuse(
            fault.under("acknowledgements", at)
            for at, one in enumerate(self.acknowledgements)
            for fault in (*_of_id(one, ids[:at], known), *_of_flag(one), *_of_dates(one), *_of_scope(one.scope, known))
        )
        return self


def read_acknowledgements(
    folder: Path, agreements: Agreements, sources: Collection[str]
) -> tuple[Acknowledgement, ...]:
    """Every acknowledgement beside the agreements of `folder`, in the order of files and entries; none without files.

    `sources` are the ids of the known sources. Raises DefinitionInvalid for what cannot be meant.
    """
    known = Known(agreements, sources)
    found: list[Acknowledgement] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        read = read_model(path, AcknowledgementFile, context=known).acknowledgements
        known.taken.update({one.acknowledgement_id: path.name for one in read})
        found.extend(read)
    return tuple(found)


def _of_id(one: Acknowledgement, above: Collection[str], known: Known) -> Iterator[Fault]:
    own = one.acknowledgement_id
    if own in above:
        yield Fault(("acknowledgement_id",), f"the acknowledgement_id «{own}» stands twice")
    elif own in known.taken:
        yield Fault(("acknowledgement_id",), f"the acknowledgement_id «{own}» stands in {known.taken[own]} too")


def _of_flag(one: Acknowledgement) -> Iterator[Fault]:
    if one.flag is FlagCode.ACKNOWLEDGEMENT_EXPIRED:
        yield Fault(("flag",), "decide anew on the finding behind it, or take the expired acknowledgement out")
    elif CATALOGUE[one.flag].severity is Severity.BLOCKS:
        yield Fault(("flag",), f"«{one.flag}» blocks the publication; what blocks cannot be acknowledged")


def _of_dates(one: Acknowledgement) -> Iterator[Fault]:
    if one.until < one.decided_on:
        yield Fault(("until",), f"{one.until} lies before decided_on, {one.decided_on}")


def _of_scope(scope: Scope, known: Known) -> Iterator[Fault]:
    if not scope.model_dump(exclude_none=True):
        yield Fault(("scope",), f"is empty; give at least one of {', '.join(Scope.model_fields)}")
    agreements = {one.agreement_id: one for one in known.agreements.agreements}
    if scope.agreement is not None and scope.agreement not in agreements:
        yield _unknown("agreement", scope.agreement, agreements)
        return
    if scope.indicator is not None:
        asked = agreements.values() if scope.agreement is None else [agreements[scope.agreement]]
        indicators = {
            indicator.indicator_id
            for living in asked
            for version in living.every_version()
            for indicator in version.agreement.indicators
        }
        if scope.indicator not in indicators:
            yield _unknown("indicator", scope.indicator, indicators)
    if scope.area is not None and scope.area not in known.agreements.areas.by_id:
        yield Fault(("scope", "area"), f"the area «{scope.area}» is not in {AREAS_FILE}")
    if scope.source is not None and scope.source not in known.sources:
        yield _unknown("source", scope.source, known.sources)


def _unknown(key: str, value: str, known: Collection[str]) -> Fault:
    return Fault(("scope", key), f"no {key} «{value}»; known: {', '.join(sorted(known))}")
