"""The landing zone: which files lie there, and which of them are new and whole."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ingest.file_names import told, visible
from ingest.patterns import kind_of
from vocabulary.errors import LandingEmpty, LandingNotFound, StorageDenied
from warehouse.store import Folder

SETTLING_SECONDS = 1.0
"""A file whose size changes within this time is still being written and waits for the next night."""

RECENT_SECONDS = 60.0
"""Only a file that was changed this recently is worth waiting for."""

LINK_OUT = "a link that leads out of its source's folder"
NOT_OPENED = "no file that can be opened (a broken link, a pipe)"

IGNORED_PREFIXES = (".", "~$")
IGNORED_SUFFIXES = (".part", ".tmp", ".crdownload")


@dataclass(frozen=True, order=True)
class LandedFile:
    """One delivered file. Sort order is the order of deliveries: date of the folder, then file name.

    The name may be personal or act on a terminal, so it is told without what does. `file_id` is that of the content
    when it was last looked at.
    """

    source_id: str
    delivered_on: date
    file_name: str = field(repr=False)
    file_id: str = field(default="", compare=False)

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.source_id, self.delivered_on.isoformat(), self.file_name

    @property
    def visible_name(self) -> str:
        return visible(self.file_name)

    @property
    def delivery_id(self) -> str:
        """Names the file by 16 hex digits of source, date and content. A hash of its name would tell a CPR number."""
        return hashlib.sha256("/".join((*self.parts[:2], self.file_id)).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return told("/".join(self.parts))


@dataclass(frozen=True)
class Landing:
    """What lies in the landing zone, and what was passed over and why."""

    folder: Folder
    files: tuple[LandedFile, ...]
    passed_over: tuple[str, ...]


def look(url: str, known_sources: set[str], as_of: date) -> Landing:
    """List <landing>/<source>/<YYYY-MM-DD>/<file> delivered by `as_of`.

    Raises LandingNotFound, and LandingEmpty where no folder belongs to a known source.
    """
    folder = Folder.at(url)
    if not folder.is_folder():
        raise LandingNotFound(path=folder.root)
    passed_over: list[str] = []
    files = sorted(_files(folder, as_of, passed_over))
    if not known_sources & set(folder.names()):
        raise LandingEmpty(path=folder.root, known=", ".join(sorted(known_sources)))
    return Landing(folder, tuple(files), tuple(passed_over))


def delivered_together(folder: Folder, source_id: str, delivered_on: date) -> list[LandedFile]:
    """The files of one delivery as they lie there now, in order."""
    place = (source_id, delivered_on.isoformat())
    names = [name for name in _visible(folder, *place) if folder.is_file(*place, name)]
    return [LandedFile(source_id, delivered_on, name) for name in names if not folder.leads_outside(*place, name)]


def settled(folder: Folder, files: list[LandedFile]) -> tuple[list[LandedFile], list[LandedFile], list[LandedFile]]:
    """The files whose size stands still, those that are still being written, and those that are gone meanwhile."""
    before = {file: _looked_at(folder, file) for file in files}
    if any(age < RECENT_SECONDS for _, age in before.values()):
        time.sleep(SETTLING_SECONDS)
    after = {file: _looked_at(folder, file)[0] for file in files}
    gone = [file for file in files if after[file] is None]
    still = [file for file in files if file not in gone and after[file] == before[file][0]]
    return still, [file for file in files if file not in still and file not in gone], gone


def _looked_at(folder: Folder, file: LandedFile) -> tuple[int | None, float]:
    """Size and age of a file; no size where it is gone, which is nothing to wait for."""
    try:
        return folder.size(*file.parts), folder.age_seconds(*file.parts)
    except OSError:
        return None, RECENT_SECONDS


def _files(folder: Folder, as_of: date, passed_over: list[str]) -> Iterator[LandedFile]:
    for source_id in _visible(folder):
        if not folder.is_folder(source_id):
            passed_over.append(f"{told(source_id)}: a file outside <source>/<YYYY-MM-DD>/")
            continue
        if kind_of(source_id) or visible(source_id) != source_id:
            passed_over.append(f"{told(source_id)}: is no source")
            continue
        for day in _visible(folder, source_id):
            try:
                delivered_on = date.fromisoformat(day) if len(day) == len("YYYY-MM-DD") else None
            except ValueError:
                delivered_on = None
            if delivered_on is None or not folder.is_folder(source_id, day):
                passed_over.append(f"{source_id}/{told(day)}: is no delivery date (YYYY-MM-DD)")
                continue
            if delivered_on > as_of:
                continue
            if folder.leads_outside(source_id, day):
                passed_over.append(f"{source_id}/{day}: {LINK_OUT}")
                continue
            try:
                names = _visible(folder, source_id, day)
            except (PermissionError, StorageDenied):
                passed_over.append(f"{source_id}/{day}: cannot be listed by this user")
                continue
            for name in names:
                what = _no_delivery(folder, source_id, day, name)
                if what is None:
                    yield LandedFile(source_id, delivered_on, name)
                else:
                    passed_over.append(f"{source_id}/{day}/{told(name)}: {what}")


def _no_delivery(folder: Folder, *parts: str) -> str | None:
    """Why what lies in a delivery's folder is no delivered file; None for one that is."""
    if folder.leads_outside(*parts):
        return LINK_OUT
    if folder.is_file(*parts):
        return None
    # opening a pipe waits for whoever writes into it, perhaps for ever
    return "a folder inside a delivery" if folder.is_folder(*parts) else NOT_OPENED


def _visible(folder: Folder, *parts: str) -> list[str]:
    return [
        name
        for name in folder.names(*parts)
        if not name.startswith(IGNORED_PREFIXES) and not name.lower().endswith(IGNORED_SUFFIXES)
    ]
