"""A delaftale over time: the text as signed, and the versions that the board's revisions made of it.

Two days count. A revision is known from the day it was decided, and in force from the day it takes effect: seen from a
day before the decision the promise is the one that stood then, also where the decision reaches back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from agreements.model import Agreement
from agreements.revisions import Revision, revise


@dataclass(frozen=True)
class Version:
    """The promise in force from `valid_from` to `valid_to` (both included); `number` 0 is the text as signed."""

    number: int
    valid_from: date
    valid_to: date
    agreement: Agreement


@dataclass(frozen=True)
class Step:
    """What one revision did: the agreement before and after it."""

    revision: Revision
    before: Agreement
    after: Agreement


@dataclass(frozen=True)
class LivingAgreement:
    """One delaftale with everything that was decided about it, in the order of the decisions."""

    signed: Agreement
    revisions: tuple[Revision, ...] = ()

    @property
    def agreement_id(self) -> str:
        return self.signed.agreement_id

    def known(self, known_on: date) -> tuple[Revision, ...]:
        """The revisions decided up to `known_on`, those that others replaced included."""
        return tuple(revision for revision in self.revisions if revision.decided_on <= known_on)

    def standing(self, known_on: date) -> tuple[Revision, ...]:
        """The known revisions that no other known one replaces, in the order in which they take effect."""
        known = self.known(known_on)
        replaced = {revision.replaces for revision in known}
        # the sort is stable: one effective_from keeps the order of the decisions
        return tuple(
            sorted((one for one in known if one.revision_id not in replaced), key=lambda one: one.effective_from)
        )

    def steps(self, known_on: date) -> Iterator[Step]:
        """What each standing revision did, one after the other."""
        before = self.signed
        for revision in self.standing(known_on):
            after = revise(before, revision)
            yield Step(revision, before, after)
            before = after

    def versions(self, known_on: date) -> tuple[Version, ...]:
        """The versions that follow one another from the first to the last day, with the decisions up to `known_on`.

        Revisions that take effect on one day make one version. When that is the agreement's first day, the text as
        signed was never in force and there is no number 0.
        """
        starts = [(self.signed.valid_from, 0, self.signed)]
        for number, (day, steps) in enumerate(
            groupby(self.steps(known_on), key=lambda step: step.revision.effective_from), 1
        ):
            starts.append((day, number, [step.after for step in steps][-1]))
        ends = [day - timedelta(days=1) for day, _, _ in starts[1:]] + [self.signed.valid_to]
        return tuple(
            Version(number, day, end, agreement)
            for (day, number, agreement), end in zip(starts, ends, strict=True)
            if day <= end
        )

    def in_force(self, day: date, known_on: date) -> Version:
        """The version in force on `day`, as known on `known_on`; the first before the agreement, the last after it."""
        versions = self.versions(known_on)
        return next((one for one in reversed(versions) if one.valid_from <= day), versions[0])

    @property
    def decision_days(self) -> tuple[date, ...]:
        """The days on which the board decided; between two of them `versions` does not change."""
        return tuple(sorted({revision.decided_on for revision in self.revisions}))

    def every_version(self) -> tuple[Version, ...]:
        """Every version that was ever known, whatever replaced it later."""
        return tuple(version for day in (date.min, *self.decision_days) for version in self.versions(day))

    @cached_property
    def sources(self) -> frozenset[str]:
        """The sources of every version, of those that only a revision brings in too."""
        return frozenset(source for version in self.every_version() for source in version.agreement.sources)
