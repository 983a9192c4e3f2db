"""Keyed pseudonyms: HMAC-SHA256 over the normalised number, with a key that only ingest holds.

An unkeyed hash of a CPR number can be enumerated in minutes, hence the key. A pseudonym is still personal data.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass

from vocabulary.errors import KeyMismatch, KeyUnusable
from vocabulary.settings import Settings
from warehouse.ledger import Ledger, LedgerRecord

MINIMUM_KEY_LENGTH = 32
CPR_DIGITS = 10


@dataclass(frozen=True)
class PseudonymKey:
    """The secret and where it came from; `key_id` tells two keys apart and reveals neither."""

    secret: bytes
    where: str

    @property
    def key_id(self) -> str:
        return hmac.new(self.secret, b"omraadetal key id", hashlib.sha256).hexdigest()[:8]

    def pseudonym(self, identity: str) -> str:
        """32 hex digits for a person's number. Equal numbers, however written, give equal pseudonyms."""
        return hmac.new(self.secret, normalise_identity(identity).encode(), hashlib.sha256).hexdigest()[:32]


def normalise_identity(identity: str) -> str:
    """A CPR number as ten digits (a leading zero that a spreadsheet dropped put back); other ids trimmed.

    Replacement numbers (day + 60) and numbers that fail modulus 11 are treated like any other.
    """
    compact = re.sub(r"[\s-]", "", identity)
    if compact.isdecimal() and len(compact) in (CPR_DIGITS - 1, CPR_DIGITS):
        return compact.zfill(CPR_DIGITS)
    return identity.strip().casefold()


def load_key(settings: Settings) -> PseudonymKey:
    """The key from the environment, else from the key file, which is made on first use (mode 0600).

    Raises KeyUnusable for a short key, a file that others can read, or a place that cannot be written.
    """
    if settings.key:
        return _checked(settings.key, "the environment variable OMRAADETAL_PSEUDONYM_KEY")
    path = settings.key_file
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyUnusable(where=path, problem="others than its owner can read it")
        return _checked(path.read_text().strip(), str(path))
    except UnicodeDecodeError:
        raise KeyUnusable(where=path, problem="it holds no text") from None
    except OSError as error:
        raise KeyUnusable(where=path, problem=error.strerror or "unknown cause") from None


def refuse_other_key(key: PseudonymKey, ledger: Ledger, records: list[LedgerRecord]) -> None:
    """Raise KeyMismatch, before anything is written, where the store was made with another key."""
    others = ledger.key_ids(records) - {key.key_id}
    if others:
        raise KeyMismatch(
            store=ledger.store.root, ledger_key_id=", ".join(sorted(others)), key_id=key.key_id, where=key.where
        )


def _checked(secret: str, where: str) -> PseudonymKey:
    if len(secret) < MINIMUM_KEY_LENGTH:
        raise KeyUnusable(where=where, problem=f"it has {len(secret)} characters")
    return PseudonymKey(secret.encode(), where)
