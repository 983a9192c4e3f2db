"""The erasure list: persons whose rows are never read again, by keyed hashes of their number and pseudonym.

It lies outside HOME and STORE, beside the pseudonym key, so that no restored backup of them loses it. Neither a number
nor a pseudonym stands in it, and its key is its own: who holds the pseudonym key finds nobody by it.
"""

import hashlib
import hmac
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.pseudonyms import CPR_DIGITS, PseudonymKey, normalise_identity
from vocabulary.errors import ErasureListLost, ErasureListUnusable
from vocabulary.settings import Settings
from warehouse.erased import ErasureLog
from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER
from warehouse.store import Folder

KEY_FILE = "list.key"
KEY_BYTES = 32
ID_LENGTH = 12


def is_cpr(identity: str) -> bool:
    """Whether a number is read as a CPR number, which is one person's in every source."""
    number = normalise_identity(identity)
    return number.isdecimal() and len(number) == CPR_DIGITS


class Entry(BaseModel):
    """One person: hashes by the list's key, and the source that the number belongs to (None: a CPR number, all).

    `by_pseudonym` is by the id of the pseudonym key. `is_finished` is false while an erasure is under way.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    entry_id: str
    list_key_id: str
    erased_on: date
    source_id: str | None = None
    by_identity: str
    by_pseudonym: dict[str, str] = {}
    is_finished: bool = True

    def concerns(self, source_id: str) -> bool:
        return self.source_id in (None, source_id)


@dataclass(frozen=True)
class ErasureList:
    """The entries, and the key that their hashes were made with (None while there is no list)."""

    folder: Path
    key: bytes | None
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, settings: Settings) -> "ErasureList":
        """Read the list; nothing is made where there is none. Raises ErasureListUnusable and ErasureListLost."""
        folder = settings.erasures
        if not folder.exists():
            return cls(folder, None, ())
        try:
            paths = sorted(folder.glob("*.json"))
            for path in (folder, *paths, *folder.glob(KEY_FILE)):
                if stat.S_IMODE(path.stat().st_mode) & 0o077:
                    raise ErasureListUnusable(where=path, problem="others than its owner can read it")
            key = bytes.fromhex((folder / KEY_FILE).read_text().strip()) if (folder / KEY_FILE).exists() else None
            entries = tuple(Entry.model_validate_json(path.read_text()) for path in paths)
        except OSError as error:
            raise ErasureListUnusable(where=folder, problem=error.strerror or "unknown cause") from None
        except (ValidationError, ValueError):
            raise ErasureListUnusable(where=folder, problem="a file in it is damaged") from None
        found = cls(folder, key, entries)
        strange = [entry.entry_id for entry in entries if key is None or entry.list_key_id != found.key_id]
        if strange:
            raise ErasureListLost(
                store=settings.store, where=folder, entries=", ".join(strange), problem="its key is another or gone"
            )
        return found

    @property
    def key_id(self) -> str | None:
        return hmac.new(self.key, b"omraadetal erasure list", hashlib.sha256).hexdigest()[:8] if self.key else None

    def refuse_lost(self, log: ErasureLog) -> None:
        """Raise ErasureListLost, before anything is written, where the store knows of entries that the list lacks."""
        lost = sorted(set(log.entry_ids()) - {entry.entry_id for entry in self.entries})
        if lost:
            raise ErasureListLost(
                store=log.store.root, where=self.folder, entries=", ".join(lost), problem="they are not in it"
            )

    def digest(self, source_id: str) -> str | None:
        """Tells which persons a reading of a source leaves out; None for nobody."""
        named = [entry.by_identity for entry in self.entries if entry.concerns(source_id)]
        return hashlib.sha256("\x1f".join(sorted(named)).encode()).hexdigest()[:16] if named else None

    def holds(self, source_id: str, identities: Iterable[str]) -> set[str]:
        """Those of some numbers, however written, that are on the list of a source."""
        hashes = {entry.by_identity for entry in self.entries if entry.concerns(source_id)}
        return {one for one in set(identities) if self._of_identity(one) in hashes} if hashes else set()

    def holds_pseudonyms(self, source_id: str, pseudonyms: Iterable[str]) -> set[str]:
        """Those of some pseudonyms that are on the list of a source."""
        named = [entry for entry in self.entries if entry.concerns(source_id)]
        hashes = {one for entry in named for one in entry.by_pseudonym.values()}
        return {one for one in set(pseudonyms) if self._of_pseudonym(one) in hashes} if hashes else set()

    def entry_of(self, identity: str, source_id: str | None) -> Entry | None:
        """The entry of a person with this scope."""
        if self.key is None:
            return None
        wanted = self._of_identity(identity)
        return next((one for one in self.entries if (one.by_identity, one.source_id) == (wanted, source_id)), None)

    def with_person(
        self, identity: str, source_id: str | None, keys: Iterable[PseudonymKey], on: date, *, is_finished: bool
    ) -> tuple["ErasureList", Entry]:
        """The list with a person on it, written to its folder, by every pseudonym key that readings were made with;
        an entry that is there gets those that it lacks.
        """
        listed = self if self.key is not None else self._with_key()
        earlier = listed.entry_of(identity, source_id)
        hashed = {key.key_id: listed._of_pseudonym(key.pseudonym(identity)) for key in keys}
        if earlier:
            known = {**earlier.by_pseudonym, **hashed}
            entry = earlier.model_copy(update={"by_pseudonym": known, "is_finished": is_finished})
        else:
            entry = Entry(
                entry_id=secrets.token_hex(ID_LENGTH // 2),
                list_key_id=listed.key_id or "",
                erased_on=on,
                source_id=source_id,
                by_identity=listed._of_identity(identity),
                by_pseudonym=hashed,
                is_finished=is_finished,
            )
        others = tuple(one for one in listed.entries if one.entry_id != entry.entry_id)
        listed._write(f"{entry.entry_id}.json", entry.model_dump_json(indent=1).encode())
        return ErasureList(listed.folder, listed.key, (*others, entry)), entry

    def finish(self, entry: Entry) -> None:
        """Note that an erasure went through to its end."""
        self._write(f"{entry.entry_id}.json", entry.model_copy(update={"is_finished": True}).model_dump_json().encode())

    def _with_key(self) -> "ErasureList":
        key = secrets.token_bytes(KEY_BYTES)
        self._write(KEY_FILE, key.hex().encode() + b"\n")
        return ErasureList(self.folder, key, ())

    def _write(self, name: str, content: bytes) -> None:
        try:
            self.folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            Folder.at(str(self.folder)).write(content, name)
            (self.folder / name).chmod(OWNER_ONLY_FILE)
        except OSError as error:
            raise ErasureListUnusable(where=self.folder, problem=error.strerror or "unknown cause") from None

    def _of_identity(self, identity: str) -> str:
        return self._keyed(b"identity\x1f" + normalise_identity(identity).encode())

    def _of_pseudonym(self, pseudonym: str) -> str:
        return self._keyed(b"pseudonym\x1f" + pseudonym.encode())

    def _keyed(self, message: bytes) -> str:
        return hmac.new(self.key or b"", message, hashlib.sha256).hexdigest()


NOBODY = ErasureList(Path(), None, ())
"""The list on which nobody stands."""
