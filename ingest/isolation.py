"""Read what may be hostile in a process of its own: what a file does there ends the process, and never the night.

The worker is started once per thread, reads one file after the other and is replaced when it was ended. It keeps the
night from files that crash a parser, fill the memory or never end; it is no wall against a file that makes a parser
run code of its own (docs/decisions/0028).
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import TypeVar

from ingest.isolated_worker import STARTING_SECONDS, Outcome, Task
from vocabulary.errors import FileRefused, ReaderNotStarted
from vocabulary.reasons import FileReason
from vocabulary.settings import ReadingSettings, is_secret

T = TypeVar("T")

SECONDS_PER_MB = 1
MEMORY_PER_BYTE, MOST_MORE_MEMORY = 32, 3 << 30
"""What reading takes is in proportion to a file. Both are several times what the readers here need: text takes a tenth
of a second a MB and no memory for it; a workbook is held whole, as is what was packed.
"""

WALL_PER_CPU = 3
"""Time is counted as the worker works, so that a busy machine refuses no good file; this ends one that sleeps."""

OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"out of memory")
"""The last words of native code that found no memory: Rust's, C++'s, Python's."""

ENDING_SECONDS = 10
LAST_WORDS_BYTES = 64 << 10
"""Rust prints where it stood behind them."""

PREDICTABLE = {
    # its default takes memory in advance, which would count against the limit
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Limits:
    """Seconds of computing, and bytes of memory beyond what the worker has at rest."""

    seconds: int
    memory_bytes: int

    @classmethod
    def of(cls, settings: ReadingSettings, size_bytes: int) -> "Limits":
        """Those for a file of a size."""
        return cls(
            settings.seconds + SECONDS_PER_MB * size_bytes // 1_000_000,
            (settings.memory_mib << 20) + min(MEMORY_PER_BYTE * size_bytes, MOST_MORE_MEMORY),
        )


def apart(function: Callable[..., T], *args: object, limits: Limits, what: str) -> T:
    """What a function of a module gives for arguments that can be pickled, called in the worker.

    `what` begins the message of a refusal: the file's name as it may be told.

    Raises the catalogued errors that it raises, OSError for a full disk, and FileRefused (took_too_long, too_large,
    reader_crashed) for whatever else ended it: of that only the kind is told, never a message. Raises ReaderNotStarted.
    """
    task = Task(function, args, limits.seconds, limits.memory_bytes)
    worker = _worker(function.__module__)
    is_fresh = worker.is_new
    outcome = worker.run(task)
    if outcome.reason is FileReason.READER_CRASHED and not is_fresh:
        # an earlier file may have left it damaged
        worker = _worker(function.__module__)
        outcome = worker.run(task)
    if outcome.reason is not None:
        raise FileRefused(problem=f"{what}: {_told(outcome, limits)}", reason=outcome.reason)
    if outcome.error is not None:
        raise outcome.error
    return outcome.value


def make_ready(module: str) -> None:
    """Have a worker for functions of a module, and do not wait until it has imported it."""
    _worker(module)


def _told(outcome: Outcome, limits: Limits) -> str:
    return {
        FileReason.TOOK_TOO_LONG: f"was not read within {limits.seconds} seconds.",
        FileReason.TOO_LARGE: f"asked for more than {limits.memory_bytes >> 20} MiB of memory.",
        FileReason.READER_CRASHED: f"ended the process that read it ({outcome.told}).",
    }[outcome.reason]


class _Worker:
    """A process that reads, and the two ends of what is said with it."""

    def __init__(self, module: str) -> None:
        self.owner = os.getpid()
        self.channel, theirs = Pipe()
        # what it prints may quote a file: kept in memory for its last words, and shown to nobody
        self.printed = os.memfd_create("printed") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
        command = [sys.executable, "-P", "-m", "ingest.isolated_worker"]
        environment = {name: value for name, value in os.environ.items() if not is_secret(name)} | PREDICTABLE
        # copies of what it reads: one that is killed cannot take them away itself
        self.scratch = tempfile.TemporaryDirectory(prefix="omraadetal-")
        with theirs:
            self.process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(self.owner), module],
                env=environment | {"TMPDIR": self.scratch.name},
                stdin=subprocess.DEVNULL,
                stdout=self.printed,
                stderr=self.printed,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a group of its own, so that whatever it starts ends with it
            )
        self.end = weakref.finalize(self, _end, self.process, self.channel, self.printed, self.scratch, self.owner)
        self.is_new = True

    @property
    def is_there(self) -> bool:
        return self.end.alive and self.owner == os.getpid() and self.process.poll() is None

    def run(self, task: Task) -> Outcome:
        """What became of a task. A worker that did not answer, or should not be used again, is ended.

        Raises ReaderNotStarted.
        """
        if self.is_new and self._answer(STARTING_SECONDS) is None:
            self.end()
            raise ReaderNotStarted(code=self.process.returncode)
        self.is_new = False
        outcome = self._answer(task.seconds * WALL_PER_CPU, task) or self._how_it_ended()
        if outcome.is_last:
            self.end()
        return outcome

    def _answer(self, seconds: float, task: Task | None = None) -> Outcome | None:
        self.is_late = False
        killer = threading.Timer(seconds, self._kill_late)
        killer.daemon = True
        killer.start()
        try:
            if task:
                self.channel.send_bytes(pickle.dumps(task))
            return pickle.loads(self.channel.recv_bytes())  # noqa: S301 - from our own process
        except (EOFError, OSError):
            return None
        except BaseException:  # interrupted: what comes next would be the answer to this
            self.end()
            raise
        finally:
            killer.cancel()

    def _kill_late(self) -> None:
        self.is_late = True
        os.killpg(self.process.pid, signal.SIGKILL)

    def _how_it_ended(self) -> Outcome:
        with suppress(subprocess.TimeoutExpired):  # it fell silent, and may not be gone yet
            self.process.wait(ENDING_SECONDS)
        code, words = self.process.returncode, _last_words(self.printed)
        if self.is_late or code == -signal.SIGXCPU:
            return Outcome(reason=FileReason.TOOK_TOO_LONG, is_last=True)
        # whoever else kills is the system, when memory runs out
        if code == -signal.SIGKILL or any(one in words for one in OUT_OF_MEMORY):
            return Outcome(reason=FileReason.TOO_LARGE, is_last=True)
        told = "no answer" if code is None else signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Outcome(reason=FileReason.READER_CRASHED, told=told, is_last=True)


_own = threading.local()
"""Of each thread: the system ends a worker with the thread that started it."""


def _worker(module: str) -> _Worker:
    """The worker of this thread."""
    known: _Worker | None = getattr(_own, "worker", None)
    if known and known.is_there:
        return known
    _own.worker = _Worker(module)
    return _own.worker


def _last_words(printed: int) -> bytes:
    return os.pread(printed, LAST_WORDS_BYTES, max(0, os.fstat(printed).st_size - LAST_WORDS_BYTES))


def _end(
    process: subprocess.Popen[bytes],
    channel: Connection,
    printed: int,
    scratch: tempfile.TemporaryDirectory[str],
    owner: int,
) -> None:
    """End the worker with all that it started. A fork of this process leaves it to the one that started it."""
    if owner == os.getpid():
        with suppress(ProcessLookupError):  # whatever it started may live on without it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        scratch.cleanup()
    channel.close()
    os.close(printed)
