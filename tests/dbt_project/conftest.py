"""The SQL that dbt compiled for the sample night, run in memory: the real models without dbt's start-up."""

import json
from collections.abc import Callable
from datetime import date
from graphlib import TopologicalSorter

import duckdb
import pytest

from nightly.build import load_build_inputs
from vocabulary.settings import Settings
from warehouse.paths import Paths


@pytest.fixture(scope="session")
def compiled_models(sample_night) -> list[tuple[str, str, str]]:
    """Schema and name, materialisation and SQL of every model of a build, each after those it reads."""
    settings, _ = sample_night
    manifest = json.loads((Paths.of(settings).logs / "build" / "target" / "manifest.json").read_text())
    nodes = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and "build" in node["tags"]
    }
    order = TopologicalSorter({key: set(node["depends_on"]["nodes"]) & set(nodes) for key, node in nodes.items()})
    return [
        (f"{node['schema']}.{node['name']}", node["config"]["materialized"], node["compiled_code"])
        for node in (nodes[key] for key in order.static_order())
    ]


@pytest.fixture(scope="session")
def build_in_memory(compiled_models) -> Callable[[Settings, date], duckdb.DuckDBPyConnection]:
    """Build the warehouse of a HOME as of a day; the caller closes the connection."""

    def build(settings: Settings, as_of: date) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse")
        load_build_inputs(connection, settings, as_of)
        for schema in {name.split(".")[0] for name, _, _ in compiled_models}:
            connection.execute(f"create schema if not exists {schema}")
        for name, materialised, sql in compiled_models:
            connection.execute(f"create {'view' if materialised == 'view' else 'table'} {name} as {sql}")
        return connection

    return build
