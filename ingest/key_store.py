"""Where the pseudonym key lies, and that it is the one the store was made with: checked before anything is written.

Beside the key in force (OMRAADETAL_KEY_FILE) may lie one that a rotation has not yet put in force (`.next`), and keys
out of force that readings left behind were made with (`.<key id>`). All are for their owner only.
"""

import os
import secrets
import stat
import uuid
from collections.abc import Iterable
from pathlib import Path

from ingest.pseudonyms import PseudonymKey
from vocabulary.errors import KeyLost, KeyMismatch, KeyUnusable
from vocabulary.settings import Settings
from warehouse.key_rotations import KeyRotations
from warehouse.ledger import Ledger, LedgerRecord
from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER
from warehouse.store import Folder

MINIMUM_KEY_LENGTH = 32
OTHERS_READ = 0o077
OTHERS_WRITE = 0o022


def key_in_force(settings: Settings, ledger: Ledger, records: Iterable[LedgerRecord]) -> PseudonymKey:
    """The key that readings are made with.

    Raises KeyLost where the store was made with a key and there is none, KeyMismatch where it was made with another,
    and KeyUnusable; a new key is made only for a store without pseudonyms.
    """
    made_with = ledger.key_ids(records)
    if made_with and existing_key(settings) is None:
        raise KeyLost(store=ledger.store.root, key_id=", ".join(sorted(made_with)), where=settings.key_file)
    key = load_key(settings)
    refuse_other_key(key, ledger, records)
    return key


def existing_key(settings: Settings) -> PseudonymKey | None:
    """The key from the environment, else from the key file; None where there is neither. Raises KeyUnusable."""
    if settings.key:
        return checked(settings.key, "the environment variable OMRAADETAL_PSEUDONYM_KEY")
    return read_key(settings.key_file)


def load_key(settings: Settings) -> PseudonymKey:
    """The key there is, or a new one in the key file. Raises KeyUnusable."""
    found = existing_key(settings)
    if found is None:
        write_key(settings.key_file, secrets.token_hex(32), replace=False)
        found = read_key(settings.key_file)
    if found is None:
        raise KeyUnusable(where=settings.key_file, problem="it was taken away while it was made")
    return found


def next_file(settings: Settings) -> Path:
    """Where a new key waits until everything is read with it."""
    return settings.key_file.with_name(f"{settings.key_file.name}.next")


def retired_file(settings: Settings, key_id: str) -> Path:
    """Where a key out of force is kept for the readings that were left behind with it."""
    return settings.key_file.with_name(f"{settings.key_file.name}.{key_id}")


def retired_keys(settings: Settings, key_ids: Iterable[str]) -> tuple[PseudonymKey, ...]:
    """The keys out of force that are still at hand, of those with these ids. Raises KeyUnusable."""
    found = (read_key(retired_file(settings, key_id)) for key_id in sorted(key_ids))
    return tuple(key for key in found if key)


def keys_at_hand(settings: Settings, store: Folder) -> tuple[PseudonymKey, ...]:
    """The key in force and those out of force that readings were left behind with. Raises KeyUnusable."""
    key = load_key(settings)
    return (key, *retired_keys(settings, KeyRotations(store).retired_key_ids() - {key.key_id}))


def refuse_other_key(key: PseudonymKey, ledger: Ledger, records: Iterable[LedgerRecord]) -> None:
    """Raise KeyMismatch, before anything is written, where the store was made with another key.

    Readings that a rotation left behind keep its old key, and no others do.
    """
    accepts = KeyRotations(ledger.store).accepted(key.key_id)
    others = ledger.key_ids(record for record in records if not accepts(record))
    if others:
        raise KeyMismatch(
            store=ledger.store.root, ledger_key_id=", ".join(sorted(others)), key_id=key.key_id, where=key.where
        )


def read_key(path: Path) -> PseudonymKey | None:
    """The key in a file, None where there is none. Raises KeyUnusable for a short key, or one that others can reach."""
    try:
        if not path.exists():
            return None
        if stat.S_IMODE(path.stat().st_mode) & OTHERS_READ:
            raise KeyUnusable(where=path, problem="others than its owner can read it")
        if stat.S_IMODE(path.parent.stat().st_mode) & OTHERS_WRITE:
            raise KeyUnusable(where=path, problem="others than its owner can put another file in its place")
        content = path.read_bytes()
    except OSError as error:
        raise KeyUnusable(where=path, problem=error.strerror or "unknown cause") from None
    return checked(content.strip(), str(path))


def write_key(path: Path, secret: str, *, replace: bool) -> None:
    """Write a key whole or not at all, for its owner only; without `replace` one that is there stays.

    Raises KeyUnusable where the place cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{secret}\n")
                file.flush()
                os.fsync(file.fileno())
            if replace:
                fresh.replace(path)
            elif not path.exists():
                os.link(fresh, path)
        except FileExistsError:
            pass  # another process was first, and its key counts
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise KeyUnusable(where=path, problem=error.strerror or "unknown cause") from None


def checked(secret: str | bytes, where: str) -> PseudonymKey:
    """A key from its text. Raises KeyUnusable for one that is short or no text."""
    try:
        text = secret.decode() if isinstance(secret, bytes) else secret
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise KeyUnusable(where=where, problem="it holds no text")
    if len(text) < MINIMUM_KEY_LENGTH:
        raise KeyUnusable(where=where, problem=f"it has {len(text)} characters")
    return PseudonymKey(text.encode(), where)
