"""What persons decided about restatements: a file per decision in the journal, never edited, for the owner alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.store import Folder

DECISION_SCHEMA_VERSION = 1


class Verdict(StrEnum):
    """What a person says to the changes of a build."""

    APPROVED = "approved"
    REJECTED = "rejected"


class FigureChange(BaseModel):
    """A closed year's figure as it was published last, and as a build has it; unsuppressed."""

    model_config = ConfigDict(frozen=True)

    agreement_id: str
    indicator_id: str
    area_id: str
    year_kind: str
    year: int
    old_value: float
    new_value: float


class Decision(BaseModel):
    """One decision on all changes of one build. `role` is who decided: a role, or the account that answered."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = DECISION_SCHEMA_VERSION
    build_id: str
    as_of: date
    decided_at: datetime
    verdict: Verdict
    role: str
    reason: str | None
    changes: tuple[FigureChange, ...]

    @property
    def file_name(self) -> str:
        """Sorts in the order of decisions."""
        return f"{self.decided_at:%Y%m%dT%H%M%S%f}_{self.build_id}.json"


@dataclass(frozen=True)
class Decisions:
    """The folder of decisions."""

    folder: Path

    def all(self) -> list[Decision]:
        """In the order in which they were taken."""
        return [Decision.model_validate_json(path.read_text()) for path in sorted(self.folder.glob("*.json"))]

    def on_build(self, build_id: str) -> Decision | None:
        """The decision on a build; no build is decided on twice."""
        return next((decision for decision in self.all() if decision.build_id == build_id), None)

    def latest(self, changes: Iterable[FigureChange]) -> dict[FigureChange, Decision]:
        """The last decision on each of these changes, where there is one; another value is another change."""
        wanted = set(changes)
        return {change: decision for decision in self.all() for change in decision.changes if change in wanted}

    def append(self, decision: Decision) -> None:
        """Write a decision as a new file."""
        Folder.at(str(self.folder)).write(decision.model_dump_json(indent=1).encode(), decision.file_name)
