"""Write docs/marts.md and the snapshot of the contract's version: `python -m publish.contract_docs`.

Both come from dbt's manifest. A change that breaks readers is refused until `CONTRACT_VERSION` is another.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from publish.contract import CONTRACT_VERSION, Contract, Table
from vocabulary.errors import ContractBroken
from vocabulary.settings import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs" / "marts.md"
SNAPSHOTS = PROJECT_ROOT / "docs" / "contracts"
DBT_PROJECT = PROJECT_ROOT / "dbt_project"

PROMISED = ("marts", "quality")
"""The schemas whose shape is promised to BI tools; `curated` follows the board's report."""

HEAD = """# The published tables

What BI tools read, in `omraadetal.duckdb`, as Parquet (`parquet/<schema>/<table>.parquet`) and in PostgreSQL, alike.
Written from dbt's manifest by `python -m publish.contract_docs`; descriptions are corrected in
`dbt_project/models/`. [postgresql.md](postgresql.md) says how PostgreSQL is set up and read.

This is version {version} of the contract, which `publication.json` and `contract.json` of each publication name.
`marts` and `quality` are promised: a column is never removed, renamed, retyped or made nullable, and no key changes,
without a new version. Tables and columns may be added. `curated` follows the board's report.
"""

LEVELS = {
    "everybody": "everybody",
    "area": "those with access to the row's area",
    "all_areas": "those with access to every area",
}


def snapshot_file(version: str = CONTRACT_VERSION) -> Path:
    return SNAPSHOTS / f"{version}.json"


def parsed_contract() -> Contract:
    """The contract of the project as it stands, by `dbt parse`."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT, "--target-path", folder]
        subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--quiet", "parse", *options, "--log-path", folder],
            check=True,
            env={**os.environ, "DO_NOT_TRACK": "1"},
        )
        return Contract.of_manifest(Path(folder) / "manifest.json")


def breaking_changes(before: Contract, now: Contract) -> list[str]:
    """What a reader of the promised tables of `before` would not find in `now`, a line each."""
    return [
        f"{table.full_name}: {change}"
        for table in before.tables
        if table.schema_name in PROMISED
        for change in _changes(table, {one.full_name: one for one in now.tables}.get(table.full_name))
    ]


def _changes(before: Table, now: Table | None) -> Iterator[str]:
    if now is None:
        yield "the table is gone"
        return
    columns = {column.name: column for column in now.columns}
    for column in before.columns:
        found = columns.get(column.name)
        if found is None:
            yield f"the column {column.name} is gone"
        elif found.type != column.type:
            yield f"{column.name} was {column.type} and is {found.type}"
        elif found.is_nullable and not column.is_nullable:
            yield f"{column.name} may be null"
    if before.primary_key and now.primary_key != before.primary_key:
        yield f"the primary key was {', '.join(before.primary_key)}"
    for key in set(before.unique_keys) - {now.primary_key, *now.unique_keys}:
        yield f"{', '.join(key)} is no longer unique"
    for reference in set(before.references) - set(now.references):
        yield f"{', '.join(reference.columns)} no longer refers to {reference.table}"


def as_snapshot(contract: Contract) -> str:
    """docs/contracts/<version>.json: the promised tables without their descriptions, which may be bettered."""
    tables = [
        table.model_copy(
            update={
                "description": "",
                "columns": tuple(column.model_copy(update={"description": ""}) for column in table.columns),
            }
        )
        for table in contract.tables
        if table.schema_name in PROMISED
    ]
    return contract.model_copy(update={"tables": tuple(tables)}).model_dump_json(indent=1) + "\n"


def as_markdown(contract: Contract) -> str:
    """docs/marts.md."""
    parts = [HEAD.format(version=contract.contract_version)]
    for schema in dict.fromkeys(table.schema_name for table in contract.tables):
        parts.append(f"## {schema}\n")
        parts += [_table(table) for table in contract.tables if table.schema_name == schema]
    return "\n".join(parts)


def _table(table: Table) -> str:
    facts = [f"Rows where access is given by area: {LEVELS[table.rows_for]}."]
    if table.primary_key:
        facts.insert(0, f"Primary key: {_named(table.primary_key)}.")
    facts += [f"Unique: {_named(key)}." for key in table.unique_keys]
    facts += [f"{_named(one.columns)} → `{one.table}` ({_named(one.to_columns)})." for one in table.references]
    rows = [
        f"| `{column.name}` | {column.type} | {'yes' if column.is_nullable else ''} | {_cell(column.description)} |"
        for column in table.columns
    ]
    lines = [f"### {table.full_name}", "", table.description, "", *(f"- {fact}" for fact in facts), ""]
    return "\n".join([*lines, "| column | type | null | what it is |", "|---|---|---|---|", *rows, ""])


def _named(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Raises ContractBroken."""
    contract = parsed_contract()
    file = snapshot_file()
    if file.exists():
        broken = breaking_changes(Contract.model_validate_json(file.read_text(encoding="utf-8")), contract)
        if broken:
            raise ContractBroken(version=CONTRACT_VERSION, changes="; ".join(broken))
    SNAPSHOTS.mkdir(exist_ok=True)
    file.write_text(as_snapshot(contract), encoding="utf-8")
    DOCS.write_text(as_markdown(contract), encoding="utf-8")


if __name__ == "__main__":
    main()
