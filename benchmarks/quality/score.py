"""What a night found against what was planted: recall, exact places, false alarms, as a table."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.quality.planting import PlantedWorld
from benchmarks.quality.world import Flag
from vocabulary.flags import FlagCode

MOST_LINES = 40
"""Flags that are listed one by one; the rest is counted."""


@dataclass
class CodeScore:
    """One code: faults planted, found at all, found at exactly the places they must be; flags of no planted fault."""

    planted: int = 0
    found: int = 0
    exact: int = 0
    false_alarms: int = 0


@dataclass
class Score:
    """One set of worlds: the score of each code, and every flag that is missing or too many, by world."""

    name: str
    codes: dict[FlagCode, CodeScore] = field(default_factory=lambda: {code: CodeScore() for code in FlagCode})
    missing: dict[str, list[Flag]] = field(default_factory=dict)
    too_many: dict[str, list[Flag]] = field(default_factory=dict)

    @property
    def planted(self) -> int:
        return sum(one.planted for one in self.codes.values())

    @property
    def recall(self) -> float:
        """The share of planted faults whose flags all stand where they must."""
        return sum(one.exact for one in self.codes.values()) / self.planted if self.planted else 1.0

    @property
    def false_alarms(self) -> int:
        return sum(one.false_alarms for one in self.codes.values())

    @property
    def is_perfect(self) -> bool:
        return self.recall == 1 and not self.false_alarms


def by_world(flags: set[Flag], worlds: Sequence[PlantedWorld]) -> dict[str, set[Flag]]:
    """Flags by world, told by its agreement or its own sources; those of shared sources are the clean world's."""
    names = {one.world.name for one in worlds}
    found: dict[str, set[Flag]] = defaultdict(set)
    for flag in flags:
        owner = flag.agreement_id or next((name for name in names if (flag.source_id or "").startswith(f"{name}_")), "")
        found[owner or "clean"].add(flag)
    return found


def score(name: str, worlds: Sequence[PlantedWorld], flags: dict[str, set[Flag]]) -> Score:
    """Hold the flags of each world against what was planted in it."""
    result = Score(name)
    for one in worlds:
        found = flags.get(one.world.name, set())
        codes_found = {flag.flag_code for flag in found}
        for mutation in one.mutations:
            counts = result.codes[mutation.planted.fault.code]
            counts.planted += 1
            counts.found += mutation.planted.fault.code in codes_found
            counts.exact += mutation.flags <= found
        for code, number in Counter(flag.flag_code for flag in found - one.expected).items():
            result.codes[FlagCode(code)].false_alarms += number
        for kept, those in ((result.missing, one.expected - found), (result.too_many, found - one.expected)):
            if those:
                kept[str(one)] = sorted(those, key=str)
    return result


def table(scores: Sequence[Score]) -> Iterator[str]:
    """One line per code, one group of columns per set of worlds."""
    width = max(len(code) for code in FlagCode)
    columns = ("planted", "found", "exact", "false")
    yield f"{'':{width}}" + "".join(f"   {one.name:^31}" for one in scores)
    yield f"{'code':{width}}" + "".join("   " + " ".join(f"{column:>7}" for column in columns) for _ in scores)
    for code in FlagCode:
        cells = [(one.planted, one.found, one.exact, one.false_alarms) for one in (s.codes[code] for s in scores)]
        yield f"{code:{width}}" + "".join("   " + " ".join(f"{number:>7}" for number in row) for row in cells)
    for one in scores:
        yield f"{one.name}: {one.planted} faults, recall {100 * one.recall:.1f} %, {one.false_alarms} false alarms"


def mistakes(scores: Sequence[Score]) -> Iterator[str]:
    """Every flag that is missing or too many, below the world that it belongs to."""
    lines = [
        line
        for one in scores
        for what, worlds in (("missing", one.missing), ("too many", one.too_many))
        for world, flags in worlds.items()
        for line in (f"{what} in {world}", *(f"  {_place(flag)}" for flag in flags))
    ]
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"... and {len(lines) - MOST_LINES} more lines"


def _place(flag: Flag) -> str:
    return ", ".join(f"{name} {part}" for name, part in zip(flag._fields, flag, strict=True) if part is not None)
