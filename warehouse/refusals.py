"""Nights that a blocking flag kept from being published: their flags stay to be read, whatever follows."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from vocabulary.errors import RefusalNotFound
from vocabulary.states import Severity
from warehouse.paths import Paths
from warehouse.store import Folder

REFUSAL_SCHEMA_VERSION = 1


class RefusedFlag(BaseModel):
    """A finding as it may be told: without numbers where disclosure control hides the figure."""

    model_config = ConfigDict(frozen=True)

    flag_code: str
    severity: Severity
    agreement_id: str | None
    indicator_id: str | None
    area_id: str | None
    year_kind: str | None
    year: int | None
    source_id: str | None
    file_name: str | None
    message: str
    observed: str | None
    expected: str | None


class RefusedNight(BaseModel):
    """A checked build that was not published, with all its flags."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = REFUSAL_SCHEMA_VERSION
    build_id: str
    as_of: date
    refused_at: datetime
    flags: tuple[RefusedFlag, ...]

    @property
    def worst_first(self) -> list[RefusedFlag]:
        order = list(Severity)
        return sorted(self.flags, key=lambda flag: (order.index(flag.severity), flag.flag_code, flag.message))


@dataclass(frozen=True)
class Refusals:
    """The refused nights of one HOME."""

    paths: Paths

    def all(self) -> list[RefusedNight]:
        """The latest first."""
        nights = [RefusedNight.model_validate_json(path.read_text()) for path in self.paths.refused.glob("*.json")]
        return sorted(nights, key=lambda night: night.refused_at, reverse=True)

    def get(self, build_id: str) -> RefusedNight:
        """Raises RefusalNotFound."""
        for night in self.all():
            if night.build_id == build_id:
                return night
        raise RefusalNotFound(build_id=build_id, home=self.paths.home)

    def keep(self, night: RefusedNight) -> None:
        """Write a refused night; a night that is refused again, because its task ran again, replaces itself."""
        name = f"{night.build_id}.json"
        Folder.at(str(self.paths.refused)).write(night.model_dump_json(indent=1).encode(), name)
