"""The first member of a backup: what it holds, and what is not in it and has to be brought along."""

from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from warehouse.backup_contents import FOLDERS, HOME, STORE

RECORD_NAME = "backup.json"
BACKUP_SCHEMA_VERSION = 1
LINK_NAME = f"{HOME}/published/current"


class Member(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size_bytes: int = Field(ge=0)
    sha256: str


class BackupRecord(BaseModel):
    """`publication_id` and `as_of` are those of the publication in force, None where there was none.

    `pseudonym_key_ids` counts readings by the key that they were made with, and `erasures` the entries of the erasure
    list that the store was cleaned by: keys and list are kept elsewhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["omraadetal backup"] = "omraadetal backup"
    schema_version: int = BACKUP_SCHEMA_VERSION
    made_at: datetime
    publication_id: str | None
    as_of: date | None
    has_store: bool
    pseudonym_key_ids: dict[str, int]
    erasures: int
    members: tuple[Member, ...]

    @property
    def size_bytes(self) -> int:
        return sum(member.size_bytes for member in self.members)

    @property
    def link_target(self) -> str | None:
        """What `published/current` points at."""
        return f"../publications/{self.publication_id}" if self.publication_id else None

    def problem(self) -> str | None:
        """Why this cannot be trusted with writing files, if there is a reason."""
        names = {member.name for member in self.members}
        for name in names:
            if not is_safe(name):
                return f"it names {name!r}, which is no place of Områdetal's"
            if any(str(parent) in names for parent in PurePosixPath(name).parents):
                return f"{name!r} lies below a file"
        if not self.has_store and any(name.startswith(f"{STORE}/") for name in names):
            return "it holds a store that it says it does not hold"
        if self.publication_id and f"{HOME}/publications/{self.publication_id}/publication.json" not in names:
            return "the publication in force is not in it"
        return None


def is_safe(name: str) -> bool:
    """Whether a member's path is that of a visible file within a folder that a backup may hold."""
    match name.split("/"):
        case [part, folder, *inside] if inside and folder in FOLDERS.get(part, ()):
            is_visible = not any(step == "" or step.startswith(".") for step in inside)
            return is_visible and name.isprintable() and "\\" not in name
    return False
