"""Read and write files of the landing zone and the store, local or in an object store (fsspec)."""

import logging
import os
import posixpath
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from vocabulary.errors import StorageUnknown
from warehouse.paths import OWNER_ONLY_FILE
from warehouse.whole_file import whole_file

# at its finest level fsspec logs the path of every file that it opens, and the name of a delivered file may be personal
logging.getLogger("fsspec").setLevel(logging.INFO)


@dataclass(frozen=True)
class Folder:
    """One folder of a local disk or an object store, given as a path or an fsspec URL."""

    filesystem: fsspec.AbstractFileSystem
    root: str

    @classmethod
    def at(cls, url: str) -> "Folder":
        try:
            filesystem, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise StorageUnknown(url=url, problem=str(error).rstrip(".")) from None
        return cls(filesystem, root.rstrip("/"))

    @property
    def is_local(self) -> bool:
        return isinstance(self.filesystem, LocalFileSystem)

    def path(self, *parts: str) -> str:
        return posixpath.join(self.root, *parts)

    def is_folder(self, *parts: str) -> bool:
        return self.filesystem.isdir(self.path(*parts))

    def is_file(self, *parts: str) -> bool:
        """Whether it is a file with content: a pipe is none, nor a link that leads nowhere."""
        return self.filesystem.isfile(self.path(*parts))

    def leads_outside(self, *parts: str) -> bool:
        """Whether a link on the way leads out of the folder that is named first; that one may be a link itself."""
        if not self.is_local:
            return False
        home, found = (os.path.realpath(self.path(*some)) for some in (parts[:1], parts))
        return not Path(found).is_relative_to(home)

    def names(self, *parts: str) -> list[str]:
        """Names in a folder, sorted; empty if there is no such folder."""
        folder = self.path(*parts)
        if not self.filesystem.isdir(folder):
            return []
        self.filesystem.invalidate_cache()
        return sorted(posixpath.basename(name.rstrip("/")) for name in self.filesystem.ls(folder, detail=False))

    def size(self, *parts: str) -> int:
        self.filesystem.invalidate_cache()
        return int(self.filesystem.size(self.path(*parts)))

    def age_seconds(self, *parts: str) -> float:
        """Seconds since the file was last changed; 0 where the storage does not say."""
        try:
            changed = self.filesystem.modified(self.path(*parts))
        except NotImplementedError:
            return 0.0
        return (datetime.now(UTC) - changed.astimezone(UTC)).total_seconds()

    def read(self, *parts: str) -> bytes:
        return self.filesystem.cat_file(self.path(*parts))

    def write(self, content: bytes, *parts: str) -> None:
        """Write a file whole or not at all, for its owner only."""
        target = self.path(*parts)
        self.filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
        if not self.is_local:  # object stores show an object only when it is complete
            self.filesystem.pipe_file(target, content)
            return
        with whole_file(Path(target)) as fresh:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def replace_content(self, content: bytes, *parts: str) -> None:
        """Write another content under the name of a file that is there, with the file's permissions."""
        mode = stat.S_IMODE(Path(self.path(*parts)).stat().st_mode) if self.is_local else None
        self.write(content, *parts)
        if mode is not None:
            Path(self.path(*parts)).chmod(mode)

    def remove(self, *parts: str) -> None:
        """Delete a file; one that is gone already is no error."""
        path = self.path(*parts)
        if self.filesystem.exists(path):
            self.filesystem.rm_file(path)

    def read_parquet(self, *parts: str) -> pa.Table:
        return pq.read_table(pa.BufferReader(self.read(*parts)))

    def write_parquet(self, table: pa.Table, *parts: str) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        self.write(sink.getvalue().to_pybytes(), *parts)
