"""Run a command as a whole process; tell how long it took and how much memory it and its children held."""

import os
import resource
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.05
STDERR_LINES = 30
KIBIBYTE = 1024


@dataclass(frozen=True)
class Measured:
    """One run: wall and processor seconds, and the peak of resident memory in bytes.

    The peak is that of all processes together, sampled; never less than the largest single one, which the operating
    system keeps exactly.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int


class CommandFailed(Exception):
    """A measured command ended with an error; the message has the end of what it said."""


def measure(command: list[str], cwd: Path) -> Measured:
    """Run `command` to its end. Raises CommandFailed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = os.times().elapsed
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    sampler = _Sampler(process.pid)
    sampler.start()
    try:
        _, errors = process.communicate()
    except BaseException:  # interrupted: the command and what it started end with us
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    seconds = os.times().elapsed - started
    sampler.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)}\n" + "\n".join(errors.splitlines()[-STDERR_LINES:]))
    return Measured(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_bytes=sampler.peak_bytes,
    )


class _Sampler(threading.Thread):
    """Adds up the resident memory of a process and its descendants, as often as SAMPLE_SECONDS says.

    Each process's own high-water mark (VmHWM) is read too, so that a short peak between two samples is not lost.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak_bytes = pid, 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            found = [memory for pid in _descendants(self.pid) if (memory := _memory(pid))]
            together = sum(now for now, _ in found)
            largest = max((high for _, high in found), default=0)
            self.peak_bytes = max(self.peak_bytes, together, largest)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # the name in brackets may hold blanks; the parent is the second field after it
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def _memory(pid: int) -> tuple[int, int] | None:
    """Resident bytes now and at most so far; None for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    facts = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM")))
    if len(facts) < len(("VmRSS", "VmHWM")):
        return None
    return tuple(int(facts[name].split()[0]) * KIBIBYTE for name in ("VmRSS", "VmHWM"))


def require_linux() -> None:
    """Raises SystemExit where there is no /proc to read memory from."""
    if not Path("/proc/self/status").exists():
        sys.exit("The benchmark reads memory from /proc, so it runs on Linux only.")
