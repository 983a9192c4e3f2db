"""What nights leave behind of themselves: each stage that ran, how long, how much, with what and to which end.

One file per stage that ran, since the stages of a night may be processes of their own. No name of a file or a person is
in it: what failed is told by the name of its error.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from warehouse.fence import AIRFLOW_RUN
from warehouse.paths import Paths
from warehouse.store import Folder

STAGES = ("night", "ingest", "build", "check", "review", "publish", "report", "postgres", "notify")
"""Those that are kept; `night` is all of them, where one process runs them all."""

KEPT = timedelta(days=400)
DONE, STOPPED = "done", "stopped"
PROGRAMS = {"omraadetal_version": "omraadetal", "dbt_version": "dbt-core", "duckdb_version": "duckdb"}

ROWS_TO, BYTES_TO = 100, 100_000
"""What was delivered is published to the nearest hundred rows and 100 kB: a delivery may hold few persons, and a figure
that disclosure control hid could be told from how much was read.
"""

SCHEMA = pa.schema(
    [
        ("run_id", pa.string()),
        ("stage", pa.string()),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("ended_at", pa.timestamp("us", tz="UTC")),
        ("rows", pa.int64()),
        ("bytes", pa.int64()),
        ("outcome", pa.string()),
        ("exit_code", pa.int32()),
        ("publication_id", pa.string()),
        *((name, pa.string()) for name in PROGRAMS),
    ]
)


class StageRun(BaseModel):
    """One stage that ran. `outcome` is DONE, STOPPED, or the name of the error that ended it."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    run_id: str
    stage: str
    started_at: datetime
    ended_at: datetime
    rows: int | None = None
    bytes: int | None = None
    outcome: str = DONE
    exit_code: int = 0
    publication_id: str | None = None
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Runs:
    """The folder `runs` of a HOME."""

    paths: Paths

    def add(self, run: StageRun) -> None:
        """Write a record, whole or not at all."""
        name = f"{run.started_at:%Y%m%dT%H%M%S%f}_{run.stage}_{secrets.token_hex(4)}.json"
        self._folder.write(run.model_dump_json(indent=1).encode(), name)

    def records(self) -> list[StageRun]:
        """In the order in which they began."""
        return [StageRun.model_validate_json(self._folder.read(name)) for name in self._names()]

    def published(self) -> pa.Table:
        """What may be shown of them, with SCHEMA."""
        rows = [
            run.model_dump(exclude={"versions", "schema_version"})
            | run.versions
            | {"rows": _rounded(run, run.rows, ROWS_TO), "bytes": _rounded(run, run.bytes, BYTES_TO)}
            for run in self.records()
        ]
        return pa.Table.from_pylist(rows, schema=SCHEMA)

    def remove_past(self, now: datetime) -> None:
        """Remove those that began longer ago than KEPT."""
        for name in self._names():
            if name < f"{now - KEPT:%Y%m%dT%H%M%S}":
                (self.paths.runs / name).unlink(missing_ok=True)

    @property
    def _folder(self) -> Folder:
        return Folder.at(str(self.paths.runs))

    def _names(self) -> list[str]:
        return [name for name in self._folder.names() if name.endswith(".json")]


def run_id(token: int | None, started_at: datetime) -> str:
    """Whose stage it is: the run of a DAG, or the run that holds the lock; what has neither is a run of its own."""
    if in_airflow := " ".join(filter(None, map(os.environ.get, AIRFLOW_RUN))):
        return in_airflow
    return f"run {token}" if token else f"run of {started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@cache
def versions() -> dict[str, str]:
    return {name: version(program) for name, program in PROGRAMS.items()}


def _rounded(run: StageRun, count: int | None, to: int) -> int | None:
    """What a publication holds is shown by itself."""
    return count if count is None or run.stage == "publish" else round(count / to) * to
