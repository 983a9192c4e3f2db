"""Everything that was written under a folder, as bytes that can be searched: files as they are, and what they hold."""

import gzip
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def found_in(folder: Path, pattern: re.Pattern[bytes]) -> dict[str, set[str]]:
    """What the pattern finds, by place: a file's path, or a table in it."""
    found: dict[str, set[str]] = {}
    for place, content in traces(folder):
        hits = {hit.decode("latin-1").replace("\0", "") for hit in pattern.findall(content)}
        if hits:
            found.setdefault(place, set()).update(hits)
    return found


def traces(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(place, bytes) of every name, file and table; links are names only."""
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        yield place, place.encode()
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        yield place, content
        for inside, text in _decoded(path, content):
            yield f"{place} [{inside}]", text


def _decoded(path: Path, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PAR1"):
        with suppress(OSError, pa.ArrowInvalid):  # damaged on purpose
            table = pq.read_table(path)
            yield "cells", repr(table.to_pylist()).encode()
            yield "statistics", repr(pq.read_metadata(path).to_dict()).encode()
            yield "schema", repr(table.schema.metadata).encode()
    elif content[8:12] == b"DUCK":
        yield from _duckdb(path)
    elif content.startswith(b"SQLite format 3"):
        yield from _sqlite(path)
    elif content.startswith(b"\x1f\x8b"):
        yield "gz", gzip.decompress(content)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)


def _duckdb(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        for catalogue in ("tables", "columns", "views"):
            described = connection.execute(f"from duckdb_{catalogue}() where not internal").fetchall()
            yield catalogue, repr(described).encode()
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        for schema, table in names:
            yield f"{schema}.{table}", repr(connection.table(f'"{schema}"."{table}"').fetchall()).encode()


def _sqlite(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            rows = connection.execute(f'select * from "{name}"').fetchall()
            yield name, repr(rows).encode()
            for cell in (cell for row in rows for cell in row if isinstance(cell, bytes)):
                with suppress(zlib.error):
                    yield name, zlib.decompress(cell)
