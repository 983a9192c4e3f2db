"""What stands in a delivered CSV file in place of a row that was taken out of it.

A tombstone keeps the lines that the row had, so that line numbers, control totals and the accounting of rows stay.
"""

from collections.abc import Sequence
from enum import StrEnum


class Tombstone(StrEnum):
    """Why a row was taken out: the only content that is left of it, in its first field."""

    ERASED = "[slettet]"
    EXPIRED = "[udløbet]"


def tombstone_of(cells: Sequence[str | None]) -> Tombstone | None:
    """The tombstone that a record is, if it is one: the marker in the first field and nothing beside it."""
    marker, *others = cells
    if marker not in tuple(Tombstone) or any(others):
        return None
    return Tombstone(marker)
