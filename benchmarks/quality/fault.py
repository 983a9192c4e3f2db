"""What a planted fault is, where it may stand, and which faults may stand together in one world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.quality.deliveries import AREAS
from benchmarks.quality.world import Flag, World
from vocabulary.flags import FlagCode


class Place(NamedTuple):
    """The year and area that a fault is planted in, where it has them."""

    year: int = 0
    area_id: str = ""

    @property
    def area(self) -> str:
        """The name by which partners deliver the area."""
        return AREAS[self.area_id]

    def __str__(self) -> str:
        return " ".join(str(part) for part in self if part) or "anywhere"


Plant = Callable[[World, Place], Iterable[Flag]]


@dataclass(frozen=True)
class Fault:
    """One entry of the catalogue of faults: `plant` changes a world and says which flags that must give.

    `claims` are what the fault needs for itself, as paths in which {year} and {area} stand for its place: whoever has
    claimed «samtaler/2021» has claimed «samtaler/2021/day» too. Faults whose claims meet would change what the other
    must give, so they are never planted in one world.
    """

    code: FlagCode
    plant: Plant
    places: tuple[Place, ...]
    claims: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.plant.__name__.replace("_", " ")

    def claimed(self, place: Place) -> set[str]:
        words = {"year": place.year, "before": place.year - 1, "area": place.area_id}
        return {f"{self.name}/{place}", *(claim.format(**words) for claim in self.claims)}


@dataclass(frozen=True)
class Planted:
    """A fault at a place."""

    fault: Fault
    place: Place

    def plant(self, world: World) -> frozenset[Flag]:
        """Change the world; the flags that it must give for it."""
        return frozenset(self.fault.plant(world, self.place))

    def meets(self, other: "Planted") -> bool:
        """Whether the two cannot stand in one world."""
        mine, theirs = self.fault.claimed(self.place), other.fault.claimed(other.place)
        return any(f"{a}/".startswith(f"{b}/") or f"{b}/".startswith(f"{a}/") for a in mine for b in theirs)


CATALOGUE: list[Fault] = []


def fault(
    code: FlagCode, *, years: Iterable[int] = (0,), areas: Iterable[str] = ("",), claims: Iterable[str] = ()
) -> Callable[[Plant], Plant]:
    """Enter a function that plants a fault into the catalogue, for every combination of years and areas."""

    def enter(plant: Plant) -> Plant:
        areas_ = tuple(areas)
        places = tuple(Place(year, area) for year in years for area in areas_)
        CATALOGUE.append(Fault(code, plant, places, tuple(claims)))
        return plant

    return enter
