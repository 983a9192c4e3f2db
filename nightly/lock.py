"""The run lock: one run at a time writes to a HOME, whoever starts it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from filelock import BaseFileLock, FileLock, Timeout

from warehouse.fence import Fence, Holder, guarded, is_alive, locked, read_holder, this_host, write_holder
from warehouse.paths import Paths

BEAT_SECONDS = 20.0
"""How often a run gives a sign of life."""

LOOK_SECONDS = 1.0
"""How often one that waits looks whether the holder is still alive."""


@contextmanager
def run_lock(paths: Paths, doing: str, wait_seconds: float = 0) -> Iterator[Fence]:
    """Hold the lock of a HOME. Raises RunLocked when another run, which it names, holds it for longer than we wait.

    The operating system frees the lock of a process that dies. The lock of one that has given no sign of life for
    STALE_AFTER_SECONDS is broken: should it wake up, its token keeps it from publishing.
    """
    lock, holder = _acquired(paths, doing, time.monotonic() + wait_seconds)
    ended = Event()
    beating = Thread(target=_beat, args=(paths, holder.token, ended), daemon=True)
    beating.start()
    try:
        yield Fence(paths, holder.token)
    finally:
        ended.set()
        beating.join()
        try:
            with guarded(paths) as latest:
                if latest == holder:
                    write_holder(paths, holder.model_copy(update={"has_ended": True}))
        finally:
            lock.release()


def _acquired(paths: Paths, doing: str, until: float) -> tuple[BaseFileLock, Holder]:
    while True:
        lock = FileLock(paths.run_lock)
        left = until - time.monotonic()
        with suppress(Timeout):
            lock.acquire(timeout=max(0.0, min(left, LOOK_SECONDS)))
        with guarded(paths) as latest:
            lives = latest is not None and not latest.has_ended and is_alive(paths)
            if lock.is_locked and not (lives and latest.host != this_host()):
                holder = Holder.this_process(latest.token + 1 if latest else 1, doing)
                write_holder(paths, holder)
                return lock, holder
            if not (lock.is_locked or lives or latest is None or latest.has_ended):
                paths.run_lock.unlink(missing_ok=True)  # who holds it holds a file without a name
                continue
        if left <= 0:
            lock.release()
            raise locked(paths, latest)
        if lock.is_locked:  # a file system that several machines share may not share its locks
            lock.release()
            time.sleep(LOOK_SECONDS)


def _beat(paths: Paths, token: int, ended: Event) -> None:
    while not ended.wait(BEAT_SECONDS):
        latest = read_holder(paths)
        if latest is None or latest.token != token:
            return
        os.utime(paths.run_holder)
