"""What of a HOME and its store a backup holds: what nothing can make again. Folders are named, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vocabulary.settings import Settings
from warehouse import erased, expiry
from warehouse.key_rotations import KEY_ROTATIONS
from warehouse.ledger import READING_FOLDERS
from warehouse.paths import Paths
from warehouse.store import Folder

HOME, STORE = "home", "store"
"""The first part of a member's path: which of the two it belongs to."""

STORE_FOLDERS = ("ledger", *READING_FOLDERS, erased.FOLDER, expiry.FOLDER, KEY_ROTATIONS)
"""The ledger comes first: a reading that is committed while the rest is listed then lacks nothing that it names."""

HOME_FOLDERS = ("journal", "publications", "runs")
FOLDERS = {STORE: STORE_FOLDERS, HOME: HOME_FOLDERS}

MADE_AGAIN = {
    "warehouse": "the next night builds from ledger and journal",
    "replays": "`omraadetal backfill --year`, or `nightly --as-of`",
    "logs": "of the last run of each step",
    "docs": "`make docs`",
    "airflow": "Airflow's runs, logs and secrets: `omraadetal up` makes new ones",
}
KEPT_APART = {
    "postgres": "publications are loaded again; views of your own with pg_dump",
    "superset": "users and charts made by hand; copy the folder while Superset is stopped",
}
LINKS = "published"
"""Of this folder the link `current` is kept, beside the files."""


@dataclass(frozen=True)
class KeptFile:
    """A file to back up; `name` is its path in the backup."""

    path: Path
    name: str

    @property
    def state(self) -> tuple[str, int, int]:
        """Differs once the file was written again."""
        found = self.path.stat()
        return self.name, found.st_size, found.st_mtime_ns


def local_store(settings: Settings) -> Path | None:
    """The store's folder; None where it is in an object store."""
    folder = Folder.at(settings.store)
    return Path(folder.root) if folder.is_local else None


def roots(settings: Settings) -> dict[str, Path]:
    """Where the parts of a backup lie: HOME, and the store where it is a local folder."""
    store = local_store(settings)
    return ({STORE: store} if store else {}) | {HOME: settings.home}


def kept_files(settings: Settings) -> Iterator[KeptFile]:
    """Every file that a backup holds, the ledger's first. Neither hidden files nor keys, wherever they were put."""
    secrets = {settings.key_file.resolve(), settings.erasures.resolve()}
    for part, root in roots(settings).items():
        for folder in FOLDERS[part]:
            for path in sorted((root / folder).rglob("*")):
                inside = path.relative_to(root)
                if path.is_dir() or any(step.startswith(".") for step in inside.parts):
                    continue
                if secrets.isdisjoint((path.resolve(), *path.resolve().parents)):
                    yield KeptFile(path, f"{part}/{inside.as_posix()}")


def other_folders(settings: Settings) -> list[str]:
    """The folders of HOME that are neither in a backup nor made again by Områdetal."""
    known = {*MADE_AGAIN, *HOME_FOLDERS, LINKS, *(STORE_FOLDERS if local_store(settings) == settings.home else ())}
    found = sorted(path.name for path in settings.home.iterdir() if path.is_dir())
    return [name for name in found if name not in known and not name.startswith(".")]


def first_found(settings: Settings) -> Path | None:
    """Something that a restored backup would mix with; folders without files and the run lock's files are nothing."""
    paths = Paths.of(settings)
    ignored = {paths.run_lock, paths.run_holder, paths.run_guard}
    for root in roots(settings).values():
        for path in root.rglob("*"):
            if (path.is_symlink() or not path.is_dir()) and path not in ignored:
                return path
    return None
