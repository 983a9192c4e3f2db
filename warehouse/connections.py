"""DuckDB connections: one writer for a build, any number of readers for what is published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The only writer of a DuckDB file; the file is made if it isn't there."""
    with _opened(path, read_only=False) as connection:
        yield connection


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader that never changes the file."""
    with _opened(path, read_only=True) as connection:
        yield connection


@contextmanager
def _opened(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(path), read_only=read_only)
    try:
        # a query that needs an extension which is not there fails, where DuckDB would download it
        connection.execute("set autoinstall_known_extensions = false")
        yield connection
    finally:
        connection.close()


def literal(text: object) -> str:
    """A path or name as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A column or table name as an SQL identifier; a descriptor may use a word that SQL keeps for itself."""
    return '"' + name.replace('"', '""') + '"'


def create_tables(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
    """Make empty tables, and their schemas, from «schema.table» and column definitions."""
    for schema in sorted({name.split(".")[0] for name in tables}):
        connection.execute(f"create schema if not exists {schema}")
    for name, columns in tables.items():
        connection.execute(f"create table {name} ({columns})")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows given in the order of the table's columns, a whole column at a time."""
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    if columns:
        arrow = pa.table(columns, names=[f"column_{at}" for at in range(len(columns))])
        connection.register("rows_to_insert", arrow)
        connection.execute(f"insert into {table} select * from rows_to_insert")
        connection.unregister("rows_to_insert")
