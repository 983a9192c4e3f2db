"""The journal: every publication's unsuppressed figures and flags, append-only, for the owner alone (0600)."""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER

JOURNAL_SCHEMA_VERSION = 1
FIGURES_FILE = "figures.parquet"
SHOWN_FILE = "shown.parquet"
FLAGS_FILE = "flags.parquet"
ENTRY_FILE = "entry.json"


class JournalEntry(BaseModel):
    """One publication: when it was made, for which day, by which build, and when that was begun."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = JOURNAL_SCHEMA_VERSION
    publication_id: str
    as_of: date
    published_at: datetime
    build_id: str
    build_started_at: str | None = None

    @property
    def folder_name(self) -> str:
        """Sorts in the order of publication."""
        return f"{self.published_at:%Y%m%dT%H%M%S%f}_{self.publication_id}"


@dataclass(frozen=True)
class Journal:
    """The folder of entries. An entry counts once its entry.json is there, which is written last."""

    folder: Path

    def entries(self, *, as_of: date | None = None) -> list[JournalEntry]:
        """In the order of publication; those for a day up to `as_of` if given."""
        found = [
            JournalEntry.model_validate_json((path / ENTRY_FILE).read_text())
            for path in sorted(self.folder.glob("*_*"))
            if (path / ENTRY_FILE).exists()
        ]
        return [entry for entry in found if as_of is None or entry.as_of <= as_of]

    def path(self, entry: JournalEntry, file_name: str) -> Path:
        return self.folder / entry.folder_name / file_name

    def append(
        self,
        entry: JournalEntry,
        *,
        figures: duckdb.DuckDBPyRelation,
        shown: duckdb.DuckDBPyRelation,
        flags: duckdb.DuckDBPyRelation,
    ) -> None:
        """Write one entry: the full figures, the figures as published, the flags."""
        folder = self.folder / entry.folder_name
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True)
        for relation, name in ((figures, FIGURES_FILE), (shown, SHOWN_FILE), (flags, FLAGS_FILE)):
            relation.write_parquet(str(folder / name))
            (folder / name).chmod(OWNER_ONLY_FILE)
        content = json.dumps(entry.model_dump(mode="json"), indent=1)
        descriptor = os.open(folder / ENTRY_FILE, os.O_WRONLY | os.O_CREAT, OWNER_ONLY_FILE)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
