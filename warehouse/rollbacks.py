"""When an earlier publication was put back in force: a file per rollback in the journal, never edited."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from warehouse.journal import Journal
from warehouse.paths import Paths
from warehouse.store import Folder

ROLLBACK_SCHEMA_VERSION = 1


class Rollback(BaseModel):
    """`publication_id` was put in force in place of `replaced_id`. `role` is who decided it, by role."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = ROLLBACK_SCHEMA_VERSION
    publication_id: str
    replaced_id: str
    rolled_back_at: datetime
    role: str
    reason: str

    @property
    def file_name(self) -> str:
        """Sorts in the order of rollbacks."""
        return f"{self.rolled_back_at:%Y%m%dT%H%M%S%f}_{self.publication_id}.json"


@dataclass(frozen=True)
class Rollbacks:
    """The rollbacks of one HOME."""

    paths: Paths

    def all(self) -> list[Rollback]:
        """In the order in which they were made."""
        files = sorted(self.paths.rollbacks.glob("*.json"))
        return [Rollback.model_validate_json(path.read_text(encoding="utf-8")) for path in files]

    def append(self, rollback: Rollback) -> None:
        """Write a rollback as a new file."""
        content = rollback.model_dump_json(indent=1).encode()
        Folder.at(str(self.paths.rollbacks)).write(content, rollback.file_name)

    def in_effect(self) -> Rollback | None:
        """The rollback that the publication in force rests on; None once a night has published since."""
        if not self.paths.current.exists():
            return None
        made = self.all()
        current = self.paths.current.resolve().name
        if not made or made[-1].publication_id != current:
            return None
        published_since = any(
            entry.published_at > made[-1].rolled_back_at for entry in Journal(self.paths.journal).entries()
        )
        return None if published_since else made[-1]
