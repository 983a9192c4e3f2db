"""Stages that are run by themselves, as Airflow's tasks run them: a kill costs a part of a stage, not half a night."""

from collections.abc import Mapping
from pathlib import Path
from threading import Thread

from benchmarks.faults.killing import PROGRAM, NightProcess
from warehouse.fence import read_holder
from warehouse.paths import Paths

COMMANDS = {
    "ingest": ("ingest", "--landing", "{landing}", "--as-of", "{as_of}"),
    "build": ("build", "--as-of", "{as_of}"),
    "check": ("check",),
    "publish": ("publish",),
    "postgres": ("publications", "load"),
    "report": ("report",),
}
"""The commands in the order of the night."""

FILES_OF = {
    "ingest": ("a raw Parquet file", "a ledger record"),
    "build": ("the warehouse", "the record of a build"),
    "check": ("the record of a build",),
    "publish": (
        "the publication's DuckDB file",
        "the publication's Parquet files",
        "the journal",
        "the swap",
        "the record of a build",
    ),
    "report": ("the board's report",),
}
"""What is being written in which of them."""

LOOK_SECONDS = 0.02


class StageProcess(NightProcess):
    """One stage. It has begun once it has taken the run lock or said something; before that it only starts."""

    def __init__(self, stage: str, home: Path, words: list[str], environment: Mapping[str, str]) -> None:
        self._own, self._paths = stage, Paths(home)
        self._held_before = read_holder(self._paths)
        super().__init__([PROGRAM, *words, "--home", str(home)], environment)
        Thread(target=self._watch, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            self._begins(self._own)

    def _watch(self) -> None:
        while self.is_running and self.stage == "start":
            if read_holder(self._paths) != self._held_before:
                self._begins(self._own)
            self._moved.wait(LOOK_SECONDS)


def start_stage(stage: str, home: Path, landing: Path, as_of: str, told: Mapping[str, str]) -> StageProcess:
    """Start one stage of a night with the variables that it is told."""
    words = [word.format(landing=landing, as_of=as_of) for word in COMMANDS[stage]]
    return StageProcess(stage, home, words, told)
