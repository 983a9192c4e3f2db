"""The files that a reading leaves in the store, <folder>/<source>/<reading_id>.parquet: one of each kind or none."""

import pyarrow as pa

from ingest.consent import WITHDRAWAL_SCHEMA, WITHDRAWALS
from ingest.descriptor import Descriptor
from ingest.raw_rows import raw_schema
from ingest.reading import Reading
from warehouse.store import Folder

SCHEMA_FILE = "_schema.parquet"
"""A zero-row file per source, so that a source without deliveries has its columns."""

REFUSED_SCHEMA = pa.schema(
    [("_row_number", pa.int64()), ("_sheet", pa.string()), ("reason_code", pa.string()), ("column", pa.string())]
)
HIT_SCHEMA = pa.schema(
    [("_row_number", pa.int64()), ("_sheet", pa.string()), ("column", pa.string()), ("kind", pa.string())]
)
"""Where personal data was taken out of a value that is kept; `kind` is cpr, email, phone or name."""

ONLY_WHERE_FILLED = ("quarantined_values", WITHDRAWALS)


def tables_of(reading: Reading, descriptor: Descriptor) -> dict[str, pa.Table]:
    """The rows of a reading by folder, without what pandas would note beside them."""
    frames = {
        "raw": (reading.raw, raw_schema(descriptor)),
        "quarantine": (reading.refused, REFUSED_SCHEMA),
        "quarantined_values": (reading.hits, HIT_SCHEMA),
        WITHDRAWALS: (reading.withdrawals, WITHDRAWAL_SCHEMA),
    }
    return {
        folder: pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False).replace_schema_metadata()
        for folder, (frame, schema) in frames.items()
    }


def write_tables(store: Folder, source_id: str, reading_id: str, tables: dict[str, pa.Table]) -> None:
    """Write what a reading gave, in place of what an earlier reading of the same id left."""
    for folder, table in tables.items():
        name = (folder, source_id, f"{reading_id}.parquet")
        if table.num_rows or folder not in ONLY_WHERE_FILLED:
            store.write_parquet(table, *name)
        else:
            store.remove(*name)


def write_schemas(store: Folder, descriptors: dict[str, Descriptor]) -> None:
    for source_id, descriptor in descriptors.items():
        store.write_parquet(raw_schema(descriptor).empty_table(), "raw", source_id, SCHEMA_FILE)
