"""Write a published table as Parquet that carries its descriptions with it."""

import json
from base64 import b64encode
from pathlib import Path

import duckdb
import pyarrow as pa

from publish.contract import Table
from warehouse.connections import literal, quoted

DESCRIPTION = "description"
COLUMNS = "columns"
"""Keys of the file's metadata: the table's description, and those of its columns by name as JSON."""

ARROW_SCHEMA = "ARROW:schema"
"""Where the Parquet writers of Arrow keep what Parquet has no place for, descriptions of fields among it."""


def write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> None:
    """Write the table's rows as they lie.

    DuckDB shows the descriptions as `parquet_kv_metadata`, Arrow also as the metadata of schema and fields.
    """
    described = {column.name: column.description for column in table.columns}
    fields = connection.execute(f"from {table.sql_name} limit 0").to_arrow_table().schema
    schema = pa.schema(
        [field.with_metadata({DESCRIPTION: described[field.name]}) for field in fields],
        metadata={DESCRIPTION: table.description},
    )
    facts = {
        DESCRIPTION: table.description,
        COLUMNS: json.dumps(described, ensure_ascii=False),
        ARROW_SCHEMA: b64encode(schema.serialize().to_pybytes()).decode(),
    }
    metadata = ", ".join(f"{quoted(key)}: {literal(value)}" for key, value in facts.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy {table.sql_name} to {literal(file)} (format parquet, compression snappy, kv_metadata {{{metadata}}})"
    )
