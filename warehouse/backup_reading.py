"""Read a backup: nothing in it is trusted before it was compared with the record that comes first."""

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from vocabulary.errors import BackupUnusable, BackupVersionUnknown
from warehouse.backup_record import BACKUP_SCHEMA_VERSION, LINK_NAME, RECORD_NAME, BackupRecord, Member

CHUNK = 1 << 20
LARGEST_RECORD = 1 << 28
"""A record of a million files is smaller."""

Take = Callable[[Member, Iterator[bytes], float], None]
"""Gets a member, its content in chunks, and when it was last changed."""


def read_backup(file: Path, take: Take) -> BackupRecord:
    """Hand every member to `take` as it is read. What `take` has been given counts only once this returns.

    Raises BackupUnusable where the file is no backup, is cut short or altered, or names places that are none of
    Områdetal's, and BackupVersionUnknown.
    """
    with _opened(file) as (packed, tar):
        record = _record(file, tar)
        left = {member.name: member for member in record.members}
        has_link = record.link_target is None
        while (entry := tar.next()) is not None:
            if entry.name == LINK_NAME and not has_link:
                has_link = entry.issym() and entry.linkname == record.link_target
                _require(file, has_link, f"{LINK_NAME} points elsewhere than its record says")
                continue
            member = left.pop(entry.name, None)
            _require(file, member is not None, f"its record does not name {entry.name!r}")
            is_file = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
            _require(file, is_file and entry.size == member.size_bytes, f"{entry.name} is not what its record says")
            digest = hashlib.sha256()
            take(member, _chunks(tar.extractfile(entry), digest.update), entry.mtime)
            _require(file, digest.hexdigest() == member.sha256, f"{entry.name} is not what its record says")
        _require(file, not left and has_link, f"it ends before {next(iter(left), LINK_NAME)}")
        while packed.read(CHUNK):  # up to the checksum of the whole, which covers the record too
            pass
    return record


def read_record(file: Path) -> BackupRecord:
    """What a backup says that it holds. Raises what `read_backup` raises."""
    with _opened(file) as (_, tar):
        return _record(file, tar)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[IO[bytes], tarfile.TarFile]]:
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            yield packed, tar
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile):
        raise BackupUnusable(file=file, problem="it is no backup, is cut short, or was altered") from None


def _record(file: Path, tar: tarfile.TarFile) -> BackupRecord:
    first = tar.next()
    is_there = first is not None and first.isreg() and first.name == RECORD_NAME and first.size <= LARGEST_RECORD
    _require(file, is_there, f"its first member is not {RECORD_NAME}")
    try:
        told = json.loads(tar.extractfile(first).read())
        version = told.get("schema_version") if isinstance(told, dict) else None
        if isinstance(version, int) and version != BACKUP_SCHEMA_VERSION:
            raise BackupVersionUnknown(file=file, found=version, known=BACKUP_SCHEMA_VERSION)
        record = BackupRecord.model_validate(told)
    except (ValidationError, ValueError, RecursionError):
        raise BackupUnusable(file=file, problem=f"its {RECORD_NAME} cannot be read") from None
    if problem := record.problem():
        raise BackupUnusable(file=file, problem=problem)
    return record


def _chunks(content: IO[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        see(chunk)
        yield chunk


def _require(file: Path, holds: bool, problem: str) -> None:
    if not holds:
        raise BackupUnusable(file=file, problem=problem)
