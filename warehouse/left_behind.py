"""What runs that were killed left behind: hidden files and folders, and what never got its record."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from warehouse.builds import Builds
from warehouse.journal import Journal
from warehouse.ledger import READING_FOLDERS
from warehouse.paths import Paths
from warehouse.store import Folder

OLD_SECONDS = 3600.0
"""Files are read without the run lock, so that a young half-written one may be somebody's who is at work."""

HALF_WRITTEN = ".*.part"

STORED = ("ledger", *READING_FOLDERS)
"""Where every night writes; the store may be the HOME, in which others keep what is theirs."""


def remove_left_behind(paths: Paths, store: Folder) -> int:
    """Remove it; how much there was. None of it counts as anything, but it holds rows and takes room.

    The caller holds the run lock.
    """
    found = list(dict.fromkeys((*_of_one_run(paths), *_half_written(paths, store))))
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(found)


def _of_one_run(paths: Paths) -> Iterator[Path]:
    """What only the holder of the run lock makes: publications, entries and builds that were never whole, links."""
    for folder in (paths.publications, paths.replays):
        yield from folder.glob(".*")
    for link in (paths.current, paths.latest_warehouse):
        yield from (one for one in link.parent.glob(f".{link.name}.*") if one.is_symlink())
    yield from Journal(paths.journal).unfinished()
    yield from Builds(paths).unfinished()


def _half_written(paths: Paths, store: Folder) -> Iterator[Path]:
    now = time.time()
    folders = [paths.builds, paths.journal, paths.publications, paths.replays, paths.runs]
    if store.is_local:
        folders += [Path(store.path(name)) for name in STORED]
    for folder in folders:
        for path in folder.rglob(HALF_WRITTEN):
            if now - path.lstat().st_mtime > OLD_SECONDS:
                yield path
