"""The columns of what is kept of a reading, and rows in their form."""

import json

import pyarrow as pa

from ingest.descriptor import Descriptor
from ingest.layouts import WideLayout
from ingest.text_columns import constant
from ingest.values import number_parser
from warehouse.store import Folder

LINEAGE = ("_row_number", "_sheet", "_dataset", "_period", "_period_on")
REFUSED_SCHEMA = pa.schema(
    [("_row_number", pa.int64()), ("_sheet", pa.string()), ("reason_code", pa.string()), ("column", pa.string())]
)
HIT_SCHEMA = pa.schema(
    [("_row_number", pa.int64()), ("_sheet", pa.string()), ("column", pa.string()), ("kind", pa.string())]
)
"""Where personal data was taken out of a value that is kept; `kind` is cpr, email, phone or name."""

SCHEMA_FILE = "_schema.parquet"
"""A zero-row file per source, so that a source without deliveries has its columns."""

VALUES_BY_PERIOD = "values_by_period"
"""Raw column of a wide source: the row's cells as a JSON object {year label: text}."""


def raw_schema(descriptor: Descriptor) -> pa.Schema:
    """The columns of a source's raw Parquet: everything delivered is text."""
    names = [*descriptor.kept_columns, *([VALUES_BY_PERIOD] if descriptor.is_wide else [])]
    fields = [pa.field(name, pa.string()) for name in names]
    return pa.schema([*fields, *(pa.field(n, pa.int64() if n == "_row_number" else pa.string()) for n in LINEAGE)])


def write_schemas(store: Folder, descriptors: dict[str, Descriptor]) -> None:
    for source_id, descriptor in descriptors.items():
        schema = raw_schema(descriptor)
        # an array of values, or `empty_table`, would make Arrow import pandas
        empty = pa.Table.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)
        store.write_parquet(empty, "raw", source_id, SCHEMA_FILE)


def as_raw(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with exactly the columns of raw Parquet; those that a file lacks are null."""
    has = set(rows.column_names)
    columns = [rows[name] if name in has else constant(None, rows.num_rows) for name in schema.names]
    return pa.table(columns, schema=schema)


def cells_as_json(good: pa.Table, periods: list[str], layout: WideLayout) -> tuple[pa.Table, int]:
    """One JSON object per sheet row. A missing marker stays as it is; any other text that is no number is dropped."""
    parse, markers, bad = number_parser(), set(layout.missing_markers), 0

    def cell(text: str | None) -> str | None:
        nonlocal bad
        if text is None or text.strip() in markers:
            return text and text.strip()
        number = parse(text)
        bad += number is None
        return number

    rows = [{label: cell(text) for label, text in row.items()} for row in good.select(periods).to_pylist()]
    objects = pa.array([json.dumps(row, ensure_ascii=False) for row in rows], pa.string())
    return good.drop_columns(periods).append_column(VALUES_BY_PERIOD, objects), bad
