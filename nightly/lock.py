"""The run lock: one night at a time writes to a HOME."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from vocabulary.errors import RunLocked
from warehouse.paths import Paths


@contextmanager
def run_lock(paths: Paths, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock of a HOME. Raises RunLocked when another run holds it for longer than `wait_seconds`.

    The operating system frees the lock of a process that dies.
    """
    lock = FileLock(paths.run_lock)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise RunLocked(path=paths.home) from None
    try:
        yield
    finally:
        lock.release()
