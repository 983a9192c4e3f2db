"""The areas and the names under which partners deliver them (areas.yaml)."""

import re
import unicodedata
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field, model_validator

from agreements.yaml_files import Strict, read_model
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
    def _names_are_unique(self) -> "AreaList":
        self._index(AreaLevel.AREA, AreaLevel.ALL_AREAS)
        self._index(AreaLevel.MUNICIPALITY)
        return self

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
        """Normalised name -> area_id of municipalities."""
        return self._index(AreaLevel.MUNICIPALITY)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(area.area_id for area in self.areas)


def normalise(name: str) -> str:
    """Composed letters, trimmed, inner blanks as one, case folded: how two spellings of a name compare."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().casefold()


def read_areas(folder: Path) -> AreaList:
    """The area list in `folder`. Raises DefinitionInvalid."""
    return read_model(folder / AREAS_FILE, AreaList)
