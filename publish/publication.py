"""Make a publication: disclosed inputs -> dbt marts and curated -> Parquet and publication.json."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from publish.contract import CONTRACT_VERSION, SCHEMAS, Contract, Table
from publish.disclosed import ORIGINS, WORDS
from publish.parquet_file import write_parquet
from vocabulary.flags import FLAG_KEY, FLAG_LABELS_DA
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import LABELS_DA
from warehouse.connections import literal, quoted, reading, writing
from warehouse.journal import JournalEntry
from warehouse.publications import RECORD_FILE

PUBLISHED_MODELS = [PROJECT_ROOT / "dbt_project" / "models" / schema for schema in SCHEMAS]
MODEL_FILES = (".sql", ".yml")
DISCLOSED = "disclosed"

READ_ONLY_FILE = 0o400
"""Nobody writes to what is published, by mistake either; a folder lets it be swapped and removed all the same."""

Rows = pa.Table | pd.DataFrame


def content_hash(frames: Mapping[str, Rows]) -> str:
    """8 hex digits over what is published and the models that shape and describe it, whatever the order of rows.

    Each row is hashed as text, and the hashes of a table are added up: a million rows need no sorting.
    """
    digest = hashlib.sha256(CONTRACT_VERSION.encode())
    for path in sorted(path for folder in PUBLISHED_MODELS for path in folder.rglob("*") if path.suffix in MODEL_FILES):
        digest.update(path.read_bytes())
    with duckdb.connect() as connection:
        for name, frame in sorted(frames.items()):
            connection.register("frame", frame)
            names = sorted(row[0] for row in connection.execute("describe frame").fetchall())
            texts = ", ".join(f"coalesce({quoted(one)}::varchar, chr(30))" for one in names)
            sums = connection.execute(
                f"select count(*), sum(md5_number_lower(concat_ws(chr(31), {texts}))::hugeint) from frame"
            ).fetchone()
            digest.update(repr((name, names, sums)).encode())
            connection.unregister("frame")
    return digest.hexdigest()[:8]


def write_disclosed(
    file: Path, warehouse: Path, frames: Mapping[str, Rows], entry: JournalEntry, runs: pa.Table
) -> None:
    """Put what may be shown into a new DuckDB file: the only thing marts and curated are made from.

    `runs`: how the stages of nights went, which is no content and changes no publication's id.
    """
    with writing(file) as connection:
        connection.execute(f"attach {literal(warehouse)} as warehouse (read_only)")
        connection.execute(f"create schema {DISCLOSED}")
        for name, frame in frames.items():
            connection.register("frame", frame)
            types = {c[0]: c[1] for c in connection.execute(f"describe warehouse.{ORIGINS[name]}").fetchall()}
            names = [row[0] for row in connection.execute("describe frame").fetchall()]
            typed = ", ".join(f'cast("{c}" as {types.get(c, "varchar")}) as "{c}"' for c in names)
            connection.execute(f"create table {DISCLOSED}.{name} as select {typed} from frame")
            connection.unregister("frame")
        for name in WORDS:
            connection.execute(f"create table {DISCLOSED}.{name.split('.')[1]} as from warehouse.{name}")
        connection.execute(
            f"create table {DISCLOSED}.delivery as "
            "select source_id, count(*) as deliveries_count, max(delivered_on) as last_delivered_on "
            "from warehouse.ledger.delivery group by all"
        )
        connection.execute(
            f"create table {DISCLOSED}.publication as "
            "select ? as publication_id, ?::date as as_of, ?::timestamptz as published_at",
            [entry.publication_id, entry.as_of, entry.published_at],
        )
        connection.execute(
            f"create table {DISCLOSED}.earlier_publication as from warehouse.journal.publication "
            "where publication_id <> ?",
            [entry.publication_id],
        )
        connection.execute(f"create table {DISCLOSED}.earlier_figure as from warehouse.journal.shown")
        connection.execute(
            f"create table {DISCLOSED}.earlier_flag as "
            f"select {', '.join(f'flag.{name}' for name in FLAG_KEY)}, flag.first_seen, "
            "max_by(flag.severity, publication.published_order) as severity, "
            "max(publication.published_order) as last_order, "
            "count(distinct publication.publication_id) as times_published "
            "from warehouse.journal.flag as flag inner join warehouse.journal.publication using (publication_id) "
            "where publication_id <> ? group by all",
            [entry.publication_id],
        )
        connection.execute(f"create table {DISCLOSED}.label (list_name varchar, value varchar, label_da varchar)")
        labels = [
            (name, value.value, text)
            for name, texts in (LABELS_DA | FLAG_LABELS_DA).items()
            for value, text in texts.items()
        ]
        connection.executemany(f"insert into {DISCLOSED}.label values (?, ?, ?)", labels)
        connection.register("runs", runs)
        connection.execute(f"create table {DISCLOSED}.run as from runs")
        connection.unregister("runs")
        connection.execute("detach warehouse")


def finish(file: Path, entry: JournalEntry, contract: Contract) -> dict[str, Any]:
    """Leave the inputs behind, write Parquet and the contract beside the DuckDB file, and close that for writing.

    Returns publication.json's content.
    """
    _without_inputs(file, contract)
    contract.write(file.parent)
    tables: dict[str, dict[str, object]] = {}
    with reading(file) as connection:
        for table in contract.tables:
            path = file.parent / "parquet" / table.schema_name / f"{table.name}.parquet"
            write_parquet(connection, table, path)
            rows = connection.execute(f"select count(*) from {table.sql_name}").fetchone()[0]
            tables[table.full_name] = {
                "rows": rows,
                "file": str(path.relative_to(file.parent)),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
        flags = dict(connection.execute("select severity, count(*) from quality.flag group by all").fetchall())
    content = {
        "schema_version": 1,
        "contract_version": contract.contract_version,
        "publication_id": entry.publication_id,
        "as_of": entry.as_of.isoformat(),
        "published_at": entry.published_at.isoformat(),
        "build_id": entry.build_id,
        "flags_by_severity": flags,
        "tables": tables,
    }
    file.chmod(READ_ONLY_FILE)
    (file.parent / RECORD_FILE).write_text(json.dumps(content, indent=1, ensure_ascii=False))
    return content


def _without_inputs(file: Path, contract: Contract) -> None:
    """Copy what is published into a new file: a dropped table may still be read in the old one's free blocks.

    Rows lie in the order of their key, so that a reader of one indicator passes over the others; and a key is made
    over rows that are there, in a fraction of the time that it takes to fill a table that has one.
    """
    with writing(file) as connection:
        # what dbt had no room to move out of the write-ahead log would be lost with it: the log keeps the old name
        connection.execute("checkpoint")
    built = file.rename(file.with_suffix(".built"))
    with writing(built) as connection:
        connection.execute(f"attach {literal(file)} as fresh")
        for schema in SCHEMAS:
            connection.execute(f"create schema fresh.{schema}")
        for table in contract.tables:
            for statement in _table_again(table):
                connection.execute(statement)
        connection.execute("detach fresh")
    built.unlink()


def _table_again(table: Table) -> Iterator[str]:
    """Statements that make a table of the contract in the database `fresh`, with its rows, key and descriptions."""
    name = f"fresh.{table.sql_name}"
    order = f" order by {', '.join(map(quoted, table.sort_columns))}" if table.sort_columns else ""
    yield f"create table {name} as from {table.sql_name}{order}"
    for column in table.columns:
        if not column.is_nullable:
            yield f"alter table {name} alter column {quoted(column.name)} set not null"
    if table.primary_key:
        yield f"alter table {name} add primary key ({', '.join(map(quoted, table.primary_key))})"
    yield f"comment on table {name} is {literal(table.description)}"
    for column in table.columns:
        yield f"comment on column {name}.{quoted(column.name)} is {literal(column.description)}"
