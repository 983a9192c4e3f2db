"""The files that a reading leaves in the store, <folder>/<source>/<reading_id>.parquet: one of each kind or none."""

from collections.abc import Callable

import pyarrow as pa

from ingest.consent import WITHDRAWAL_SCHEMA, WITHDRAWALS
from ingest.descriptor import Descriptor
from ingest.raw_rows import raw_schema
from ingest.reading import Reading
from warehouse.store import Folder

SCHEMA_FILE = "_schema.parquet"
"""A zero-row file per source, so that a source without deliveries has its columns."""

ONLY_WHERE_FILLED = ("quarantined_values", WITHDRAWALS)


def write_reading(
    store: Folder, descriptor: Descriptor, reading_id: str, read: Callable[[Callable[[pa.Table], None]], Reading]
) -> Reading:
    """Write what a reading gives, in place of what an earlier one of the same id left.

    `read` gives its raw rows bit by bit to what it is called with; where it raises, nothing of it is left.
    """
    source_id, file = descriptor.source_id, f"{reading_id}.parquet"
    with store.parquet_writer(raw_schema(descriptor), "raw", source_id, file) as writer:
        reading = read(writer.write_table)
        others = _tables_beside(reading)
    for folder, table in others.items():
        if table.num_rows or folder not in ONLY_WHERE_FILLED:
            store.write_parquet(table, folder, source_id, file)
        else:
            store.remove(folder, source_id, file)
    return reading


def _tables_beside(reading: Reading) -> dict[str, pa.Table]:
    """The rows of a reading beside its raw ones, by folder, without what pandas would note beside them."""
    withdrawals = reading.withdrawals[WITHDRAWAL_SCHEMA.names]
    return {
        "quarantine": reading.refused,
        "quarantined_values": reading.hits,
        WITHDRAWALS: pa.Table.from_pandas(
            withdrawals, schema=WITHDRAWAL_SCHEMA, preserve_index=False
        ).replace_schema_metadata(),
    }


def write_schemas(store: Folder, descriptors: dict[str, Descriptor]) -> None:
    for source_id, descriptor in descriptors.items():
        store.write_parquet(raw_schema(descriptor).empty_table(), "raw", source_id, SCHEMA_FILE)
