"""Write a backup: one compressed tar file that is there whole or not at all, for its owner alone."""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vocabulary.errors import BackupDisturbed, BackupNotWritable
from vocabulary.settings import Settings
from warehouse.backup_contents import KeptFile, kept_files, local_store
from warehouse.backup_record import LINK_NAME, RECORD_NAME, BackupRecord, Member
from warehouse.erased import ErasureLog
from warehouse.ledger import Ledger
from warehouse.paths import OWNER_ONLY_FILE, Paths
from warehouse.publications import in_force, read_publication
from warehouse.whole_file import whole_file

COMPRESSION = 1
"""Most of what is kept is Parquet, which is compressed already: more effort takes time and saves next to nothing."""

CHUNK = 1 << 20


def write_backup(settings: Settings, file: Path, progress: Callable[[int, int], None]) -> BackupRecord:
    """Write what `kept_files` names; the caller holds the run lock. `progress` gets bytes done, and bytes in all.

    Every file is read twice, since the record that comes first has its hash. Reading deliveries takes no lock, so at
    the end it is looked whether anything was written meanwhile. Raises BackupDisturbed and BackupNotWritable.
    """
    files = list(kept_files(settings))
    before = [one.state for one in files]
    total = 2 * sum(size for _, size, _ in before)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    with whole_file(file) as fresh, _undisturbed():
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            raise BackupNotWritable(file=file, problem=error.strerror.lower()) from None
        with os.fdopen(descriptor, "wb") as raw:
            record = _record(settings, files, step)
            if problem := record.problem():
                raise BackupNotWritable(file=file, problem=f"it could not be restored, since {problem}")
            with (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=COMPRESSION) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                _add_all(tar, record, files, step)
            raw.flush()
            os.fsync(raw.fileno())
        after = [one.state for one in kept_files(settings)]
        if changed := sorted({name for name, *_ in set(before) ^ set(after)}):
            raise BackupDisturbed(changed=changed[0])
    return record


@contextmanager
def _undisturbed() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BackupDisturbed(changed=error.filename) from None


def _record(settings: Settings, files: list[KeptFile], step: Callable[[int], None]) -> BackupRecord:
    paths = Paths.of(settings)
    publication = in_force(paths) if paths.current.exists() else None
    has_store = local_store(settings) is not None
    key_ids: dict[str, int] = {}
    for reading in Ledger.of(settings).records() if has_store else ():
        if key_id := reading.pseudonym_key_id:
            key_ids[key_id] = key_ids.get(key_id, 0) + 1
    return BackupRecord(
        made_at=datetime.now(UTC),
        publication_id=publication.name if publication else None,
        as_of=read_publication(publication)["as_of"] if publication else None,
        has_store=has_store,
        pseudonym_key_ids=key_ids,
        erasures=len(ErasureLog.of(settings).entry_ids()) if has_store else 0,
        members=tuple(_member(one, step) for one in files),
    )


def _member(one: KeptFile, step: Callable[[int], None]) -> Member:
    digest, size = hashlib.sha256(), 0
    with one.path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            step(len(chunk))
    return Member(name=one.name, size_bytes=size, sha256=digest.hexdigest())


def _add_all(tar: tarfile.TarFile, record: BackupRecord, files: list[KeptFile], step: Callable[[int], None]) -> None:
    content = record.model_dump_json(indent=1).encode()
    tar.addfile(_entry(RECORD_NAME, len(content), record.made_at.timestamp()), io.BytesIO(content))
    for one, member in zip(files, record.members, strict=True):
        with one.path.open("rb") as source:
            if os.fstat(source.fileno()).st_size != member.size_bytes:
                raise BackupDisturbed(changed=one.name)
            tar.addfile(_entry(one.name, member.size_bytes, one.path.stat().st_mtime), source)
        step(member.size_bytes)
    if record.link_target:
        link = _entry(LINK_NAME, 0, record.made_at.timestamp())
        link.type, link.linkname = tarfile.SYMTYPE, record.link_target
        tar.addfile(link)


def _entry(name: str, size: int, changed_at: float) -> tarfile.TarInfo:
    """A member without the names of users and groups of this machine."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, changed_at, OWNER_ONLY_FILE
    return entry
