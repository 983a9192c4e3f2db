"""Trials: nights on a copy of one HOME that are killed, one after the other, then one that is left alone."""

import os
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults.killing import FILES, STAGES, Aim, NightProcess, run_killed, start_night
from benchmarks.faults.reader import Reader
from benchmarks.faults.state import State, left_behind, let_a_day_pass, lost_rows, partial, state_of
from publish.postgres.loading import load
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.paths import Paths

SAMPLES = PROJECT_ROOT / "samples" / "landing"
EARLIER_NIGHTS = ("2023-01-12", "2024-02-01")
TONIGHT = "2025-11-01"
KEY_VARIABLE = "OMRAADETAL_PSEUDONYM_KEY"
KEY = "a key that hides nobody, since all are made up"
MOST_IN_A_ROW = 4
"""How many nights in a row are killed before one is left alone."""


class NightFailed(Exception):
    """A night that nobody killed ended with an error."""


@dataclass(frozen=True)
class World:
    """A HOME with nights behind it (`work`/base), what is delivered by tonight, and what an undisturbed night makes of
    it; in how many seconds by stage, the last time that a night was left alone; `url` of a database to load into.
    """

    work: Path
    landing: Path
    tonight: str
    url: str | None
    expected: State
    usual: dict[str, float]

    @property
    def aims(self) -> list[str]:
        stages = [stage for stage in STAGES if stage in self.usual]
        return [*stages, *FILES]

    def start(self, home: Path, **more: str) -> NightProcess:
        """Start tonight's night in a HOME, with more variables of the environment."""
        return start_night(home, self.landing, self.tonight, environment(self.work, self.url) | more)

    def copy(self, name: str) -> Path:
        """A copy of the HOME with the nights behind it, and the database as that HOME has it."""
        return _copy(self.work, name, self.url)

    def differences(self, home: Path) -> list[str]:
        """What is not as the undisturbed night left it, in rows and publications too."""
        settings = settings_of(home)
        return [*state_of(settings).differences(self.expected), *partial(settings), *lost_rows(settings)]


@dataclass(frozen=True)
class Kill:
    """One kill: where it was aimed, the stage that it hit (None: the night had ended), and what was wrong then."""

    at: str
    stage: str | None
    lost: list[str]
    partial: list[str]
    mixed: list[str]
    readings: int


@dataclass(frozen=True)
class Trial:
    """Kills on one HOME, and how what the next night left differs from an undisturbed night."""

    kills: list[Kill]
    unequal: list[str]
    left: list[str] = field(default_factory=list)


def settings_of(home: Path) -> Settings:
    return Settings.from_environment(home=home)


def environment(work: Path, url: str | None) -> dict[str, str]:
    """What the nights are started with: of whoever starts them the key at most."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OMRAADETAL_")}
    own = {KEY_VARIABLE: os.environ.get(KEY_VARIABLE, KEY), "OMRAADETAL_ERASURES": str(work / "erasures")}
    return kept | own | ({"OMRAADETAL_POSTGRES_URL": url} if url else {})


def make_base(work: Path, tell: Callable[[str], None]) -> None:
    """Make a HOME with some nights on the samples behind it. Raises NightFailed."""
    for as_of in EARLIER_NIGHTS:
        tell(f"a night as of {as_of}, to have it behind")
        finish(start_night(work / "base", SAMPLES, as_of, environment(work, None)))


def know(work: Path, landing: Path, tonight: str, url: str | None, tell: Callable[[str], None]) -> World:
    """Let tonight's night run undisturbed on a copy of `work`/base. Raises NightFailed."""
    tell(f"the undisturbed night as of {tonight}")
    home = _copy(work, "undisturbed", url)
    usual = finish(start_night(home, landing, tonight, environment(work, url)))
    return World(work, landing, tonight, url, state_of(settings_of(home)), usual)


def finish(night: NightProcess) -> dict[str, float]:
    """Let a night run to its end; the seconds of its stages. Raises NightFailed."""
    ended = night.end()
    if ended.code != 0:
        raise NightFailed(f"a night that nobody killed ended with {ended.code}:\n{ended.output}")
    return night.stage_seconds()


def try_kills(world: World, aims: Iterable[Aim], name: str) -> Trial:
    """Kill a night on one copy of the HOME for each aim, then let the next one be."""
    home = world.copy(name)
    kills = [_kill(world, home, aim) for aim in aims]
    let_a_day_pass(home)
    try:
        with Reader(home, world.url) as reader:
            world.usual.update(finish(world.start(home)))
            reader.look()
    except NightFailed as error:
        return Trial(kills, [str(error)])
    trial = Trial(kills, [*world.differences(home), *reader.problems], left_behind(home))
    if not trial.unequal:
        shutil.rmtree(home)
    return trial


def drawn_aims(world: World, draw: random.Random, number: int) -> Iterator[list[Aim]]:
    """Aims for a number of kills in chains: every stage and every file in turn, any moment between them."""
    named = [name for name in draw.sample(world.aims, len(world.aims)) for name in (name, "any moment")]
    left = [Aim.drawn(draw, named[at % len(named)]) for at in range(number)]
    while left:
        length = draw.randint(1, MOST_IN_A_ROW)
        yield left[:length]
        left = left[length:]


def _kill(world: World, home: Path, aim: Aim) -> Kill:
    before = {path for pattern in FILES.values() for path in home.glob(pattern)}
    with Reader(home, world.url) as reader:
        killed = run_killed(world.start(home), home, before, aim, world.usual)
        if killed.code:
            raise NightFailed(killed.output)
        reader.look()
    settings = settings_of(home)
    return Kill(aim.at, killed.stage, lost_rows(settings), partial(settings), reader.problems, reader.readings)


def _copy(work: Path, name: str, url: str | None) -> Path:
    home = work / name
    shutil.copytree(work / "base", home, symlinks=True)
    if url:
        load(url, Paths(home).current.resolve())
    return home
