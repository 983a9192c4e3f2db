"""What every stage runs in: folders that are there, the run lock, a full disk as a catalogued error, a record of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nightly.lock import run_lock
from vocabulary.errors import PUBLISHED_ALL_THE_SAME, DiskFull
from vocabulary.settings import Settings
from warehouse.disk_full import is_disk_full
from warehouse.fence import Fence
from warehouse.paths import Paths, owner_only
from warehouse.runs import DONE, STAGES, STOPPED, Runs, StageRun, run_id, versions

log = logging.getLogger(__name__)

_held: ContextVar[Fence | None] = ContextVar("held", default=None)
"""What a run of all stages holds; its stages run under it."""


@dataclass
class AtWork:
    """A stage at work. `fence` came with the lock, None where it needs none."""

    paths: Paths
    name: str
    fence: Fence | None
    is_recorded: bool = True
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    counted: dict[str, int | str] = field(default_factory=dict)

    def count(self, **facts: int | str) -> None:
        """Note `rows`, `bytes` or `publication_id` of what it has done."""
        self.counted |= facts

    def record(self, outcome: str = DONE, exit_code: int = 0) -> None:
        """Leave a record of it, if it is one that is kept. One that cannot be written stops nothing."""
        if not self.is_recorded or self.name not in STAGES:
            return
        run = StageRun(
            run_id=run_id(self.fence.token if self.fence else None, self.started_at),
            stage=self.name,
            started_at=self.started_at,
            ended_at=datetime.now(UTC),
            outcome=outcome,
            exit_code=exit_code,
            versions=versions(),
            **self.counted,
        )
        try:
            Runs(self.paths).add(run)
        except OSError as error:
            log.warning("no record was kept of how %s went: %s", self.name, error.strerror)


@contextmanager
def all_stages(settings: Settings, name: str) -> Iterator[None]:
    """Hold the run lock from the first stage to the last. Raises RunLocked."""
    with stage(settings, name, wait_seconds=0) as night:
        before = _held.set(night.fence)
        try:
            yield
        finally:
            _held.reset(before)


@contextmanager
def stage(settings: Settings, name: str, wait_seconds: float | None, *, is_recorded: bool = True) -> Iterator[AtWork]:
    """Run a stage: under the run lock where it writes DuckDB, and with a full disk as a catalogued error.

    `wait_seconds` None takes no lock: reading files needs none, since every reading is a file of its own. What a stage
    writes is for its owner alone, whoever called it. How it went is recorded, to be published with the next night.
    """
    paths = Paths.of(settings)
    held = _held.get()
    lock = nullcontext(held) if wait_seconds is None or held else run_lock(paths, name, wait_seconds)
    try:
        with owner_only():
            paths.create()
            with lock as fence, _recorded(AtWork(paths, name, fence, is_recorded)) as at_work:
                yield at_work
    except Exception as error:
        if _is_ours_to_tell(error):
            raise DiskFull(stage=name) from None
        raise


@contextmanager
def _recorded(at_work: AtWork) -> Iterator[AtWork]:
    try:
        yield at_work
    except Exception as error:
        told = DiskFull if _is_ours_to_tell(error) else type(error)
        at_work.record(told.__name__, getattr(told, "exit_code", 1))
        raise
    except BaseException:
        at_work.record(STOPPED, 1)
        raise
    at_work.record()


def _is_ours_to_tell(error: Exception) -> bool:
    """A full disk; what fails after publishing is told as such, and the disk may be that of PostgreSQL."""
    return is_disk_full(error) and getattr(error, "exit_code", None) != PUBLISHED_ALL_THE_SAME
