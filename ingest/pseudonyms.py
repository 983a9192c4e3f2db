"""Keyed pseudonyms: HMAC-SHA256 over the normalised number, with a key that only ingest holds.

An unkeyed hash of a CPR number can be enumerated in minutes, hence the key. A pseudonym is still personal data.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.text_columns import whole

CPR_DIGITS = 10
PSEUDONYM_BYTES = 16
BLOCK_BYTES = 64
"""Of SHA-256."""

INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
MOST_REMEMBERED = 2_000_000
"""Of about 50 bytes each."""
NONE_KNOWN = pa.nulls(0, pa.string())
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
        return self._digest(normalise_identity(identity))[: 2 * PSEUDONYM_BYTES]

    def pseudonyms(self, identities: pa.Array) -> pa.Array:
        """`pseudonym` of each of many numbers, none of them null: HMAC (RFC 2104) with the key worked in once."""
        secret = self.secret if len(self.secret) <= BLOCK_BYTES else hashlib.sha256(self.secret).digest()
        block = secret.ljust(BLOCK_BYTES, b"\0")
        inner, outer = hashlib.sha256(block.translate(INNER)), hashlib.sha256(block.translate(OUTER))

        def digest(number: bytes) -> bytes:
            inside, outside = inner.copy(), outer.copy()
            inside.update(number)
            outside.update(inside.digest())
            return outside.digest()[:PSEUDONYM_BYTES]

        numbers = _normalised(identities).cast(pa.binary()).to_pylist()
        text = b"".join(map(digest, numbers)).hex().encode()
        ends = np.arange(len(numbers) + 1, dtype=np.int32) * (2 * PSEUDONYM_BYTES)
        return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(text))

    def name_key(self, *parts: str) -> str:
        """16 hex digits for the true name of a delivered file, which tell it from others and do not tell it."""
        return self._digest("/".join(("omraadetal file name", *parts)))[:16]

    def _digest(self, text: str) -> str:
        return hmac.digest(self.secret, text.encode(errors="surrogateescape"), "sha256").hex()


class Pseudonyms:
    """The pseudonyms of one key, each worked out once while it is likely to be asked for again."""

    def __init__(self, key: PseudonymKey) -> None:
        self.key = key
        self._known = NONE_KNOWN, NONE_KNOWN

    def of(self, identities: pa.Array) -> pa.Array:
        """The pseudonym of each identity; null stays null."""
        coded = whole(identities).dictionary_encode()
        asked = coded.dictionary
        known, pseudonyms = self._known if len(self._known[0]) < MOST_REMEMBERED else (NONE_KNOWN, NONE_KNOWN)
        # what is made ready for the search is what was asked for: it is the smaller set
        places = pc.index_in(known, asked)
        there = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
        at = np.full(len(asked), -1)
        at[places.drop_null().to_numpy()] = there
        new = np.flatnonzero(at < 0)
        if len(new):
            at[new] = len(known) + np.arange(len(new))
            strangers = asked.take(pa.array(new))
            known = pa.concat_arrays([known, strangers])
            pseudonyms = pa.concat_arrays([pseudonyms, self.key.pseudonyms(strangers)])
            self._known = known, pseudonyms
        return pseudonyms.take(pa.array(at)).take(coded.indices)


def normalise_identity(identity: str) -> str:
    """A CPR number as ten digits (a leading zero that a spreadsheet dropped put back); other ids trimmed.

    Replacement numbers (day + 60) and numbers that fail modulus 11 are treated like any other.
    """
    compact = identity.replace("-", "")
    if not compact.isdecimal():
        compact = APART.sub("", compact)
    if compact.isdecimal() and len(compact) in (CPR_DIGITS - 1, CPR_DIGITS):
        return compact.zfill(CPR_DIGITS)
    return identity.strip().casefold()


def _normalised(identities: pa.Array) -> pa.Array:
    """`normalise_identity` of each; what most of them are, numbers with or without a stroke, all at once."""
    compact = pc.replace_substring(identities, "-", "")
    is_number = pc.match_substring_regex(compact, f"^[0-9]{{{CPR_DIGITS - 1},{CPR_DIGITS}}}$")
    others = [normalise_identity(identity) for identity in identities.filter(pc.invert(is_number)).to_pylist()]
    padded = pc.utf8_lpad(compact, CPR_DIGITS, "0")
    return pc.replace_with_mask(padded, pc.invert(is_number), pa.array(others, pa.string()))
