"""The journal: every publication's unsuppressed figures and flags, append-only, for the owner alone (0600)."""

import json
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER
from warehouse.store import Folder

JOURNAL_SCHEMA_VERSION = 1
FIGURES_FILE = "figures.parquet"
SHOWN_FILE = "shown.parquet"
FLAGS_FILE = "flags.parquet"
ENTRY_FILE = "entry.json"
WHOLE = "[!.]*_*"
"""Folders of entries, and not those under a hidden name that are still written."""


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
    """The folder of entries. An entry is written under a hidden name and gets its own when it is whole."""

    folder: Path

    def entries(self, *, as_of: date | None = None) -> list[JournalEntry]:
        """In the order of publication; those for a day up to `as_of` if given."""
        found = [
            JournalEntry.model_validate_json((path / ENTRY_FILE).read_text())
            for path in sorted(self.folder.glob(WHOLE))
            if (path / ENTRY_FILE).exists()
        ]
        return [entry for entry in found if as_of is None or entry.as_of <= as_of]

    def unfinished(self) -> list[Path]:
        """Entries that a killed run did not finish."""
        hidden = [path for path in self.folder.glob(".*_*") if path.is_dir()]
        return [*hidden, *(path for path in self.folder.glob(WHOLE) if not (path / ENTRY_FILE).exists())]

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
        """Write one entry, whole or not at all: the full figures, the figures as published, the flags."""
        fresh = self.folder / f".{entry.folder_name}"
        fresh.mkdir(mode=OWNER_ONLY_FOLDER, parents=True)
        try:
            for relation, name in ((figures, FIGURES_FILE), (shown, SHOWN_FILE), (flags, FLAGS_FILE)):
                relation.write_parquet(str(fresh / name))
                (fresh / name).chmod(OWNER_ONLY_FILE)
            content = json.dumps(entry.model_dump(mode="json"), indent=1)
            Folder.at(str(fresh)).write(content.encode(), ENTRY_FILE)
            fresh.replace(self.folder / entry.folder_name)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
