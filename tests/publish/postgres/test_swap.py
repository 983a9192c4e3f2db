"""Readers do not notice a swap: no error, no mix of two publications, no deadlock with one who keeps a table."""

import threading
import time

import psycopg
import pytest

from publish.postgres.loading import load
from vocabulary.errors import PostgresReadersHold

TABLES = ("marts.fct_figure", "marts.indicator_by_area_year", "marts.figure_source", "quality.flag")

ONE_ANSWER = (
    "select array_agg(distinct publication_id) from ("
    + " union all ".join(f"select publication_id from {table}" for table in TABLES)
    + ")"
)


@pytest.fixture
def named(changed):
    """Publications whose rows carry their id: named(number)."""

    def make(number: int):
        folder = f"2025-11-{number:02d}-{number:08x}"
        return changed(number, *(f"update {table} set publication_id = '{folder}'" for table in TABLES))

    return make


def test_readers_meet_no_error_and_no_mix_while_publications_are_swapped(place, named):
    folders = [named(number) for number in (2, 3)]
    load(place.url, folders[0])
    place.ask("create schema own")
    place.ask(f"create view own.answer as {ONE_ANSWER}")
    answers: list[list[tuple]] = []
    errors: list[psycopg.Error] = []
    ended = threading.Event()

    def read(query: str, prepare: bool, in_one_transaction: bool) -> None:
        found = []
        try:
            with psycopg.connect(place.url, autocommit=True) as connection:
                while not ended.is_set():
                    if in_one_transaction:
                        with connection.transaction():
                            seen = {
                                connection.execute(f"select distinct publication_id from {table}").fetchone()[0]
                                for table in TABLES
                            }
                            connection.execute("select count(*) from marts.dim_area")
                        found.append((tuple(seen),))
                    else:
                        found += connection.execute(query, prepare=prepare).fetchall()
        except psycopg.Error as error:
            errors.append(error)
        answers.append(found)

    kinds = [
        (ONE_ANSWER, True, False),
        (ONE_ANSWER, False, False),
        ("table own.answer", True, False),
        ("", False, True),
    ]
    threads = [threading.Thread(target=read, args=kind) for kind in kinds * 2]
    for thread in threads:
        thread.start()
    for folder in folders[::-1] * 2:
        assert not load(place.url, folder).was_there
    ended.set()
    for thread in threads:
        thread.join()
    assert not errors
    assert all(len(found) > 10 for found in answers), "a reader was kept out"
    seen = {tuple(ids) for found in answers for (ids,) in found}
    assert seen == {(folder.name,) for folder in folders}


def test_a_reader_who_keeps_one_table_and_wants_another_is_let_through(place, named):
    load(place.url, named(2))
    later = named(3)
    done: list[object] = []
    with psycopg.connect(place.url) as reader:
        reader.execute("select count(*) from marts.indicator_by_area_year")  # and its transaction stays open
        thread = threading.Thread(target=lambda: done.append(load(place.url, later)))
        thread.start()
        for _ in range(30):  # longer than PostgreSQL waits before it looks for a deadlock
            for table in (*TABLES, "marts.dim_area", "curated.tabel_0_aftale"):
                reader.execute(f"select count(*) from {table}")
            time.sleep(0.1)
        assert not done
        assert reader.execute(ONE_ANSWER).fetchone() == (["2025-11-02-00000002"],)
        reader.rollback()
        assert thread.join(60) is None and done
    assert place.ask(ONE_ANSWER) == [(["2025-11-03-00000003"],)]


def test_a_reader_who_never_leaves_is_named_and_the_old_stays(place, named):
    load(place.url, named(2))
    with psycopg.connect(place.url, application_name="a long report") as reader:
        reader.execute("select count(*) from marts.fct_figure")
        with pytest.raises(PostgresReadersHold, match="a long report") as refused:
            load(place.url, named(3), patience=0.5)
    assert refused.value.exit_code == 4
    assert place.ask(ONE_ANSWER) == [(["2025-11-02-00000002"],)]
