"""Read and write files of the landing zone and the store, local or in an object store (fsspec)."""

import hashlib
import logging
import os
import posixpath
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from vocabulary.errors import StorageUnknown
from warehouse.object_store import asking, bucket_missing, refuse_password
from warehouse.paths import OWNER_ONLY_FILE
from warehouse.whole_file import whole_file

PLAIN_FILE = 0o666
"""What a folder's mode may give to a file in it: no right to run it."""

# at their finest levels these log the path of every file they open, and the name of a delivered file may be personal
for library in ("fsspec", "s3fs", "aiobotocore", "botocore", "aiohttp"):
    logging.getLogger(library).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Folder:
    """One folder of a local disk or an object store, given as a path or an fsspec URL.

    A storage that is not the local disk raises StorageUnreachable where it does not answer, and where something is
    listed or written StorageDenied and StorageBucketMissing; a single file that may not be read raises PermissionError,
    as on a disk.
    """

    filesystem: fsspec.AbstractFileSystem
    root: str

    @classmethod
    def at(cls, url: str) -> "Folder":
        """Raises StorageUnknown and StorageUrlHoldsPassword. Whether it is there is seen when something is asked."""
        refuse_password(url)
        try:
            filesystem, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise StorageUnknown(url=url, problem=str(error).rstrip(".")) from None
        return cls(filesystem, root.rstrip("/"))

    @property
    def is_local(self) -> bool:
        return isinstance(self.filesystem, LocalFileSystem)

    @property
    def url(self) -> str:
        """The path of a local folder, or the address of another."""
        return self.root if self.is_local else self.filesystem.unstrip_protocol(self.root)

    @property
    def bucket(self) -> str:
        """The bucket of an object store; empty where paths begin with «/»."""
        return "" if self.is_local else self.root.partition("/")[0]

    def path(self, *parts: str) -> str:
        return posixpath.join(self.root, *parts)

    def location(self, *parts: str) -> str:
        """Path or address of a file, from which others open it."""
        return posixpath.join(self.url, *parts)

    def is_folder(self, *parts: str) -> bool:
        with self._asking():
            found = self.filesystem.isdir(self.path(*parts))
        if not found:
            self._refuse_missing_bucket()
        return found

    def is_file(self, *parts: str) -> bool:
        """Whether it is a file with content: a pipe is none, nor a link that leads nowhere."""
        if self.is_local:
            return self.filesystem.isfile(self.path(*parts))
        try:
            with self._asking(one_file=True):
                return self.filesystem.info(self.path(*parts))["type"] == "file"
        except FileNotFoundError:
            return False
        except PermissionError:
            return True  # it is there, and reading it says so

    def leads_outside(self, *parts: str) -> bool:
        """Whether a link on the way leads out of the folder that is named first; that one may be a link itself."""
        if not self.is_local:
            return False
        home, found = (os.path.realpath(self.path(*some)) for some in (parts[:1], parts))
        return not Path(found).is_relative_to(home)

    def names(self, *parts: str) -> list[str]:
        """Names in a folder, sorted; empty if there is no such folder."""
        if not self.is_folder(*parts):
            return []
        folder = self.path(*parts)
        with self._asking():
            found = self.filesystem.ls(folder, detail=False)
        # an object store may hold an object of the folder's own name, which shows an empty folder in its console
        paths = {name.rstrip("/") for name in found} - {folder}
        return sorted(posixpath.basename(path) for path in paths)

    def size(self, *parts: str) -> int:
        with self._asking(one_file=True):
            return int(self.filesystem.size(self.path(*parts)))

    def age_seconds(self, *parts: str) -> float:
        """Seconds since the file was last changed; 0 where the storage does not say."""
        try:
            with self._asking(one_file=True):
                changed = self.filesystem.modified(self.path(*parts))
        except NotImplementedError:
            return 0.0
        return (datetime.now(UTC) - changed.astimezone(UTC)).total_seconds()

    def opened(self, *parts: str) -> BinaryIO:
        """A file to read from its start."""
        with self._asking(one_file=True):
            return self.filesystem.open(self.path(*parts), "rb")

    def sha256(self, *parts: str) -> str:
        """The digest of what a file holds now."""
        with self.opened(*parts) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def state(self, *parts: str) -> str:
        """Tells whether a file was changed between two looks at it. Raises FileNotFoundError."""
        with self._asking(one_file=True):
            return self.filesystem.ukey(self.path(*parts))

    def read(self, *parts: str) -> bytes:
        if self.is_local:  # a ledger is many files, and by way of the file system each costs twice the time
            return Path(self.path(*parts)).read_bytes()
        with self._asking(one_file=True):
            return self.filesystem.cat_file(self.path(*parts))

    def write(self, content: bytes, *parts: str) -> None:
        """Write a file whole or not at all, for its owner only."""
        target = self.path(*parts)
        if not self.is_local:
            self._send(target, lambda path: self.filesystem.pipe_file(path, content))
            return
        self.filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
        with whole_file(Path(target)) as fresh, _kept_private(fresh) as file:
            file.write(content)

    def write_together(self, files: Mapping[str, Path], *parts: str) -> None:
        """Copy local files into a folder, for whoever may see this one: each whole or not at all, none before all are
        copied, and the first of them last.
        """
        if not self.is_local:
            for name, source in reversed(files.items()):
                self.upload(source, *parts, name)
            return
        folder = Path(self.root)
        mode = stat.S_IMODE(folder.stat().st_mode)
        for part in parts:
            folder = folder / part
            if not folder.exists():
                folder.mkdir()
                folder.chmod(mode)
        with ExitStack() as copies:  # which end in reverse
            for name, source in files.items():
                fresh = copies.enter_context(whole_file(folder / name))
                with _kept_private(fresh) as copy, source.open("rb") as content:
                    shutil.copyfileobj(content, copy)
                fresh.chmod(mode & PLAIN_FILE)

    def upload(self, source: Path, *parts: str) -> None:
        """Put a local file into an object store."""
        self._send(self.path(*parts), partial(self.filesystem.put_file, str(source)))

    def replace_content(self, content: bytes, *parts: str) -> None:
        """Write another content under the name of a file that is there, with the file's permissions."""
        mode = stat.S_IMODE(Path(self.path(*parts)).stat().st_mode) if self.is_local else None
        self.write(content, *parts)
        if mode is not None:
            Path(self.path(*parts)).chmod(mode)

    def remove(self, *parts: str) -> None:
        """Delete a file; one that is gone already is no error."""
        path = self.path(*parts)
        with self._asking():
            if self.filesystem.exists(path):
                self.filesystem.rm_file(path)

    def read_parquet(self, *parts: str) -> pa.Table:
        return pq.read_table(pa.BufferReader(self.read(*parts)))

    def write_parquet(self, table: pa.Table, *parts: str) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        self.write(sink.getvalue().to_pybytes(), *parts)

    @contextmanager
    def parquet_writer(
        self, schema: pa.Schema, *parts: str, distinct: Collection[str] = ()
    ) -> Iterator[pq.ParquetWriter]:
        """Write a Parquet file of the local disk table by table: whole at the end of the block, or not at all.

        `distinct` are columns of which each row has a value of its own: a dictionary of them is no use, and they alone
        have statistics, by which a row is found.
        """
        repeated = [name for name in schema.names if name not in distinct]
        options = {"compression": "zstd", "use_dictionary": repeated, "write_statistics": list(distinct)}
        target = self.path(*parts)
        self.filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
        with (
            whole_file(Path(target)) as fresh,
            _kept_private(fresh) as file,
            pq.ParquetWriter(file, schema, **options) as writer,
        ):
            yield writer

    def _send(self, target: str, send: Callable[[str], None]) -> None:
        """Object stores show an object only when it is complete, and have no folders to make."""
        try:
            with self._asking():
                if not self.bucket:
                    self.filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
                send(target)
        except FileNotFoundError:
            if not self.bucket:
                raise
            raise bucket_missing(self.url) from None

    def _refuse_missing_bucket(self) -> None:
        """A misspelt bucket must not look like a store in which nothing has been kept yet."""
        if not self.bucket or self.filesystem.exists(self.bucket):
            return
        try:
            with self._asking(one_file=True):
                self.filesystem.ls(self.bucket, detail=False)
        except FileNotFoundError:
            raise bucket_missing(self.url) from None
        except PermissionError:
            return  # it is there, and only what lies in the folder may be seen

    def _asking(self, *, one_file: bool = False) -> AbstractContextManager[None]:
        """Nothing that was listed before is remembered, since others write to a storage too."""
        if self.is_local:
            return nullcontext()
        self.filesystem.invalidate_cache()
        return asking(self.url, one_file=one_file)


@contextmanager
def _kept_private(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner only, which is on the disk at the end of the block."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
