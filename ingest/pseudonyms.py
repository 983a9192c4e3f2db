"""Keyed pseudonyms: HMAC-SHA256 over the normalised number, with a key that only ingest holds.

An unkeyed hash of a CPR number can be enumerated in minutes, hence the key. A pseudonym is still personal data.
"""

import hmac
import re
from dataclasses import dataclass, field

import pyarrow as pa

from ingest.text_columns import whole

CPR_DIGITS = 10
MOST_REMEMBERED = 500_000
APART = re.compile(r"[\s-]")


@dataclass(frozen=True)
class PseudonymKey:
    """The secret and where it came from; `key_id` tells two keys apart and reveals neither."""

    secret: bytes = field(repr=False)
    where: str

    @property
    def key_id(self) -> str:
        return self._digest("omraadetal key id")[:8]

    def pseudonym(self, identity: str) -> str:
        """32 hex digits for a person's number. Equal numbers, however written, give equal pseudonyms."""
        return self._digest(normalise_identity(identity))[:32]

    def name_key(self, *parts: str) -> str:
        """16 hex digits for the true name of a delivered file, which tell it from others and do not tell it."""
        return self._digest("/".join(("omraadetal file name", *parts)))[:16]

    def _digest(self, text: str) -> str:
        return hmac.digest(self.secret, text.encode(errors="surrogateescape"), "sha256").hex()


class Pseudonyms:
    """The pseudonyms of one key, each worked out once while it is likely to be asked for again."""

    def __init__(self, key: PseudonymKey) -> None:
        self.key = key
        self._known: dict[str, str] = {}

    def of(self, identities: pa.Array) -> pa.Array:
        """The pseudonym of each identity; null stays null."""
        if len(self._known) > MOST_REMEMBERED:
            self._known = {}
        coded = whole(identities).dictionary_encode()
        asked, known = coded.dictionary.to_pylist(), self._known
        new = [one for one in asked if one not in known]
        known.update(zip(new, map(self.key.pseudonym, new), strict=True))
        return pa.array([known[one] for one in asked], pa.string()).take(coded.indices)


def normalise_identity(identity: str) -> str:
    """A CPR number as ten digits (a leading zero that a spreadsheet dropped put back); other ids trimmed.

    Replacement numbers (day + 60) and numbers that fail modulus 11 are treated like any other.
    """
    compact = APART.sub("", identity)
    if compact.isdecimal() and len(compact) in (CPR_DIGITS - 1, CPR_DIGITS):
        return compact.zfill(CPR_DIGITS)
    return identity.strip().casefold()
