"""What is published: each publication on the disk, the one in force, and which ones stay."""

import hashlib
import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from vocabulary.errors import NothingPublished, PublicationDamaged, PublicationNotFound
from warehouse.connections import reading
from warehouse.editions import Editions
from warehouse.journal import Journal
from warehouse.paths import PUBLICATION_FILE, Paths

log = logging.getLogger(__name__)

RECORD_FILE = "publication.json"
FIGURES_TABLE = "marts.indicator_by_area_year"
KNOWN_TOLD = 10


@dataclass(frozen=True)
class Published:
    """One publication on the disk; `figures` is None and `flags_by_severity` empty where its record is damaged."""

    publication_id: str
    as_of: date
    published_at: datetime
    figures: int | None
    flags_by_severity: dict[str, int]
    size_bytes: int
    is_in_force: bool
    is_whole: bool


def read_publication(folder: Path) -> dict[str, Any]:
    """publication.json of a publication."""
    return json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))


def in_force(paths: Paths) -> Path:
    """The folder of the publication in force. Raises NothingPublished."""
    if not paths.current.exists():
        raise NothingPublished(path=paths.home)
    return paths.current.resolve()


def is_whole(folder: Path) -> bool:
    """Whether a publication is there with the file that readers open and the record that is written last."""
    return all((folder / name).exists() for name in (PUBLICATION_FILE, RECORD_FILE))


def list_published(paths: Paths) -> list[Published]:
    """The publications that are on the disk, in the order of publication; replays are none."""
    current = paths.current.resolve() if paths.current.exists() else None
    found = []
    for entry in Journal(paths.journal).entries():
        folder = paths.publication(entry.publication_id)
        if not folder.is_dir():
            continue
        record = _record_or_empty(folder)
        found.append(
            Published(
                publication_id=entry.publication_id,
                as_of=entry.as_of,
                published_at=entry.published_at,
                figures=record.get("tables", {}).get(FIGURES_TABLE, {}).get("rows"),
                flags_by_severity=record.get("flags_by_severity", {}),
                size_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
                is_in_force=folder.resolve() == current,
                is_whole=is_whole(folder) and bool(record),
            )
        )
    return found


def require_usable(paths: Paths, publication_id: str) -> Path:
    """The folder of a publication that can be put in force: all of it is there, as its record says.

    Raises PublicationNotFound and PublicationDamaged.
    """
    known = [one.publication_id for one in list_published(paths)]
    if publication_id not in known:
        told = ", ".join(reversed(known[-KNOWN_TOLD:])) or "none"
        raise PublicationNotFound(publication_id=publication_id, path=paths.publications, known=told)
    folder = paths.publication(publication_id)
    if problem := _problem(folder):
        raise PublicationDamaged(publication_id=publication_id, problem=problem)
    return folder


def remove_old(paths: Paths, keep: int, made: Path | None = None) -> list[str]:
    """Remove all but the `keep` newest publications, and as many replays; the ids of those that are gone.

    The one in force, the one just `made` and those that an edition of the report names stay whatever their age, and so
    does every entry of the journal. Whoever has a file of a removed publication open reads it to its end. The caller
    holds the run lock.
    """
    order = {entry.publication_id: at for at, entry in enumerate(Journal(paths.journal).entries())}
    folders = sorted(_folders(paths.publications), key=lambda folder: (order.get(folder.name, -1), folder.name))
    try:
        kept = {edition.publication_id for edition in Editions.of(paths).all()}
    except (OSError, ValueError) as error:
        log.warning("no publication is removed: an edition of the report cannot be read (%s)", type(error).__name__)
        return []
    if paths.current.exists():
        kept.add(paths.current.resolve().name)
    replays = sorted(_folders(paths.replays), key=lambda folder: folder.stat().st_mtime)
    old = [
        *(one for one in folders[:-keep] if one.name not in kept and one != made),
        *(one for one in replays[:-keep] if one != made),
    ]
    for folder in old:
        # a name with a dot is no publication: where this is stopped half-way, the next publish removes the rest
        hidden = folder.rename(folder.with_name(f".{folder.name}"))
        shutil.rmtree(hidden)
    return [folder.name for folder in old]


def _folders(parent: Path) -> Sequence[Path]:
    return [one for one in parent.glob("*") if one.is_dir() and not one.name.startswith(".")]


def _record_or_empty(folder: Path) -> dict[str, Any]:
    try:
        return read_publication(folder)
    except (OSError, ValueError):
        return {}


def _problem(folder: Path) -> str | None:
    """What is wrong with a publication, if anything: its record, its Parquet files, or its DuckDB file."""
    record = _record_or_empty(folder)
    if not is_whole(folder) or record.get("publication_id") != folder.name or not record.get("tables"):
        return f"{PUBLICATION_FILE} or {RECORD_FILE} is missing or does not belong to it"
    for table in record["tables"].values():
        file = folder / table["file"]
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != table["sha256"]:
            return f"{table['file']} is missing or is not what was published"
    try:
        with reading(folder / PUBLICATION_FILE) as connection:
            for name, table in record["tables"].items():
                if connection.execute(f"select count(*) from {name}").fetchone()[0] != table["rows"]:
                    return f"{PUBLICATION_FILE} has another number of rows in {name} than was published"
    except duckdb.Error:
        return f"{PUBLICATION_FILE} cannot be read"
    return None
