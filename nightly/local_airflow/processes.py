"""Processes that outlive the command that started them: recorded, found again, stopped, never mistaken for others."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from warehouse.store import Folder

RECORD_FILE = "processes.json"
STOP_SECONDS = 60.0
"""How long a process may take to end by itself."""

SAME_MOMENT = 1.0
"""Seconds by which the start of a process may be told differently, since a boot's own time is corrected."""


@dataclass(frozen=True)
class Processes:
    """Those that lie recorded in a folder, by name: number and moment of start, which no later process shares."""

    folder: Path

    def running(self) -> dict[str, psutil.Process]:
        found = {}
        for name, one in self._record().items():
            try:
                process = psutil.Process(one["pid"])
                is_same = abs(process.create_time() - one["started"]) < SAME_MOMENT
                if is_same and process.status() != psutil.STATUS_ZOMBIE:
                    found[name] = process
            except psutil.NoSuchProcess:
                continue
        return found

    def names(self) -> list[str]:
        """Of those that were started and not stopped, whether or not they run still."""
        return list(self._record())

    def left_behind(self, name: str) -> list[psutil.Process]:
        """What one that has died has left in its session; while there is any of it, nobody else gets its number."""
        recorded = self._record().get(name)
        if recorded is None or name in self.running():
            return []
        return [process for process in psutil.process_iter() if _session_of(process) == recorded["pid"]]

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> psutil.Process:
        """Start one in a session of its own, which writes into <name>.log here.

        What an earlier one of that name has left behind stays on record, to be stopped with the others.
        """
        record = self._record()
        if self.left_behind(name):
            record[f"{name} before {record[name]['pid']}"] = record[name]
        with self.log(name).open("ab") as output:
            started = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = psutil.Process(started.pid)
        self._write({**record, name: {"pid": process.pid, "started": process.create_time()}})
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def stop(self, name: str) -> bool:
        """Ask one to end, and kill what is left of it and its children after STOP_SECONDS; what a dead one has left
        behind is killed. Whether there was any.
        """
        process = self.running().get(name)
        left = self.left_behind(name)
        there_was = bool(process or left)
        if process:
            family = [process, *process.children(recursive=True)]
            process.send_signal(signal.SIGTERM)
            _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
        kill(left)
        if process:
            _reap(process.pid)
        self._write({other: one for other, one in self._record().items() if other != name})
        return there_was

    def _record(self) -> dict[str, dict[str, float]]:
        file = self.folder / RECORD_FILE
        return json.loads(file.read_text()) if file.exists() else {}

    def _write(self, record: Mapping[str, Mapping[str, float]]) -> None:
        Folder.at(str(self.folder)).write(json.dumps(record, indent=1).encode(), RECORD_FILE)


def kill(processes: Sequence[psutil.Process]) -> None:
    """Kill processes and wait for their end."""
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(processes, timeout=STOP_SECONDS)


def _session_of(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None


def _reap(pid: int) -> None:
    """Take note of the end of a process that this one started."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
