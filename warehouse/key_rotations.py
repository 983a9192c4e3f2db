"""Which pseudonym key replaced which, and which readings were left behind with the old one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from warehouse.ledger import LedgerRecord
from warehouse.store import Folder

KEY_ROTATIONS = "key_rotations"


class KeyRotation(BaseModel):
    """One change of key. `left_behind` are the reading ids that keep the old key; `finished_at` is null on the way."""

    model_config = ConfigDict(frozen=True)

    old_key_id: str
    new_key_id: str
    begun_at: datetime
    finished_at: datetime | None = None
    left_behind: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.old_key_id}_{self.new_key_id}.json"


@dataclass(frozen=True)
class KeyRotations:
    """STORE/key_rotations: one record per change of key. It holds ids of keys, and no key."""

    store: Folder

    def all(self) -> list[KeyRotation]:
        """Every change, in the order in which they began."""
        found = [
            KeyRotation.model_validate_json(self.store.read(KEY_ROTATIONS, name))
            for name in self.store.names(KEY_ROTATIONS)
            if name.endswith(".json")
        ]
        return sorted(found, key=lambda rotation: rotation.begun_at)

    def save(self, rotation: KeyRotation) -> None:
        """Write a change down; one from the same key that never came to its end is forgotten."""
        for one in self.all():
            if one.old_key_id == rotation.old_key_id and not one.finished_at and one.name != rotation.name:
                self.store.remove(KEY_ROTATIONS, one.name)
        self.store.write(rotation.model_dump_json(indent=1).encode(), KEY_ROTATIONS, rotation.name)

    def unfinished(self, new_key_id: str) -> KeyRotation | None:
        """The change to a key in force that was stopped before the last reading was put in force."""
        return next((one for one in self.all() if one.new_key_id == new_key_id and not one.finished_at), None)

    def accepted(self, key_id: str) -> Callable[[LedgerRecord], bool]:
        """Whether a record may stand in a store whose key in force is this one."""
        rotations = self.all()
        left_behind = {(one.old_key_id, reading) for one in rotations for reading in one.left_behind}
        on_the_way = {one.old_key_id for one in rotations if one.new_key_id == key_id and not one.finished_at}

        def accepts(record: LedgerRecord) -> bool:
            made_with = record.pseudonym_key_id
            return made_with in (None, key_id, *on_the_way) or (made_with, record.reading_id) in left_behind

        return accepts

    def retired_key_ids(self) -> frozenset[str]:
        """The keys out of force with which readings were left behind."""
        return frozenset(one.old_key_id for one in self.all() if one.left_behind)
