"""Put a backup in place: all of it is written aside first, then moved, the link to what is in force last."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from warehouse.backup_contents import FOLDERS, HOME
from warehouse.backup_reading import read_backup
from warehouse.backup_record import BackupRecord, Member
from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER, Paths, swap_link


def check_backup(file: Path, progress: Callable[[int], None]) -> BackupRecord:
    """Read all of a backup and write nothing. Raises what `read_backup` raises."""

    def look(member: Member, content: Iterator[bytes], _: float) -> None:
        for chunk in content:
            progress(len(chunk))

    return read_backup(file, look)


def put_in_place(file: Path, places: dict[str, Path], progress: Callable[[int], None]) -> BackupRecord:
    """Restore into the empty folders `places`, HOME's and the store's. The caller holds the run lock.

    After an error nothing of the backup is left. Where the process is killed, what is left says so by being there: the
    next restore finds the folders filled. Raises what `read_backup` raises.
    """
    aside = {part: root / f".restore.{uuid.uuid4().hex[:8]}.part" for part, root in places.items()}
    placed: list[Path] = []

    def write(member: Member, content: Iterator[bytes], changed_at: float) -> None:
        part, _, inside = member.name.partition("/")
        target = aside[part] / inside
        target.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
        with os.fdopen(descriptor, "wb") as opened:
            for chunk in content:
                opened.write(chunk)
                progress(len(chunk))
        os.utime(target, (changed_at, changed_at))

    try:
        record = read_backup(file, write)
        for part, root in places.items():
            for folder in FOLDERS[part]:
                _move_all(aside[part] / folder, root / folder, placed)
        if record.publication_id:
            paths = Paths(places[HOME])
            placed.append(paths.current)
            swap_link(paths.current, paths.publication(record.publication_id))
    except BaseException:
        for path in reversed(placed):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        raise
    finally:
        for folder in aside.values():
            shutil.rmtree(folder, ignore_errors=True)
    return record


def _move_all(source: Path, target: Path, placed: list[Path]) -> None:
    """Move what a folder holds into one that may be a volume of its own, and stays then."""
    if not source.is_dir():
        return
    target.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    for one in sorted(source.iterdir()):
        place = target / one.name
        if place.is_dir():
            place.rmdir()  # empty: the restore was refused otherwise
        placed.append(place)
        shutil.move(one, place)
