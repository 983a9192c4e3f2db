"""The contract is read from dbt, written with each publication, documented, and not broken without a new version."""

import hashlib
import json
import stat
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from publish.contract import CONTRACT_VERSION, SCHEMAS, Contract
from publish.contract_docs import DOCS, as_markdown, as_snapshot, breaking_changes, parsed_contract, snapshot_file
from vocabulary.errors import PublicationWithoutContract
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE

REMEDY = "run: python -m publish.contract_docs"


@pytest.fixture(scope="session")
def now() -> Contract:
    return parsed_contract()


@pytest.fixture
def publication(sample_night) -> Path:
    return sample_night[1].publication


def test_the_documentation_is_up_to_date(now):
    assert DOCS.read_text(encoding="utf-8") == as_markdown(now), REMEDY


def test_the_snapshot_of_this_version_is_up_to_date_and_nothing_of_it_is_broken(now):
    text = snapshot_file().read_text(encoding="utf-8")
    snapshot = Contract.model_validate_json(text)
    assert snapshot.contract_version == CONTRACT_VERSION
    assert breaking_changes(snapshot, now) == [], "keep what was promised, or give CONTRACT_VERSION a new value"
    assert text == as_snapshot(now), REMEDY


def _changed(contract: Contract, table: str, **changes: object) -> Contract:
    content = contract.model_dump()
    found = next(one for one in content["tables"] if one["name"] == table)
    for name, value in changes.items():
        found[name] = value(found[name]) if callable(value) else value
    return Contract.model_validate(content)


def _column(at: str, **facts: object):
    return lambda columns: [{**column, **facts} if column["name"] == at else column for column in columns]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"columns": lambda columns: columns[1:]}, "the column agreement_id is gone"),
        ({"columns": _column("value", name="figure")}, "the column value is gone"),
        ({"columns": _column("value", type="bigint")}, "value was double and is bigint"),
        ({"columns": _column("year", is_nullable=True)}, "year may be null"),
        ({"primary_key": ("indicator_key", "area_id", "year_key")}, "the primary key was agreement_id, indicator_id"),
        ({"references": ()}, "area_id no longer refers to marts.dim_area"),
        ({"name": "figure"}, "the table is gone"),
    ],
)
def test_what_breaks_a_reader_is_named(now, changes, said):
    found = breaking_changes(now, _changed(now, "fct_figure", **changes))
    assert any(line.startswith(f"marts.fct_figure: {said}") for line in found), found


def test_a_unique_key_that_is_gone_breaks_and_one_that_became_primary_does_not(now):
    keys = next(table for table in now.tables if table.name == "flag_history").unique_keys
    assert breaking_changes(now, _changed(now, "flag_history", unique_keys=()))
    assert not breaking_changes(now, _changed(now, "flag_history", unique_keys=(), primary_key=keys[0]))


def test_adding_breaks_nothing_and_curated_may_change(now):
    new = {"name": "new", "type": "varchar", "is_nullable": True, "description": ""}
    assert not breaking_changes(now, _changed(now, "fct_figure", columns=lambda columns: [new, *columns]))
    assert not breaking_changes(now, _changed(now, "fct_figure", columns=_column("n", description="Other words.")))
    assert not breaking_changes(now, _changed(now, "tabel_1_maal", columns=lambda columns: columns[:1]))
    assert not breaking_changes(_changed(now, "fct_figure", columns=_column("year", is_nullable=True)), now)


def test_a_publication_carries_the_contract_of_its_own_tables(publication, now):
    contract = Contract.of_publication(publication)
    assert contract == now
    with reading(publication / PUBLICATION_FILE) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name, list({'name': column_name, 'type': lower(data_type), "
            "'is_nullable': is_nullable, 'description': comment} order by column_index) "
            "from duckdb_columns() where schema_name in (select unnest(?)) group by all",
            [list(SCHEMAS)],
        ).fetchall()
        described = connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables()"
        ).fetchall()
    types = {"timestamptz": "timestamp with time zone"}
    promised = {
        table.full_name: [
            {**column.model_dump(), "type": types.get(column.type, column.type)} for column in table.columns
        ]
        for table in contract.tables
    }
    assert dict(found) == promised
    assert dict(described) == {table.full_name: table.description for table in contract.tables}
    assert all(table.description and all(column.description for column in table.columns) for table in contract.tables)


def test_every_table_that_can_be_hidden_by_area_is_and_the_rest_is_named(now):
    open_to_all = {table.full_name for table in now.tables if table.rows_for == "everybody"}
    dimensions = {f"marts.dim_{name}" for name in ("date", "indicator", "question", "source", "year")}
    words = {f"curated.tabel_{name}" for name in ("0_aftale", "8_definitioner", "10_beslutninger", "11_udgaver")}
    assert open_to_all == dimensions | words | {"marts.peer_figure"}


def test_a_publication_from_before_contracts_is_refused_in_words(tmp_path):
    with pytest.raises(PublicationWithoutContract, match=tmp_path.name):
        Contract.of_publication(tmp_path)


def test_parquet_files_carry_their_descriptions_and_the_record_their_hashes(publication):
    record = json.loads((publication / "publication.json").read_text())
    contract = Contract.of_publication(publication)
    assert set(record["tables"]) == {table.full_name for table in contract.tables}
    for table in contract.tables:
        entry = record["tables"][table.full_name]
        file = publication / entry["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        assert pq.read_metadata(file).num_rows == entry["rows"]
        schema = pq.read_schema(file)
        assert schema.metadata[b"description"].decode() == table.description
        described = {field.name: field.metadata[b"description"].decode() for field in schema}
        assert described == {column.name: column.description for column in table.columns}
        query = f"select decode(key), decode(value) from parquet_kv_metadata('{file}')"
        facts = dict(duckdb.sql(query).fetchall())
        assert facts["description"] == table.description and json.loads(facts["columns"]) == described
        with reading(publication / PUBLICATION_FILE) as connection:
            rows = connection.execute(f"from {table.full_name}").fetchall()
        assert list(map(repr, duckdb.sql(f"from '{file}'").fetchall())) == list(map(repr, rows))


def test_what_is_published_is_closed_for_writing(publication):
    file = publication / PUBLICATION_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


def test_rows_lie_in_the_order_of_their_key(publication):
    for table in Contract.of_publication(publication).tables:
        if table.primary_key:
            with reading(publication / PUBLICATION_FILE) as connection:
                keys = connection.execute(f"select {', '.join(table.primary_key)} from {table.full_name}").fetchall()
            assert keys == sorted(keys), table.full_name
