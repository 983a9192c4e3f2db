"""The process that reads files for another one, within limits that the system holds (`ingest.isolation` starts it)."""

import ctypes
import errno
import importlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vocabulary.errors import OmraadetalError
from vocabulary.reasons import FileReason
from warehouse.disk_full import is_disk_full
from warehouse.paths import OWNER_ONLY_UMASK

STARTING_SECONDS = 120
"""Of importing the readers; a busy machine takes long."""

GROWN_BYTES = 256 << 20
"""A worker that holds this much more than at rest after a file is replaced, so that the next file has its due."""

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


@dataclass(frozen=True, repr=False)
class Task:
    """A function of a module and its arguments, with its limits (ingest.isolation.Limits)."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: int
    memory_bytes: int


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a task gave: a value, an error, or why it could not be done (`told` in one word).

    `is_last`: the worker should be replaced.
    """

    value: Any = None
    error: Exception | None = None
    reason: FileReason | None = None
    told: str = ""
    is_last: bool = False


def main(descriptor: int, parent: int, module: str) -> None:
    """Do tasks until the other end is closed; `module` is imported before memory at rest is measured."""
    _end_with(parent)
    os.umask(OWNER_ONLY_UMASK)  # it outlives the stage that started it
    channel = Connection(descriptor)
    importlib.import_module(module)
    at_rest = _data_bytes()
    channel.send_bytes(pickle.dumps(Outcome()))
    while True:
        try:
            task: Task = pickle.loads(channel.recv_bytes())  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        channel.send_bytes(_done(task, at_rest))


def _done(task: Task, at_rest: int) -> bytes:
    _limit(resource.RLIMIT_CPU, int(sum(os.times()[:2])) + 1 + task.seconds)
    if at_rest:
        _limit(resource.RLIMIT_DATA, at_rest + task.memory_bytes)
    try:
        value = task.function(*task.args)
        is_last = _data_bytes() > at_rest + GROWN_BYTES
        return pickle.dumps(Outcome(value, is_last=is_last), protocol=pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - goes to the other process; a panic in Rust is no Exception
        outcome = _failed(error)
    finally:
        _limit(resource.RLIMIT_CPU, None)
        _limit(resource.RLIMIT_DATA, None)
    return pickle.dumps(outcome)


def _failed(error: BaseException) -> Outcome:
    """A catalogued error and a full disk as they are; of any other, only its kind: its message may quote the file."""
    if isinstance(error, OmraadetalError):
        return Outcome(error=error)
    if is_disk_full(error):
        return Outcome(error=OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    if isinstance(error, MemoryError):
        return Outcome(reason=FileReason.TOO_LARGE, is_last=True)
    return Outcome(reason=FileReason.READER_CRASHED, told=type(error).__name__)


def _limit(what: int, most: int | None) -> None:
    """Set a soft limit, or take it away again: the hard one stays what it was."""
    hard = resource.getrlimit(what)[1]
    bounded = hard if most is None else most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (bounded, hard))


def _data_bytes() -> int:
    """Memory that this process may write to and shares with nobody, in bytes; 0 where the system does not say.

    It is what RLIMIT_DATA counts. RLIMIT_AS would count what allocators and threads reserve and never use as well,
    which is several GiB.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:"))


def _end_with(parent: int) -> None:
    """End when the thread that started this process does, however it ends, and never write memory to a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        system.prctl(PR_SET_DUMPABLE, 0)  # a program that collects core dumps is not held by their limit
    if os.getppid() != parent:  # it ended before it could be watched
        sys.exit(1)


if __name__ == "__main__":
    # by its true name, so that what is pickled here is known there
    importlib.import_module("ingest.isolated_worker").main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
