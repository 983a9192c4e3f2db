"""SQL of a publication's tables in PostgreSQL, from its contract."""

from collections.abc import Iterator

from publish.contract import SCHEMAS, Contract, Table
from warehouse.connections import literal, quoted

BI_ROLE = "omraadetal_bi"
"""The group that may read what is published; login users become members of it."""

OWN_SCHEMA = "omraadetal"
"""What the load keeps for itself."""

POLICY = "rows_by_area"

TYPES = {"varchar": "text", "double": "double precision", "float": "real", "blob": "bytea", "hugeint": "numeric(38, 0)"}
"""DuckDB's types that PostgreSQL has under another name."""

SCHEMA_COMMENTS = {
    "marts": "Figures, what they are made of and their history (docs/marts.md).",
    "quality": "Findings of the checks, and their life.",
    "curated": "The tables of the board's yearly report, in Danish.",
}


def next_name(full_name: str) -> str:
    """Where a table stands until the swap: «marts.fct_figure» -> marts_next.fct_figure, quoted."""
    schema, name = full_name.split(".", 1)
    return f"{next_schema(schema)}.{quoted(name)}"


def next_schema(schema: str) -> str:
    return f"{schema}_next"


def create_table(table: Table) -> str:
    """The empty table, with NOT NULL.

    Columns that rows are joined and looked up by compare byte by byte: the same on every server, and indexed faster.
    """
    lines = []
    for column in table.columns:
        postgres_type = TYPES.get(column.type, column.type)
        collation = ' collate "C"' if postgres_type == "text" and column.name in table.key_columns else ""
        lines.append(f"{quoted(column.name)} {postgres_type}{collation}{'' if column.is_nullable else ' not null'}")
    return f"create table {next_name(table.full_name)} ({', '.join(lines)})"


def add_keys(table: Table) -> Iterator[str]:
    """Primary key, unique keys (over a column that may be null, nulls are equal) and indexes, on a table with rows."""
    name = next_name(table.full_name)
    nullable = {column.name for column in table.columns if column.is_nullable}
    if table.primary_key:
        yield f"alter table {name} add primary key ({_listed(table.primary_key)})"
    for key in table.unique_keys:
        nulls = "nulls not distinct " if nullable & set(key) else ""
        yield f"alter table {name} add unique {nulls}({_listed(key)})"
    for index in table.indexes:
        yield f"create index on {name} ({_listed(index)})"


def add_references(contract: Contract) -> Iterator[str]:
    """Foreign keys to tables whose columns are a key there; dbt's tests hold the others."""
    keys = {table.full_name: {table.primary_key, *table.unique_keys} for table in contract.tables}
    for table in contract.tables:
        for reference in table.references:
            if reference.to_columns in keys.get(reference.table, ()):
                yield (
                    f"alter table {next_name(table.full_name)} add foreign key ({_listed(reference.columns)}) "
                    f"references {next_name(reference.table)} ({_listed(reference.to_columns)})"
                )


def add_comments(contract: Contract) -> Iterator[str]:
    for schema in SCHEMAS:
        yield f"comment on schema {next_schema(schema)} is {literal(SCHEMA_COMMENTS[schema])}"
    for table in contract.tables:
        name = next_name(table.full_name)
        yield f"comment on table {name} is {literal(table.description)}"
        for column in table.columns:
            yield f"comment on column {name}.{quoted(column.name)} is {literal(column.description)}"


def add_access(contract: Contract) -> Iterator[str]:
    """The group may read; which rows, where `omraadetal.area_access` says so (publish/postgres/access.py)."""
    for schema in SCHEMAS:
        yield f"grant usage on schema {next_schema(schema)} to {BI_ROLE}"
        yield f"grant select on all tables in schema {next_schema(schema)} to {BI_ROLE}"
    sees_all = f"(select {OWN_SCHEMA}.sees_all_areas(current_user))"
    for table in contract.tables:
        if table.rows_for == "everybody":
            continue
        rows = f" or area_id in (select {OWN_SCHEMA}.visible_areas(current_user))" if table.rows_for == "area" else ""
        yield f"create policy {POLICY} on {next_name(table.full_name)} for select using ({sees_all}{rows})"


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(quoted(column) for column in columns)
