"""What has been told of each night, and where: so that the same night is told once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.journal import Journal
from warehouse.paths import OWNER_ONLY_FOLDER
from warehouse.store import Folder


class NoticeRecord(BaseModel):
    """One notice. `told_at` says when each place had it, or was found to need none, since nothing was new there."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    notice_id: str
    told_at: dict[str, datetime] = {}


@dataclass(frozen=True)
class ToldNotices:
    """The folder `notices` of a journal: one record per notice. A place is known by its key, which tells no address."""

    folder: Path

    @classmethod
    def of(cls, journal: Journal) -> "ToldNotices":
        return cls(journal.folder / "notices")

    def has(self, notice_id: str, place_key: str) -> bool:
        return place_key in self._record(notice_id).told_at

    def add(self, notice_id: str, place_key: str) -> None:
        """Write the record anew, whole or not at all."""
        record = self._record(notice_id)
        fuller = record.model_copy(update={"told_at": {**record.told_at, place_key: datetime.now(UTC)}})
        self.folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        Folder.at(str(self.folder)).write(fuller.model_dump_json(indent=1).encode(), self._path(notice_id).name)

    def _path(self, notice_id: str) -> Path:
        return self.folder / f"{notice_id}.json"

    def _record(self, notice_id: str) -> NoticeRecord:
        path = self._path(notice_id)
        if not path.exists():
            return NoticeRecord(notice_id=notice_id)
        return NoticeRecord.model_validate_json(path.read_text())
