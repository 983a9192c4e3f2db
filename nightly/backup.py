"""Back a HOME up into one file, and restore it: what `omraadetal backup` and `omraadetal restore` run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nightly.running import stage
from vocabulary.errors import BackupNotWritable, HomeNotEmpty, NothingToBackUp, StoreNotRestorable
from vocabulary.settings import Settings
from warehouse.backup_contents import STORE, first_found, kept_files, other_folders, roots
from warehouse.backup_reading import read_record
from warehouse.backup_record import BackupRecord
from warehouse.backup_writing import write_backup
from warehouse.restoring import check_backup, put_in_place

Progress = Callable[[str, int, int], None]
"""Gets what is being done, the bytes done, and the bytes in all."""


@dataclass(frozen=True)
class BackedUp:
    """A written backup; `left_out` are folders of HOME that it does not hold and that nothing makes again."""

    record: BackupRecord
    left_out: list[str]


def back_up(settings: Settings, file: Path, progress: Progress) -> BackedUp:
    """Write a backup under the run lock.

    Raises RunLocked, NothingToBackUp, BackupNotWritable and BackupDisturbed.
    """
    file = file.absolute()
    inside = [root for root in roots(settings).values() if file.resolve().is_relative_to(root.resolve())]
    if inside:
        raise BackupNotWritable(file=file, problem=f"it would lie in {inside[0]}, which is what is backed up")
    if file.exists():
        raise BackupNotWritable(file=file, problem="there is a file of this name")
    if next(kept_files(settings), None) is None:
        raise NothingToBackUp(path=settings.home)
    with stage(settings, "backup", wait_seconds=0):
        record = write_backup(settings, file, lambda done, total: progress("backed up", done, total))
        return BackedUp(record, other_folders(settings))


def check(file: Path, progress: Progress) -> BackupRecord:
    """Read all of a backup. Raises BackupUnusable and BackupVersionUnknown."""
    return check_backup(file, _counting("checked", read_record(file).size_bytes, progress))


def restore(settings: Settings, file: Path, progress: Progress) -> BackupRecord:
    """Restore a backup into an empty HOME (and store). All of it is checked before a folder is made.

    Raises HomeNotEmpty, StoreNotRestorable, BackupUnusable, BackupVersionUnknown and RunLocked.
    """
    _require_empty(settings)
    record = check(file, progress)
    places = roots(settings)
    if record.has_store and STORE not in places:
        raise StoreNotRestorable()
    with stage(settings, "restore", wait_seconds=0):
        _require_empty(settings)
        return put_in_place(file, places, _counting("restored", record.size_bytes, progress))


def _require_empty(settings: Settings) -> None:
    if found := first_found(settings):
        raise HomeNotEmpty(found=found)


def _counting(what: str, total: int, progress: Progress) -> Callable[[int], None]:
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(what, done, total)

    return step
