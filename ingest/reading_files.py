"""The files that a reading leaves in the store, <folder>/<source>/<reading_id>.parquet: one of each kind or none."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from ingest.consent import WITHDRAWALS
from ingest.content import Content
from ingest.context import Context
from ingest.landing import LandedFile
from ingest.nearby import opened
from ingest.raw_rows import raw_schema
from ingest.reading import Reading, read_content
from vocabulary.errors import StoreNotWritable
from warehouse.disk_full import is_disk_full
from warehouse.ledger import reading_file
from warehouse.store import Folder

ONLY_WHERE_FILLED = ("quarantined_values", WITHDRAWALS)


def read_into_store(
    delivery: tuple[Folder, tuple[str, ...]], file: LandedFile, store: Folder, reading_id: str, context: Context
) -> Reading:
    """Read a delivered file from where it lies and write what it gives, in place of what a reading of the same id left.

    Raises FileRefused, and then nothing of it is left; FileNotOpened and StoreNotWritable; OSError for a full disk.
    """
    descriptor, name = context.descriptor, reading_file(reading_id)
    source_id, distinct = descriptor.source_id, (*descriptor.key_columns, "_row_number")
    content = Content(lambda: opened(*delivery, file))
    raw = store.parquet_writer(raw_schema(descriptor), "raw", source_id, name, distinct=distinct)
    with _in_store(store), raw as writer:

        def keep(rows: pa.Table) -> None:
            with _in_store(store):
                writer.write_table(rows)

        reading = read_content(content, file.visible_name, context, keep)
        for folder, table in _tables_beside(reading).items():
            if table.num_rows or folder not in ONLY_WHERE_FILLED:
                store.write_parquet(table, folder, source_id, name)
            else:
                store.remove(folder, source_id, name)
    return reading


@contextmanager
def _in_store(store: Folder) -> Iterator[None]:
    """What fails here is no fault of the file."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise
        cause = error.strerror or type(error).__name__
    else:
        return
    raise StoreNotWritable(path=store.root, cause=cause)


def _tables_beside(reading: Reading) -> dict[str, pa.Table]:
    """The rows of a reading beside its raw ones, by folder."""
    return {
        "quarantine": reading.refused,
        "quarantined_values": reading.hits,
        WITHDRAWALS: reading.withdrawals,
    }
