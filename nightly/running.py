"""What every stage runs in: folders that are there, the run lock, a full disk as a catalogued error."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import duckdb

from nightly.dbt import DISK_FULL
from nightly.lock import run_lock
from vocabulary.errors import DiskFull
from vocabulary.settings import Settings
from warehouse.paths import Paths, owner_only


@contextmanager
def stage(settings: Settings, name: str, wait_seconds: float | None) -> Iterator[None]:
    """Run a stage: under the run lock where it writes DuckDB, and with a full disk as a catalogued error.

    `wait_seconds` None takes no lock: reading files needs none, since every reading is a file of its own. What a stage
    writes is for its owner alone, whoever called it.
    """
    paths = Paths.of(settings)
    try:
        with owner_only():
            paths.create()
            with nullcontext() if wait_seconds is None else run_lock(paths, wait_seconds):
                yield
    except (OSError, duckdb.IOException) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or DISK_FULL in str(error):
            raise DiskFull(stage=name) from None
        raise
