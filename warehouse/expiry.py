"""How far retention was applied to each source: what is dated before that day is gone and stays gone."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from vocabulary.settings import Settings
from warehouse.store import Folder

FOLDER = "retention"


class Applied(BaseModel):
    """The last application of a source's retention."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    source_id: str
    expired_before: date
    applied_on: date
    basis: str


@dataclass(frozen=True)
class Expiry:
    """STORE/retention: one file per source that retention was applied to."""

    store: Folder

    @classmethod
    def of(cls, settings: Settings) -> "Expiry":
        return cls(Folder.at(settings.store))

    def all(self) -> dict[str, Applied]:
        """By source."""
        names = [name for name in self.store.names(FOLDER) if name.endswith(".json")]
        found = [Applied.model_validate_json(self.store.read(FOLDER, name)) for name in names]
        return {applied.source_id: applied for applied in found}

    def apply(self, applied: Applied) -> None:
        """Note a day; a later day that was applied before stays."""
        earlier = self.all().get(applied.source_id)
        if earlier is None or earlier.expired_before < applied.expired_before:
            self.store.write(applied.model_dump_json(indent=1).encode(), FOLDER, f"{applied.source_id}.json")
