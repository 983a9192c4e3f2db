"""The order in which it is killed: chains of aims, each on a HOME of its own, that a seed draws."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks.faults.alone import FILES_OF
from benchmarks.faults.killing import Aim

MOST_IN_A_ROW = 8
"""How often in a row it is killed before a night is left alone."""

BY = ("night", "stage", "both")
"""What is killed: whole nights, stages that are run by themselves, or chains of both by turns."""


@dataclass(frozen=True)
class Chain:
    """What one HOME goes through; `alone` is the stage that is killed, without it whole nights are."""

    aims: tuple[Aim, ...]
    alone: str | None = None


def drawn_chains(places: Sequence[str], stages: Sequence[str], by: str, draw: random.Random) -> Iterator[Chain]:
    """Chains without end. Of nights every other kill is at any moment, the others go round all places; of stages they
    go round all that can be run alone, and in each the files that it writes and any moment of it.
    """
    shuffled = draw.sample(places, len(places))
    of_night = cycle([(name, None) for place in shuffled for name in (place, "any moment")])
    of_stage = {
        one: cycle([(name, one) for file in FILES_OF.get(one, (one,)) for name in (file, one)]) for one in stages
    }
    turns = cycle(draw.sample(stages, len(stages)))
    is_night = {"night": cycle([True]), "stage": cycle([False]), "both": cycle([True, False])}[by]
    while True:
        stage = None if next(is_night) else next(turns)
        named = islice(of_stage[stage] if stage else of_night, draw.randint(1, MOST_IN_A_ROW))
        yield Chain(tuple(Aim.drawn(draw, at, alone) for at, alone in named), stage)


def for_kills(chains: Iterable[Chain], number: int) -> Iterator[Chain]:
    """Chains for so many kills in all."""
    left = number
    for chain in chains:
        if left <= 0:
            return
        yield Chain(chain.aims[:left], chain.alone)
        left -= len(chain.aims)
