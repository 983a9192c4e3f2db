"""The contract of a publication as data: tables, columns, keys and descriptions, each written once in dbt's YAML.

It lies beside what is published (`contract.json`), so that a publication of any age can be loaded by itself.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from vocabulary.errors import PublicationWithoutContract
from warehouse.connections import quoted

CONTRACT_VERSION = "1"
"""Version of the published schemas; part of the content hash, so a new shape is a new publication."""

CONTRACT_FILE = "contract.json"

SCHEMAS = ("marts", "quality", "curated")

UNIQUE_TESTS = {"unique_grain": "columns", "unique": "column_name"}
"""Data tests that say what is unique, and the argument that names the columns."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Part):
    """`type` is DuckDB's, as dbt's contract enforces it."""

    name: str
    type: str
    is_nullable: bool
    description: str


class Reference(Part):
    """Rows of a table name a row of `table` («schema.name»), columns in the same order."""

    columns: tuple[str, ...]
    table: str
    to_columns: tuple[str, ...]


class Table(Part):
    """One published table.

    `rows_for`: who may see its rows where access is given by area: `everybody`, those with access to the row's `area`,
    or those with access to `all_areas`, which is what a table without areas of its own has unless its YAML opens it.
    """

    schema_name: str
    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    rows_for: Literal["everybody", "area", "all_areas"]

    @property
    def full_name(self) -> str:
        return f"{self.schema_name}.{self.name}"

    @property
    def sql_name(self) -> str:
        return f"{quoted(self.schema_name)}.{quoted(self.name)}"

    @property
    def sort_columns(self) -> tuple[str, ...]:
        """What its rows are ordered by where they are written: the key, so that an index is built in one pass."""
        return self.primary_key or next(iter(self.unique_keys), ())

    @property
    def key_columns(self) -> set[str]:
        """The columns that tables are joined and looked up by."""
        referring = [reference.columns for reference in self.references]
        own = (self.primary_key, *self.unique_keys, *self.indexes, *referring)
        return {column for columns in own for column in columns}


class Contract(Part):
    """Every published table, in the order of `SCHEMAS` and then of names."""

    schema_version: int = 1
    contract_version: str
    tables: tuple[Table, ...]

    @classmethod
    def of_manifest(cls, manifest: Path) -> "Contract":
        """Read dbt's manifest.json: constraints, and the data tests that hold keys and relations."""
        nodes: list[dict[str, Any]] = list(json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values())
        models = {
            node["unique_id"]: node for node in nodes if node["resource_type"] == "model" and node["schema"] in SCHEMAS
        }
        tests: dict[str, list[dict[str, Any]]] = {unique_id: [] for unique_id in models}
        for node in nodes:
            if node["resource_type"] == "test" and node.get("attached_node") in models and node.get("test_metadata"):
                tests[node["attached_node"]].append(node)
        tables = [_table(model, tests[unique_id], models) for unique_id, model in models.items()]
        order = sorted(tables, key=lambda table: (SCHEMAS.index(table.schema_name), table.name))
        return cls(contract_version=CONTRACT_VERSION, tables=tuple(order))

    @classmethod
    def of_publication(cls, folder: Path) -> "Contract":
        """The contract that a publication was made under. Raises PublicationWithoutContract."""
        file = folder / CONTRACT_FILE
        if not file.exists():
            raise PublicationWithoutContract(publication=folder.name)
        return cls.model_validate_json(file.read_text(encoding="utf-8"))

    def write(self, folder: Path) -> None:
        """Put it beside what is published."""
        (folder / CONTRACT_FILE).write_text(self.model_dump_json(indent=1), encoding="utf-8")


def _table(model: dict[str, Any], tests: list[dict[str, Any]], models: dict[str, dict[str, Any]]) -> Table:
    columns = list(model["columns"].values())
    meta = model["config"]["meta"]
    own_keys = [(c["type"], tuple(c["columns"])) for c in model["constraints"]]
    own_keys += [(c["type"], (column["name"],)) for column in columns for c in column["constraints"]]
    primary_key = next((key for kind, key in own_keys if kind == "primary_key"), ())
    names = [column["name"] for column in columns]
    required = {key[0] for kind, key in own_keys if kind == "not_null"} | set(primary_key)
    return Table(
        schema_name=model["schema"],
        name=model["alias"],
        description=model["description"].strip(),
        columns=tuple(
            Column(
                name=column["name"],
                type=column["data_type"].lower(),
                is_nullable=column["name"] not in required,
                description=column["description"].strip(),
            )
            for column in columns
        ),
        primary_key=primary_key,
        unique_keys=_unique_keys(own_keys, tests, primary_key),
        references=tuple(sorted(_references(tests, models), key=lambda reference: reference.columns)),
        indexes=tuple(tuple(index) for index in meta.get("indexes", ())),
        rows_for=meta.get("rows_for") or ("area" if "area_id" in names else "all_areas"),
    )


def _unique_keys(
    own: Iterable[tuple[str, tuple[str, ...]]], tests: list[dict[str, Any]], primary_key: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    keys = [key for kind, key in own if kind == "unique"]
    for test in tests:
        name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if name in UNIQUE_TESTS:
            named = arguments[UNIQUE_TESTS[name]]
            keys.append((named,) if isinstance(named, str) else tuple(named))
    return tuple(sorted({key for key in keys if set(key) != set(primary_key)}))


def _references(tests: list[dict[str, Any]], models: dict[str, dict[str, Any]]) -> Iterable[Reference]:
    """Relations between published tables: dbt's `relationships`, and our `refers_to` for several columns."""
    for test in tests:
        name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if name not in ("relationships", "refers_to"):
            continue
        others = [unique_id for unique_id in test["depends_on"]["nodes"] if unique_id != test["attached_node"]]
        for target in (models[unique_id] for unique_id in others if unique_id in models):
            single = name == "relationships"
            yield Reference(
                columns=(arguments["column_name"],) if single else tuple(arguments["columns"]),
                table=f"{target['schema']}.{target['alias']}",
                to_columns=(arguments["field"],) if single else tuple(arguments["to_columns"]),
            )
