"""Trials: nights on a copy of one HOME that are killed, one after the other, then one that is left alone."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.faults.alone import COMMANDS, start_stage
from benchmarks.faults.killing import FILES, STAGES, Aim, NightProcess, run_killed, start_night
from benchmarks.faults.reader import Reader
from benchmarks.faults.state import State, left_behind, let_a_day_pass, lost_rows, partial, state_of
from publish.postgres.loading import load
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.paths import Paths

SAMPLES = PROJECT_ROOT / "samples" / "landing"
EARLIER_NIGHTS = ("2023-01-12", "2024-02-01")
TONIGHT = "2025-11-01"
ALONE = "stages"
"""The HOME in which stages are run by themselves, always the same: a build knows its raw files by their whole path."""

KEY_VARIABLE = "OMRAADETAL_PSEUDONYM_KEY"
KEY = "a key that hides nobody, since all are made up"


class NightFailed(Exception):
    """A night that nobody killed ended with an error."""


@dataclass(frozen=True)
class World:
    """A HOME with nights behind it (`work`/base), what is delivered by tonight, and what an undisturbed night makes of
    it; in how many seconds by stage, the last time that a night was left alone; `url` of a database to load into.
    `alone`: seconds of each stage that was run by itself, and then `work`/before_<stage> is the HOME just before it.
    """

    work: Path
    landing: Path
    tonight: str
    url: str | None
    expected: State
    usual: dict[str, float]
    alone: dict[str, float] = field(default_factory=dict)

    @property
    def aims(self) -> list[str]:
        stages = [stage for stage in STAGES if stage in self.usual]
        return [*stages, *FILES]

    def start(self, home: Path, **more: str) -> NightProcess:
        """Start tonight's night in a HOME, with more variables of the environment."""
        return start_night(home, self.landing, self.tonight, environment(self.work, self.url) | more)

    def begin(self, aim: Aim, home: Path) -> NightProcess:
        """Start what an aim is at: the night, or one stage of it."""
        if aim.alone is None:
            return self.start(home)
        return start_stage(aim.alone, home, self.landing, self.tonight, environment(self.work, self.url))

    def copy(self, name: str, alone: str | None = None) -> Path:
        """A copy of the HOME with the nights behind it, or of that just before a stage of tonight; the database has
        what the nights behind it have published.
        """
        return _copy(self.work, ALONE if alone else name, self.url, f"before_{alone}" if alone else "base")

    def differences(self, home: Path) -> list[str]:
        """What is not as the undisturbed night left it, in rows and publications too."""
        settings = settings_of(home)
        return [*state_of(settings).differences(self.expected), *partial(settings), *lost_rows(settings)]


@dataclass(frozen=True)
class Kill:
    """One kill: where it was aimed, the stage that it hit (None: it had ended), and what was wrong then. `is_alone`:
    that stage was run by itself.
    """

    at: str
    stage: str | None
    lost: list[str]
    partial: list[str]
    mixed: list[str]
    readings: int
    is_alone: bool = False


@dataclass(frozen=True)
class Trial:
    """Kills on one HOME, and how what the next night left differs from an undisturbed night; all took `seconds`."""

    kills: list[Kill]
    unequal: list[str]
    left: list[str] = field(default_factory=list)
    seconds: float = 0.0


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


def know_stages(world: World, tell: Callable[[str], None]) -> World:
    """Run tonight's stages one by one, and keep a copy of the HOME before each. Raises NightFailed."""
    tell("the stages of that night one by one")
    home, seconds = world.copy(ALONE), {}
    for stage in (one for one in COMMANDS if one in world.usual):
        shutil.copytree(home, world.work / f"before_{stage}", symlinks=True)
        seconds[stage] = finish(world.begin(Aim(stage, alone=stage), home)).get(stage, 0.0)
    shutil.rmtree(home)
    return replace(world, alone=seconds)


def finish(night: NightProcess) -> dict[str, float]:
    """Let a night run to its end; the seconds of its stages. Raises NightFailed."""
    ended = night.end()
    if ended.code != 0:
        raise NightFailed(f"a night that nobody killed ended with {ended.code}:\n{ended.output}")
    return night.stage_seconds()


def try_kills(world: World, aims: Iterable[Aim], name: str, alone: str | None = None) -> Trial:
    """Kill a night on one copy of the HOME for each aim, or a stage that is run by itself; then let a night be."""
    began, home = time.monotonic(), world.copy(name, alone)
    kills = [_kill(world, home, aim) for aim in aims]
    let_a_day_pass(home)
    try:
        with Reader(home, world.url) as reader:
            world.usual.update(finish(world.start(home)))
            reader.look()
    except NightFailed as error:
        unequal, left = [str(error)], []
    else:
        unequal, left = [*world.differences(home), *reader.problems], left_behind(home)
    trial = Trial(kills, unequal, left, time.monotonic() - began)
    if not trial.unequal:
        shutil.rmtree(home)
    elif alone:  # out of the next one's way
        home.rename(world.work / name)
    return trial


def _kill(world: World, home: Path, aim: Aim) -> Kill:
    before = {path for pattern in FILES.values() for path in home.glob(pattern)}
    with Reader(home, world.url) as reader:
        killed = run_killed(world.begin(aim, home), home, before, aim, world.alone if aim.alone else world.usual)
        if killed.code:
            raise NightFailed(killed.output)
        reader.look()
    settings = settings_of(home)
    wrong = (lost_rows(settings), partial(settings), reader.problems)
    return Kill(aim.at, killed.stage, *wrong, reader.readings, aim.alone is not None)


def _copy(work: Path, name: str, url: str | None, of: str = "base") -> Path:
    home = work / name
    shutil.copytree(work / of, home, symlinks=True)
    if url:
        load(url, Paths(work / "base").current.resolve())
    return home
