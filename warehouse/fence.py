"""Who holds the run lock of a HOME, and the proof that it is still held: a token that grows with each holder.

A run that was stopped for long and wakes up after another has taken its place holds an old token, and so changes
nothing that is in force (a fencing token: Kleppmann, «How to do distributed locking», 2016).
"""

import getpass
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict

from vocabulary.errors import RunLocked, RunOvertaken
from vocabulary.settings import LOCAL_ZONE
from warehouse.paths import Paths
from warehouse.store import Folder

STALE_AFTER_SECONDS = 900.0
"""A holder that has given no sign of life for so long is taken to be stopped for good."""

GUARD_SECONDS = 30.0
"""How long to wait for a step that changes what is in force, or who may change it: such steps take moments."""

HOLDER_SCHEMA_VERSION = 1

AIRFLOW_RUN = ("AIRFLOW_CTX_DAG_ID", "AIRFLOW_CTX_DAG_RUN_ID")
"""What Airflow tells its tasks of the run that they are of."""


class Holder(BaseModel):
    """The latest run that took the lock: what it does, as whom, where. `has_ended` when it gave the lock back."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = HOLDER_SCHEMA_VERSION
    token: int
    doing: str
    owner: str
    host: str
    pid: int
    started_at: datetime
    has_ended: bool = False

    @classmethod
    def this_process(cls, token: int, doing: str) -> "Holder":
        return cls(
            token=token,
            doing=doing,
            owner=" ".join(filter(None, map(os.environ.get, AIRFLOW_RUN))) or getpass.getuser(),
            host=this_host(),
            pid=os.getpid(),
            started_at=datetime.now(UTC),
        )


def this_host() -> str:
    """The name that Airflow is told to use as well."""
    return socket.gethostname()


def locked(paths: Paths, holder: Holder | None) -> RunLocked:
    """What a second run is told of the first; one that has just taken the lock has no record yet."""
    if holder is None or holder.has_ended:
        return RunLocked(path=paths.home, by="it has just begun")
    since = f"{holder.started_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"
    return RunLocked(
        path=paths.home, by=f"{holder.doing} by {holder.owner} on {holder.host}, process {holder.pid}, since {since}"
    )


def read_holder(paths: Paths) -> Holder | None:
    """The latest holder, if there was one; the record is written whole or not at all."""
    if not paths.run_holder.exists():
        return None
    return Holder.model_validate_json(paths.run_holder.read_text(encoding="utf-8"))


def write_holder(paths: Paths, holder: Holder) -> None:
    Folder.at(str(paths.home)).write(holder.model_dump_json(indent=1).encode(), paths.run_holder.name)


def is_alive(paths: Paths) -> bool:
    """Whether the holder has given a sign of life of late: the record's time of change is renewed while a run lives."""
    return time.time() - paths.run_holder.stat().st_mtime < STALE_AFTER_SECONDS


@contextmanager
def guarded(paths: Paths) -> Iterator[Holder | None]:
    """Nobody takes the lock over, and nobody changes what is in force, while this lasts; yields the latest holder.

    Raises RunLocked when another process stays in here, stopped in the middle of such a step.
    """
    try:
        with FileLock(paths.run_guard, timeout=GUARD_SECONDS):
            yield read_holder(paths)
    except Timeout:
        raise locked(paths, read_holder(paths)) from None


@dataclass(frozen=True)
class Fence:
    """What a run got with the lock."""

    paths: Paths
    token: int

    @contextmanager
    def passed(self) -> Iterator[None]:
        """A step that changes what is in force: nobody can take over before it ends.

        Raises RunOvertaken when somebody has.
        """
        with guarded(self.paths) as holder:
            self._require(holder)
            yield

    def require(self) -> None:
        """Raises RunOvertaken when another run has taken the lock over."""
        self._require(read_holder(self.paths))

    def _require(self, holder: Holder | None) -> None:
        if holder is None or holder.token != self.token:
            by = f"{holder.doing} by {holder.owner} on {holder.host}" if holder else "somebody who removed its record"
            raise RunOvertaken(path=self.paths.home, by=by)
