"""What every stage runs in: folders that are there, the run lock, a full disk as a catalogued error."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from nightly.lock import run_lock
from vocabulary.errors import PUBLISHED_ALL_THE_SAME, DiskFull
from vocabulary.settings import Settings
from warehouse.disk_full import is_disk_full
from warehouse.fence import Fence
from warehouse.paths import Paths, owner_only

_held: ContextVar[Fence | None] = ContextVar("held", default=None)
"""What a run of all stages holds; its stages run under it."""


@contextmanager
def all_stages(settings: Settings, name: str) -> Iterator[None]:
    """Hold the run lock from the first stage to the last. Raises RunLocked."""
    with stage(settings, name, wait_seconds=0) as fence:
        before = _held.set(fence)
        try:
            yield
        finally:
            _held.reset(before)


@contextmanager
def stage(settings: Settings, name: str, wait_seconds: float | None) -> Iterator[Fence | None]:
    """Run a stage: under the run lock where it writes DuckDB, and with a full disk as a catalogued error.

    `wait_seconds` None takes no lock: reading files needs none, since every reading is a file of its own. What a stage
    writes is for its owner alone, whoever called it. Yields what came with the lock.
    """
    paths = Paths.of(settings)
    held = _held.get()
    lock = nullcontext(held) if wait_seconds is None or held else run_lock(paths, name, wait_seconds)
    try:
        with owner_only():
            paths.create()
            with lock as fence:
                yield fence
    except Exception as error:
        # what fails after publishing is told as such, and the disk may be that of PostgreSQL
        if is_disk_full(error) and getattr(error, "exit_code", None) != PUBLISHED_ALL_THE_SAME:
            raise DiskFull(stage=name) from None
        raise
