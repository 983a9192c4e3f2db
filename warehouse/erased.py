"""The erasures that a store went through: when, and how many rows of which deliveries; never of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from vocabulary.settings import Settings
from warehouse.store import Folder

FOLDER = "erasures"


class ErasedRows(BaseModel):
    """Rows of one delivery that are gone; the file by its id, because a file's name may be personal."""

    model_config = ConfigDict(frozen=True)

    source_id: str
    delivered_on: date
    file_id: str
    rows: int


class Erasure(BaseModel):
    """One erasure. `entry_id` names the entry of the erasure list, which lies elsewhere."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    entry_id: str
    erased_on: date
    rows: tuple[ErasedRows, ...]


@dataclass(frozen=True)
class ErasureLog:
    """STORE/erasures: the ledger's entries on erasures."""

    store: Folder

    @classmethod
    def of(cls, settings: Settings) -> "ErasureLog":
        return cls(Folder.at(settings.store))

    def entry_ids(self) -> list[str]:
        """The entries of the erasure list that this store was cleaned by."""
        return sorted({erasure.entry_id for erasure in self.all()})

    def all(self) -> list[Erasure]:
        """In the order of their days."""
        return [
            Erasure.model_validate_json(self.store.read(FOLDER, name))
            for name in self.store.names(FOLDER)
            if name.endswith(".json")
        ]

    def append(self, entry_id: str, erased_on: date, rows: Sequence[ErasedRows]) -> None:
        """Write an erasure; what a second one on the same day removes is added to the first."""
        name = f"{erased_on.isoformat()}_{entry_id}.json"
        earlier: tuple[ErasedRows, ...] = ()
        if name in self.store.names(FOLDER):
            earlier = Erasure.model_validate_json(self.store.read(FOLDER, name)).rows
        kept = tuple(one for one in earlier if one not in rows)
        erasure = Erasure(entry_id=entry_id, erased_on=erased_on, rows=(*kept, *rows))
        self.store.write(erasure.model_dump_json(indent=1).encode(), FOLDER, name)
