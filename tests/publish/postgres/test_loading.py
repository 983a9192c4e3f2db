"""A publication in PostgreSQL is the publication in the file: rows, types, keys, descriptions, and who may read."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from publish.contract import SCHEMAS, Contract
from publish.postgres.loading import LOAD_LOCK, load
from vocabulary.errors import PostgresLoadRunning, PostgresSchemaTaken, PublicationWithoutContract
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE

KEYS = """
select
    conrelid::regclass::text, contype::text,
    (select array_agg(attname::text order by at) from unnest(conkey) with ordinality as key (number, at)
        inner join pg_attribute on attrelid = conrelid and attnum = number),
    case when contype = 'f' then confrelid::regclass::text end, convalidated
from pg_constraint where connamespace::regnamespace::text = any(%s) and contype in ('p', 'u', 'f')
"""


@pytest.fixture
def loaded(place, publication):
    load(place.url, publication)
    return place


def _rows(found: list[tuple]) -> list[str]:
    """As text, which tells 1 from 1.0 and from True, and every digit of a double."""
    return sorted(repr([each.isoformat() if isinstance(each, datetime) else each for each in row]) for row in found)


def test_every_table_is_the_same_in_postgresql_and_in_the_file(loaded, publication):
    contract = Contract.of_publication(publication)
    assert len(contract.tables) >= 20
    with reading(publication / PUBLICATION_FILE) as file, psycopg.connect(loaded.url) as connection:
        file.execute("set timezone = 'UTC'")
        connection.execute("set timezone = 'UTC'")
        for table in contract.tables:
            expected = file.execute(f"from {table.full_name}").fetchall()
            found = connection.execute(f"select * from {table.full_name}").fetchall()
            assert _rows(found) == _rows(expected), table.full_name
            names = [column[0] for column in file.execute(f"describe {table.full_name}").fetchall()]
            assert [c.name for c in connection.execute(f"select * from {table.full_name}").description] == names
    assert loaded.ask("select count(*) from marts.fct_figure where value is not null")[0][0] > 100


def test_types_are_those_of_the_contract(loaded):
    found = dict(
        loaded.ask(
            "select column_name::text, data_type::text from information_schema.columns "
            "where table_schema = 'marts' and table_name in ('fct_figure', 'figure_history', 'dim_date')"
        )
    )
    wanted = {"value": "double precision", "n": "bigint", "year": "integer", "is_partial_year": "boolean"}
    wanted |= {"published_at": "timestamp with time zone", "date_day": "date", "area_id": "text"}
    assert {name: found[name] for name in wanted} == wanted


def test_keys_and_not_null_are_those_of_the_contract(loaded, publication):
    contract = Contract.of_publication(publication)
    found = {(table, kind, tuple(columns), to) for table, kind, columns, to, _ in loaded.ask(KEYS, list(SCHEMAS))}
    expected = set()
    for table in contract.tables:
        if table.primary_key:
            expected.add((table.full_name, "p", table.primary_key, None))
        expected |= {(table.full_name, "u", key, None) for key in table.unique_keys}
        expected |= {(table.full_name, "f", one.columns, one.table) for one in table.references}
    assert found == expected
    kinds = [kind for _, kind, _, _ in found]
    assert kinds.count("p") >= 10 and kinds.count("f") >= 5 and kinds.count("u") >= 1
    assert all(is_valid for *_, is_valid in loaded.ask(KEYS, list(SCHEMAS)))
    required = loaded.ask(
        "select attrelid::regclass::text, attname::text "
        "from pg_attribute inner join pg_class on pg_class.oid = attrelid "
        "where attnotnull and attnum > 0 and relkind = 'r' and relnamespace::regnamespace::text = any(%s)",
        list(SCHEMAS),
    )
    wanted = {(t.full_name, column.name) for t in contract.tables for column in t.columns if not column.is_nullable}
    assert set(required) == wanted


def test_nulls_are_equal_in_a_unique_key(loaded):
    with pytest.raises(psycopg.errors.UniqueViolation):
        loaded.ask("insert into quality.flag_history select * from quality.flag_history where area_id is null limit 1")


def test_descriptions_stand_on_schemas_tables_and_columns(loaded, publication):
    for table in Contract.of_publication(publication).tables:
        oid = f"'{table.full_name}'::regclass"
        assert loaded.ask(f"select obj_description({oid}, 'pg_class')") == [(table.description,)]
        found = loaded.ask(
            f"select attname, col_description(attrelid, attnum) from pg_attribute where attrelid = {oid}"
        )
        assert {column.name: column.description for column in table.columns}.items() <= dict(found).items()
    for schema in SCHEMAS:
        assert loaded.ask("select obj_description(%s::regnamespace, 'pg_namespace')", schema)[0][0]


def test_the_group_reads_what_is_published_and_nothing_else_after_each_swap(loaded, changed):
    reader = loaded.user("reader")
    loaded.ask(f"revoke create on database {loaded.name} from {reader}")
    loaded.ask(f"revoke temporary on database {loaded.name} from public")
    for folder in (None, changed(2)):
        if folder:
            load(loaded.url, folder)
        for table in ("marts.fct_figure", "quality.flag", "curated.tabel_0_aftale"):
            assert loaded.ask(f"select count(*) from {table}", user=reader)[0][0] > 0
        for statement in (
            "select * from omraadetal.publication",
            "select * from omraadetal.area_access",
            "select omraadetal.apply_area_access()",
            "delete from marts.fct_figure",
            "create table marts.own (a int)",
            "create table public.own (a int)",
            "create schema own",
            "select rolpassword from pg_authid",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                loaded.ask(statement, user=reader)


def test_a_publication_that_is_there_is_not_loaded_again(loaded, publication):
    before = loaded.ask("select 'marts.fct_figure'::regclass::oid, loaded_at from omraadetal.publication")
    again = load(loaded.url, publication)
    assert again.was_there
    assert loaded.ask("select 'marts.fct_figure'::regclass::oid, loaded_at from omraadetal.publication") == before


def test_an_earlier_publication_can_be_loaded_over_a_later(loaded, publication, changed):
    later = changed(2, "delete from marts.figure_history")
    assert not load(loaded.url, later).was_there
    assert loaded.ask("select count(*) from marts.figure_history") == [(0,)]
    assert not load(loaded.url, publication).was_there
    assert loaded.ask("select count(*) from marts.figure_history")[0][0] > 0
    assert loaded.ask("select publication_id from omraadetal.publication") == [(publication.name,)]


def test_empty_tables_and_all_agreements_at_once_are_loaded(place, changed):
    tables = ("marts.figure_source", "marts.figure_comparison", "quality.flag", "curated.tabel_5_forbehold")
    other = (
        "insert into marts.dim_indicator select * replace ('x' as agreement_id, 'x.' || indicator_id as indicator_key)"
    )
    figures = (
        "insert into marts.fct_figure select * replace ('x' as agreement_id, 'x.' || indicator_id as indicator_key)"
    )
    folder = changed(
        3,
        *(f"delete from {t}" for t in tables),
        f"{other} from marts.dim_indicator",
        f"{figures} from marts.fct_figure",
    )
    load(place.url, folder)
    assert place.ask("select count(*) from quality.flag") == [(0,)]
    assert place.ask("select count(distinct agreement_id) from marts.fct_figure") == [(2,)]


def test_a_publication_without_its_contract_is_refused(place, changed):
    folder = changed(2)
    (folder / "contract.json").unlink()
    with pytest.raises(PublicationWithoutContract) as refused:
        load(place.url, folder)
    assert refused.value.exit_code == 4


def test_what_breaks_a_key_leaves_the_old_publication(loaded, publication, changed):
    broken = changed(2, "delete from marts.dim_area")
    with pytest.raises(Exception, match="dim_area") as refused:
        load(loaded.url, broken)
    assert refused.value.exit_code == 4
    assert loaded.ask("select publication_id from omraadetal.publication") == [(publication.name,)]
    assert loaded.ask("select count(*) from marts.fct_figure")[0][0] > 0
    assert not loaded.ask("select 1 from pg_namespace where nspname like '%%\\_next'"), "what failed takes room"
    load(loaded.url, changed(3))


def test_one_load_at_a_time(loaded, changed):
    with psycopg.connect(loaded.url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [LOAD_LOCK])
        with pytest.raises(PostgresLoadRunning):
            load(loaded.url, changed(2))
        other.execute("select pg_advisory_unlock(%s)", [LOAD_LOCK])
    assert not load(loaded.url, changed(3)).was_there


def test_the_next_load_need_not_wait_until_the_server_knows_that_the_last_one_is_gone(loaded, changed, monkeypatch):
    folder, open_still = changed(2), []

    def leave_open(connection):
        open_still.append(connection)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "close", leave_open)
        load(loaded.url, folder)
        with psycopg.connect(loaded.url, autocommit=True) as other:
            assert other.execute("select pg_try_advisory_lock(%s)", [LOAD_LOCK]).fetchone() == (True,)
    for connection in open_still:
        connection.close()


def test_two_loads_at_once_end_with_one_publication_whole(place, changed):
    folders = [changed(2), changed(3)]
    outcomes: list[object] = []

    def run(folder: Path) -> None:
        try:
            outcomes.append(load(place.url, folder).publication_id)
        except PostgresLoadRunning as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=[folder]) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(outcomes) == 2 and done
    assert place.ask("select publication_id from omraadetal.publication") == [(done[-1],)]


def test_a_killed_load_leaves_the_old_and_the_next_takes_its_place(loaded, publication, changed):
    slow = changed(2, "insert into marts.figure_history select h.* replace (h.year + 1000 * i as year) "
                   "from marts.figure_history as h, range(1, 1500) as r(i)")  # fmt: skip
    code = (
        "import sys, pathlib; from publish.postgres.loading import load; load(sys.argv[1], pathlib.Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, loaded.url, str(slow)], cwd=PROJECT_ROOT)
    deadline = time.monotonic() + 60
    while not loaded.ask("select 1 from pg_namespace where nspname = 'marts_next'"):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert loaded.ask("select 1 from pg_namespace where nspname = 'marts_next'"), (
        "it was killed too late to tell anything"
    )
    assert loaded.ask("select publication_id from omraadetal.publication") == [(publication.name,)]
    folder = changed(3)
    while True:  # the server notices within moments that the session is gone
        try:
            load(loaded.url, folder)
            break
        except PostgresLoadRunning:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert loaded.ask("select publication_id from omraadetal.publication") == [(folder.name,)]
    assert not loaded.ask("select 1 from pg_namespace where nspname like '%%\\_next' or nspname like '%%\\_old'")


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["create schema marts", "create table marts.budget (a int)"], "marts.budget"),
        (["create schema curated", "create view curated.mine as select 1 as a"], "curated.mine"),
    ],
)
def test_what_others_made_in_the_schemas_is_not_dropped(place, publication, statements, named):
    for statement in statements:
        place.ask(statement)
    with pytest.raises(PostgresSchemaTaken, match=named):
        load(place.url, publication)
    assert place.ask("select %s::regclass is not null", named) == [(True,)]


def test_a_name_that_needs_quotes_is_loaded(place, changed):
    def rename(content: dict) -> None:
        table = next(one for one in content["tables"] if one["name"] == "tabel_0_aftale")
        table["name"] = "Tabel 0"
        table["columns"][1]["name"] = 'Order by "titel"'
        table["columns"][1]["description"] = "Det, der står i 'titel' \\ og \"mere\""

    folder = changed(
        2,
        'alter table curated.tabel_0_aftale rename titel to "Order by ""titel"""',
        'alter table curated.tabel_0_aftale rename to "Tabel 0"',
        contract=rename,
    )
    load(place.url, folder)
    assert place.ask('select "Order by ""titel""" from curated."Tabel 0"')[0][0]


def test_the_contract_in_the_folder_is_what_is_loaded_not_the_code_of_today(place, changed):
    def add(content: dict) -> None:
        content["tables"] = [one for one in content["tables"] if one["schema_name"] != "curated"]
        content["contract_version"] = "0"

    load(place.url, changed(2, contract=add))
    assert place.ask("select contract_version from omraadetal.publication") == [("0",)]
    assert place.ask("select count(*) from pg_class where relnamespace = 'curated'::regnamespace") == [(0,)]
