"""What PostgreSQL refuses is told in words that say what to do; no password is ever among them."""

import logging
import socket
import threading

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from publish.postgres import database as databases
from publish.postgres.database import Database
from publish.postgres.loading import load
from vocabulary.errors import (
    PostgresEncoding,
    PostgresFull,
    PostgresLoginRefused,
    PostgresRightMissing,
    PostgresTooOld,
    PostgresUnreachable,
    PostgresUrlInvalid,
)

SECRET = "hemmeligt'ord\\1"


def _with(place, **facts: object) -> str:
    return make_conninfo(**{**conninfo_to_dict(place.url), **facts})


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize("url", ["postgresql://bi:hemmeligt@[::1/x", "mysql://a:hemmeligt@b/c", "hemmeligt"])
def test_a_url_that_cannot_be_read_is_not_repeated(url):
    with pytest.raises(PostgresUrlInvalid) as refused:
        Database(url)
    assert "hemmeligt" not in str(refused.value) and refused.value.__cause__ is None


def test_a_database_shows_its_password_nowhere():
    database = Database("postgresql://bi:hemmeligt%2Ford@db.example.dk:5433/tal")
    assert "hemmeligt" not in repr(database) and database.where == "db.example.dk:5433/tal"
    assert conninfo_to_dict(database.conninfo)["password"] == "hemmeligt/ord"


def test_a_server_that_is_away_is_told_from_one_that_refuses(place, publication, closed_port):
    with pytest.raises(PostgresUnreachable, match=str(closed_port)) as away:
        load(_with(place, port=closed_port, password=SECRET), publication)
    with pytest.raises(PostgresLoginRefused) as wrong:
        load(_with(place, password=SECRET), publication)
    with pytest.raises(PostgresLoginRefused, match="none_such"):
        load(_with(place, dbname="none_such"), publication)
    for refused in (away, wrong):
        assert refused.value.exit_code == 4
        assert "hemmeligt" not in str(refused.value)


def test_a_server_that_never_answers_is_given_up(publication, monkeypatch):
    monkeypatch.setattr(databases, "PATIENCE", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(PostgresUnreachable):
        load(f"postgresql://a:b@127.0.0.1:{silent.getsockname()[1]}/c", publication)


def test_a_missing_right_comes_with_the_statement_that_gives_it(place, publication):
    administrator = conninfo_to_dict(place.url)["user"]
    loader = place.user("loader", f"revoke create on database {place.name} from {{user}}", groups=())
    url = place.url_of(loader)
    for _ in range(4):
        with pytest.raises(PostgresRightMissing) as refused:
            load(url, publication)
        statement = str(refused.value).rsplit("run: ", 1)[1]
        if "OWNER" in statement:
            break
        place.ask(statement)
        place.ask("create schema if not exists marts")
    assert f"ALTER SCHEMA marts OWNER TO {loader};" == statement
    assert administrator not in statement
    place.ask(statement)
    load(url, publication)
    assert place.ask("select count(*) from marts.fct_figure", user=loader)[0][0] > 0


def test_an_old_server_is_refused(place, publication, monkeypatch):
    monkeypatch.setattr(databases, "OLDEST_VERSION", 990000)
    with pytest.raises(PostgresTooOld, match="99"):
        load(place.url, publication)
    assert place.ask("select to_regnamespace('omraadetal') is null") == [(True,)]


def test_a_database_that_cannot_hold_every_letter_is_refused(place, publication):
    place.ask("create database plain encoding 'SQL_ASCII' template template0 locale_provider libc locale 'C'")
    with pytest.raises(PostgresEncoding, match="SQL_ASCII"):
        load(_with(place, dbname="plain"), publication)


@pytest.mark.parametrize("said", ["53100", "through duckdb"])
def test_a_full_disk_is_told_as_such(place, said):
    with pytest.raises(PostgresFull), Database(place.url).telling():
        if said == "53100":
            place.ask("do $$ begin raise exception 'no room' using errcode = '53100'; end $$")
        else:
            import duckdb

            raise duckdb.Error('Failed: ERROR:  could not extend file "base/1": No space left on device')


def test_no_password_in_the_log_or_in_what_duckdb_says(place, publication, changed, caplog):
    caplog.set_level(logging.DEBUG)
    secret = conninfo_to_dict(place.url)["password"]
    load(place.url, publication)
    with pytest.raises(Exception, match="value") as refused:
        load(place.url, changed(2, "alter table marts.fct_figure rename value to other"))
    assert secret not in caplog.text and secret not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_a_server_that_goes_away_while_loading_leaves_the_old(place, publication, changed):
    load(place.url, publication)
    folder = changed(
        2,
        "insert into marts.figure_history select h.* replace (h.year + 1000 * i as year) "
        "from marts.figure_history as h, range(1, 800) as r(i)",
    )
    outcome: list[Exception] = []

    def run() -> None:
        try:
            load(place.url, folder)
        except Exception as error:  # noqa: BLE001 - looked at below
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = %s and query ilike 'copy%%'"
    while thread.is_alive() and not place.ask(ended, place.name)[0][0]:
        pass
    thread.join()
    (error,) = outcome
    assert error.exit_code == 4
    assert place.ask("select publication_id from omraadetal.publication") == [(publication.name,)]
    with pytest.raises(psycopg.errors.UndefinedTable):
        place.ask("select * from marts.none_such")
