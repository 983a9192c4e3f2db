"""A delaftale over time: the text as signed, and the versions that the board's revisions made of it."""

from dataclasses import dataclass
from datetime import date

from agreements.model import Agreement


@dataclass(frozen=True)
class Version:
    """The promise in force from `valid_from` to `valid_to` (both included); `number` 0 is the text as signed."""

    number: int
    valid_from: date
    valid_to: date
    agreement: Agreement


@dataclass(frozen=True)
class LivingAgreement:
    """One delaftale with everything that was decided about it."""

    signed: Agreement

    @property
    def agreement_id(self) -> str:
        return self.signed.agreement_id

    def versions(self, known_on: date) -> tuple[Version, ...]:
        """The versions that follow one another, with the decisions taken up to `known_on`."""
        return (Version(0, self.signed.valid_from, self.signed.valid_to, self.signed),)
