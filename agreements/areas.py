"""The areas and the names under which partners deliver them (areas.yaml)."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field, model_validator

from agreements.yaml_files import Fault, Strict, read_model, refuse
from vocabulary.states import AreaLevel

AREAS_FILE = "areas.yaml"


class Area(Strict):
    """One area: its id, its Danish name, and every other name it has been delivered under.

    Outside `valid_from` - `valid_to` (both included) the area does not exist; `predecessors` are those it was made of.
    """

    area_id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    level: AreaLevel
    aliases: tuple[str, ...] = ()
    municipality_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    note: str | None = None


class AreaList(Strict):
    """All known areas; a name in none of them is an `unknown_area`."""

    areas: tuple[Area, ...]

    @model_validator(mode="after")
    def _hang_together(self) -> "AreaList":
        refuse(self._faults())
        self._index(AreaLevel.AREA, AreaLevel.ALL_AREAS)
        self._index(AreaLevel.MUNICIPALITY)
        return self

    def _faults(self) -> Iterator[Fault]:
        ids = [area.area_id for area in self.areas]
        for at, area in enumerate(self.areas):
            if area.area_id in ids[:at]:
                yield Fault(("areas", at, "area_id"), f"the area_id {area.area_id} stands twice")
            if area.valid_from and area.valid_to and area.valid_to < area.valid_from:
                yield Fault(("areas", at, "valid_to"), f"{area.area_id}: valid_to lies before valid_from")
            for number, predecessor in enumerate(area.predecessors):
                if predecessor not in ids or predecessor == area.area_id:
                    problem = f"{area.area_id}: the predecessor «{predecessor}» is no other area of this list"
                    yield Fault(("areas", at, "predecessors", number), problem)

    def _index(self, *levels: AreaLevel) -> dict[str, str]:
        index: dict[str, str] = {}
        for area in self.areas:
            if area.level not in levels:
                continue
            for name in (area.name, *area.aliases):
                key = normalise(name)
                if index.setdefault(key, area.area_id) != area.area_id:
                    raise ValueError(f"the name «{name}» stands for both {index[key]} and {area.area_id}")
        return index

    @cached_property
    def housing_names(self) -> dict[str, str]:
        """Normalised name -> area_id of housing areas and of «every area»."""
        return self._index(AreaLevel.AREA, AreaLevel.ALL_AREAS)

    @cached_property
    def municipal_names(self) -> dict[str, str]:
        """Normalised name or code («330»), or both in one («330 Slagelse»), as StatBank gives them -> area_id."""
        names = self._index(AreaLevel.MUNICIPALITY)
        codes = {area.area_id: area.municipality_code for area in self.areas if area.municipality_code}
        for name, area_id in list(names.items()):
            if code := codes.get(area_id):
                names |= dict.fromkeys((code, f"{code} {name}", f"{name} {code}"), area_id)
        return names

    @cached_property
    def by_id(self) -> dict[str, Area]:
        return {area.area_id: area for area in self.areas}


def normalise(name: str) -> str:
    """Composed letters, trimmed, inner blanks as one, case folded: how two spellings of a name compare."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().casefold()


def read_areas(folder: Path) -> AreaList:
    """The area list in `folder`, or the project's own where the folder has none. Raises DefinitionInvalid."""
    own = folder / AREAS_FILE
    return read_model(own if own.exists() else Path(__file__).with_name(AREAS_FILE), AreaList)
