"""Worlds with faults in them: one fault in each, or several that were drawn by chance."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

# importing a module of faults enters them into the catalogue
from benchmarks.quality import faults_of_coverage, faults_of_files, faults_of_promises, faults_of_series
from benchmarks.quality.fault import CATALOGUE, Planted
from benchmarks.quality.world import Flag, World
from vocabulary.flags import FlagCode

__all__ = ["CATALOGUE", "Mutation", "PlantedWorld", "clean_world", "combinations", "mutations"]

MODULES = (faults_of_coverage, faults_of_files, faults_of_promises, faults_of_series)
FEWEST, MOST = 2, 4
"""How many faults a combination has; fewer where the ones that were drawn cannot stand together."""


@dataclass(frozen=True)
class Mutation:
    """A fault that was planted and the flags that it must give."""

    planted: Planted
    flags: frozenset[Flag]


@dataclass(frozen=True)
class PlantedWorld:
    """A world and everything that was planted in it."""

    world: World
    mutations: tuple[Mutation, ...]

    @property
    def expected(self) -> frozenset[Flag]:
        return frozenset().union(*(one.flags for one in self.mutations))

    def __str__(self) -> str:
        faults = (f"{one.planted.fault.name} ({one.planted.place})" for one in self.mutations)
        return f"{self.world.name}: {', '.join(faults) or 'nothing planted'}"


def clean_world() -> PlantedWorld:
    """The world without a fault."""
    return _plant("clean", ())


def mutations(seed: int) -> list[PlantedWorld]:
    """One world for every fault of the catalogue, at a place drawn by the seed."""
    draw = random.Random(seed)  # noqa: S311  nothing here is secret
    return [
        _plant(f"single_{number:03d}", [Planted(fault, draw.choice(fault.places))])
        for number, fault in enumerate(CATALOGUE, 1)
    ]


def combinations(number: int, seed: int) -> list[PlantedWorld]:
    """Worlds of two to four faults each. Codes are dealt like cards, so that each is drawn about as often."""
    draw = random.Random(seed)  # noqa: S311
    deck: list[FlagCode] = []
    worlds = []
    for at in range(1, number + 1):
        chosen: list[Planted] = []
        for _ in range(draw.randint(FEWEST, MOST)):
            if not deck:
                deck = sorted({fault.code for fault in CATALOGUE})
                draw.shuffle(deck)
            code = deck.pop()
            fault = draw.choice([fault for fault in CATALOGUE if fault.code is code])
            planted = Planted(fault, draw.choice(fault.places))
            if not any(planted.meets(other) for other in chosen):
                chosen.append(planted)
        worlds.append(_plant(f"combined_{at:03d}", chosen))
    return worlds


def _plant(name: str, chosen: Sequence[Planted]) -> PlantedWorld:
    world = World(name)
    given = [(planted, planted.plant(world)) for planted in chosen]
    # where a flag stands is known when everything is planted: a later fault may move a file to another day
    return PlantedWorld(world, tuple(Mutation(planted, world.placed(flags)) for planted, flags in given))
