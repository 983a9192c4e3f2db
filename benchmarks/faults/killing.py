"""Run a night as a group of processes and end all of it with SIGKILL at a chosen moment."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

STAGES = ("start", "ingest", "build", "check", "publish", "postgres", "report", "notify")
"""The stages as the night tells them; `start` is before it has told anything."""

FILES = {
    "a raw Parquet file": "raw/*/.*.part",
    "a ledger record": "ledger/*/.*.part",
    "the warehouse": "warehouse/builds/*/warehouse.duckdb.wal",
    "the record of a build": "warehouse/builds/*/.build.json.*",
    "the publication's DuckDB file": "publications/.*/omraadetal.duckdb",
    "the publication's Parquet files": "publications/.*/parquet/marts/*.parquet",
    "the journal": "journal/.*_*/figures.parquet",
    "the swap": "journal/[!.]*_*/entry.json",
    "the board's report": "publications/*/report/*",
}
"""What is being written when the night is killed, and the file by which that is seen; new tonight."""

LOOK_SECONDS = 0.0005
PROGRAM = str(Path(sys.executable).with_name("omraadetal"))


@dataclass(frozen=True)
class Aim:
    """When to kill: a part of the way (0 to 1) through a stage or the whole night, or as soon as a file appears.

    `alone` is the stage that is run by itself; without it a whole night is.
    """

    at: str = "any moment"
    fraction: float = 0.0
    alone: str | None = None

    @classmethod
    def drawn(cls, draw: random.Random, at: str, alone: str | None = None) -> "Aim":
        return cls(at, draw.random(), alone)

    def moment(self, usual: Mapping[str, float]) -> tuple[str, float]:
        """The stage to wait for, and how many seconds into it; a night that is slower or faster is hit as well."""
        if self.at in STAGES:
            return self.at, self.fraction * usual[self.at]
        left = self.fraction * sum(usual.values())
        for stage in (one for one in STAGES if one in usual):
            if left < usual[stage]:
                return stage, left
            left -= usual[stage]
        return "start", 0.0


@dataclass(frozen=True)
class Killed:
    """`stage` is the one that ran; None where the night had ended before. `code` of a night that ended."""

    stage: str | None
    seconds: float
    code: int | None
    output: str


class NightProcess:
    """One night as a user starts it, in a session of its own, so that its children end with it."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.began = time.monotonic()
        self.stage, self.lines = "start", []
        self.times: dict[str, float] = {"start": self.began}
        self._moved = Event()
        self.process = subprocess.Popen(
            command,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            self._begins(line.split(" ")[0])

    def _begins(self, stage: str) -> None:
        if stage in STAGES and stage not in self.times:
            self.stage, self.times[stage] = stage, time.monotonic()
            self._moved.set()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_for(self, stage: str) -> None:
        while stage not in self.times and self.is_running:
            self._moved.wait(0.05)
            self._moved.clear()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> Killed:
        try:
            code = self.process.wait()
        except BaseException:  # interrupted: what was started ends with us
            self.kill()
            raise
        self._listener.join()
        is_killed = code == -signal.SIGKILL
        seconds = time.monotonic() - self.began
        return Killed(self.stage if is_killed else None, seconds, None if is_killed else code, "".join(self.lines))

    def stage_seconds(self) -> dict[str, float]:
        """How long each stage took, once the night has ended."""
        moments = [*self.times.values(), time.monotonic()]
        return {stage: moments[at + 1] - moments[at] for at, stage in enumerate(self.times)}


def start_night(home: Path, landing: Path, as_of: str, told: Mapping[str, str]) -> NightProcess:
    """Start a night with the variables that it is told."""
    return NightProcess([PROGRAM, "nightly", "--home", str(home), "--landing", str(landing), "--as-of", as_of], told)


def run_killed(night: NightProcess, home: Path, before: set[Path], aim: Aim, usual: Mapping[str, float]) -> Killed:
    """Kill the night where the aim says. `before`: the files that an aim may name and that were there already."""
    try:
        if aim.at in FILES:
            pattern = FILES[aim.at]
            while night.is_running and not _found(home, pattern) - before:
                time.sleep(LOOK_SECONDS)
        else:
            stage, seconds = aim.moment(usual)
            night.wait_for(stage)
            until = night.times.get(stage, night.began) + seconds
            while night.is_running and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.05))
    finally:
        if night.is_running:
            night.kill()
    return night.end()


def _found(home: Path, pattern: str) -> set[Path]:
    try:
        return set(home.glob(pattern))
    except FileNotFoundError:  # a folder went while it was looked through
        return set()
