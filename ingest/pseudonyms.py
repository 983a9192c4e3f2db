"""Keyed pseudonyms: HMAC-SHA256 over the normalised number, with a key that only ingest holds.

An unkeyed hash of a CPR number can be enumerated in minutes, hence the key. A pseudonym is still personal data.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

CPR_DIGITS = 10


@dataclass(frozen=True)
class PseudonymKey:
    """The secret and where it came from; `key_id` tells two keys apart and reveals neither."""

    secret: bytes = field(repr=False)
    where: str

    @property
    def key_id(self) -> str:
        return hmac.new(self.secret, b"omraadetal key id", hashlib.sha256).hexdigest()[:8]

    def pseudonym(self, identity: str) -> str:
        """32 hex digits for a person's number. Equal numbers, however written, give equal pseudonyms."""
        return self._digest(normalise_identity(identity))[:32]

    def name_key(self, *parts: str) -> str:
        """16 hex digits for the true name of a delivered file, which tell it from others and do not tell it."""
        return self._digest("/".join(("omraadetal file name", *parts)))[:16]

    def _digest(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()


def normalise_identity(identity: str) -> str:
    """A CPR number as ten digits (a leading zero that a spreadsheet dropped put back); other ids trimmed.

    Replacement numbers (day + 60) and numbers that fail modulus 11 are treated like any other.
    """
    compact = re.sub(r"[\s-]", "", identity)
    if compact.isdecimal() and len(compact) in (CPR_DIGITS - 1, CPR_DIGITS):
        return compact.zfill(CPR_DIGITS)
    return identity.strip().casefold()
