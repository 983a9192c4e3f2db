"""The record of a build: what day it is for, and how far it has come."""

import shutil
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from vocabulary.errors import BuildNotFound
from vocabulary.states import Severity
from warehouse.paths import Paths
from warehouse.store import Folder

RECORD_FILE = "build.json"


class BuildRecord(BaseModel):
    """One build: `flags_by_severity` is None until it has been checked; `is_held` says that a person decides on it.

    `left_out_digest` tells which persons and which time its readings left out.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    build_id: str
    as_of: date
    started_at: str
    nodes: dict[str, int] = {}
    flags_by_severity: dict[str, int] | None = None
    publication_id: str | None = None
    is_held: bool = False
    left_out_digest: str | None = None

    @property
    def is_checked(self) -> bool:
        return self.flags_by_severity is not None

    @property
    def blocking_flags(self) -> int:
        return (self.flags_by_severity or {}).get(Severity.BLOCKS.value, 0)


class Builds:
    """The builds of one HOME; a build counts once its record is written."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    def get(self, build_id: str) -> BuildRecord:
        """Raises BuildNotFound."""
        path = self.paths.build(build_id) / RECORD_FILE
        if not path.exists():
            raise BuildNotFound(build_id=build_id, path=self.paths.builds)
        return BuildRecord.model_validate_json(path.read_text())

    def latest(self) -> BuildRecord:
        """The last build that was started and finished. Raises BuildNotFound where there is none."""
        records = self.newest_first()
        if not records:
            raise BuildNotFound(build_id="(latest)", path=self.paths.builds)
        return records[0]

    def newest_first(self) -> list[BuildRecord]:
        records = [self.get(path.parent.name) for path in self.paths.builds.glob(f"*/{RECORD_FILE}")]
        return sorted(records, key=lambda record: record.started_at, reverse=True)

    def remove_other_worlds(self, build_id: str) -> None:
        """Delete the earlier builds that hold rows which `build_id` leaves out, and those that were never finished."""
        own = self.get(build_id)
        if own.left_out_digest is None:
            return
        records = {record.build_id: record for record in self.newest_first()}
        for folder in self.paths.builds.iterdir():
            other = records.get(folder.name)
            is_later = other is not None and other.started_at >= own.started_at
            if not is_later and (other is None or other.left_out_digest != own.left_out_digest):
                shutil.rmtree(folder)

    def unfinished(self) -> list[Path]:
        """The folders of builds that never got their record."""
        return [folder for folder in self.paths.builds.iterdir() if not (folder / RECORD_FILE).exists()]

    def remove_all(self) -> None:
        """Delete every build: each can be made again from ledger and journal."""
        self.paths.latest_warehouse.unlink(missing_ok=True)
        for folder in self.paths.builds.iterdir():
            shutil.rmtree(folder)

    def save(self, record: BuildRecord) -> BuildRecord:
        folder = Folder.at(str(self.paths.build(record.build_id)))
        folder.write(record.model_dump_json(indent=1).encode(), RECORD_FILE)
        return record
