"""One trial of the checks: plant faults, run the nights, hold what they found against what was planted."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.night import Tell, flags_of, silent
from benchmarks.quality.planting import PlantedWorld, clean_world, combinations, mutations
from benchmarks.quality.score import Score, by_world, score
from benchmarks.quality.world import Flag

COMBINATIONS = 200
SEED = 20211001


@dataclass(frozen=True)
class Trial:
    """The clean world and one fault each, the combinations, and the flags of every world by its name."""

    single: tuple[PlantedWorld, ...]
    combined: tuple[PlantedWorld, ...]
    flags: dict[str, set[Flag]]

    @property
    def scores(self) -> list[Score]:
        return [
            score("one fault each", self.single, self.flags),
            score("combinations", self.combined, self.flags),
        ]


def run_trial(folder: Path, *, number: int = COMBINATIONS, seed: int = SEED, tell: Tell = silent) -> Trial:
    """Plant by the seed, with `number` combinations, and run in an empty folder."""
    single, combined = (clean_world(), *mutations(seed)), tuple(combinations(number, seed))
    worlds = [*single, *combined]
    return Trial(single, combined, by_world(flags_of([one.world for one in worlds], folder, tell), worlds))
