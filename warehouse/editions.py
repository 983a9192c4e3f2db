"""Editions: reports as the board approved them, frozen in the journal with their figures and definitions."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER, Paths
from warehouse.store import Folder

EDITION_SCHEMA_VERSION = 1
RECORD_FILE = "edition.json"
FIGURES_FILE = "figures.parquet"


class Edition(BaseModel):
    """One approved report of an agreement and year. `minutes` is where the approval stands; `number` counts per year.

    `as_of` is the day of the publication that was approved, `approved_on` the day on which it was recorded.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = EDITION_SCHEMA_VERSION
    agreement_id: str
    year_kind: str
    year: int
    year_label: str
    number: int
    minutes: str
    approved_on: date
    recorded_at: datetime
    publication_id: str
    as_of: date

    @property
    def edition_id(self) -> str:
        return f"{self.agreement_id}_{self.year_kind}_{self.year}_{self.number}"


@dataclass(frozen=True)
class Editions:
    """The folder of editions. One counts once its edition.json is there, which is written last; none is changed."""

    folder: Path

    @classmethod
    def of(cls, paths: Paths) -> "Editions":
        return cls(paths.editions)

    def all(self, *, as_of: date | None = None) -> list[Edition]:
        """In the order of approval; those of publications for a day up to `as_of` if given."""
        found = [Edition.model_validate_json(path.read_text()) for path in self.folder.glob(f"*/{RECORD_FILE}")]
        return sorted(
            (one for one in found if as_of is None or one.as_of <= as_of),
            key=lambda one: (one.recorded_at, one.edition_id),
        )

    def path(self, edition: Edition, *parts: str) -> Path:
        return self.folder.joinpath(edition.edition_id, *parts)

    def keep(
        self, edition: Edition, files: dict[str, bytes], figures: pa.Table, copies: Iterable[tuple[Path, str]]
    ) -> Path:
        """Freeze an edition and return its folder.

        `files` by name, `figures` as they were published, and `copies` of files with their names in the edition.
        """
        folder = self.path(edition)
        shutil.rmtree(folder, ignore_errors=True)  # what is left of one that was stopped half-way
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True)
        for source, name in copies:
            target = folder / name
            target.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(OWNER_ONLY_FILE)
        store = Folder.at(str(folder))
        for name, content in files.items():
            store.write(content, name)
        store.write_parquet(figures, FIGURES_FILE)
        store.write(edition.model_dump_json(indent=1).encode(), RECORD_FILE)
        return folder

    def next_number(self, agreement_id: str, year_kind: str, year: int) -> int:
        own = [
            one.number
            for one in self.all()
            if (one.agreement_id, one.year_kind, one.year) == (agreement_id, year_kind, year)
        ]
        return max(own, default=0) + 1
