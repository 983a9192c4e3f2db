"""The checked parts of a file until all of it is known: the first in memory, those of a larger file on the disk."""

import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

import pyarrow as pa

from warehouse.paths import OWNER_ONLY_FILE

MOST_IN_MEMORY = 64 << 20
"""Bytes of rows; what is more goes to a folder of its own, for its owner only, which is gone with the reading."""


class Parts(AbstractContextManager["Parts"]):
    """Tables, in their order."""

    def __init__(self) -> None:
        self._held: list[pa.Table | Path] = []
        self._bytes = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def add(self, table: pa.Table) -> None:
        self._bytes += table.nbytes
        if self._bytes <= MOST_IN_MEMORY:
            self._held.append(table)
            return
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="omraadetal-")
        path = Path(self._folder.name) / f"{len(self._held)}.arrow"
        path.touch(mode=OWNER_ONLY_FILE)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
            writer.write_table(table)
        self._held.append(path)

    def __len__(self) -> int:
        return len(self._held)

    def __getitem__(self, part: int) -> pa.Table:
        held = self._held[part]
        if isinstance(held, pa.Table):
            return held
        with pa.OSFile(str(held)) as source:
            return pa.ipc.open_file(source).read_all()

    def __exit__(self, *_: object) -> None:
        self._held.clear()
        if self._folder:
            self._folder.cleanup()
