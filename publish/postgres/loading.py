"""Load a publication into PostgreSQL: beside the one that is there, then one swap."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from publish.contract import SCHEMAS, Contract
from publish.postgres.access import prepare
from publish.postgres.copying import copy_tables
from publish.postgres.database import Connection, Database
from publish.postgres.definitions import OWN_SCHEMA, add_access, add_comments, add_references, next_schema
from publish.postgres.swap import swap
from publish.postgres.views import Lost
from vocabulary.errors import PostgresLoadRunning, PostgresSchemaTaken
from warehouse.publications import read_publication

log = logging.getLogger(__name__)

LOAD_LOCK = 0x6F6D7261
"""Number of the advisory lock («omra»): one load at a time in a database; it ends with its session."""


@dataclass(frozen=True)
class Loaded:
    """What a load did; `was_there`: the database showed the publication already, and nothing was done."""

    publication_id: str
    where: str
    was_there: bool
    seconds: float
    lost: tuple[Lost, ...] = ()


def load(url: str, publication: Path, *, patience: float = 60) -> Loaded:
    """Let the database at a libpq URL show a publication, a folder; an earlier one is as good as a later.

    Readers see the old one until the new is whole, and after any failure. `patience`: seconds in which those who keep a
    table have to leave it. Raises PublicationWithoutContract and the catalogue's Postgres errors, all with exit code 4.
    """
    started = time.monotonic()
    database = Database(url)
    contract = Contract.of_publication(publication)
    record = read_publication(publication)
    publication_id = record["publication_id"]
    with database.connected() as connection, _alone(database, connection):
        prepare(database, connection)
        _refuse_strangers(database, connection)
        if _shown(connection) == (publication_id, [table.full_name for table in contract.tables]):
            log.info("PostgreSQL %s shows %s already", database.where, publication_id)
            return Loaded(publication_id, database.where, was_there=True, seconds=time.monotonic() - started)
        _drop_next(connection)  # of a load that was killed
        try:
            for schema in SCHEMAS:
                connection.execute(f"create schema {next_schema(schema)}")
            copy_tables(database, publication)
            _finish(connection, contract)
            lost = swap(database, connection, contract, record, patience)
        except BaseException:
            with suppress(psycopg.Error):  # what went wrong before is what is told
                _drop_next(connection)
            raise
    for one in lost:
        log.warning("PostgreSQL: the %s %s could not be kept: %s", one.kind, one.identity, one.reason)
    seconds = time.monotonic() - started
    log.info("PostgreSQL %s shows %s after %.1f s", database.where, publication_id, seconds)
    return Loaded(publication_id, database.where, was_there=False, seconds=seconds, lost=tuple(lost))


def shown_by(url: str) -> str | None:
    """The id of the publication that the database at a libpq URL shows; None where nothing was loaded into it.

    Raises the catalogue's Postgres errors.
    """
    database = Database(url)
    with database.connected() as connection:
        (own_table,) = connection.execute("select to_regclass(%s)", [f"{OWN_SCHEMA}.publication"]).fetchone()
        shown = _shown(connection) if own_table else None
    return shown[0] if shown else None


@contextmanager
def _alone(database: Database, connection: Connection) -> Iterator[None]:
    if not connection.execute("select pg_try_advisory_lock(%s)", [LOAD_LOCK]).fetchone()[0]:
        raise PostgresLoadRunning(where=database.where)
    try:
        yield
    finally:
        # it goes with the connection too, but only when the server has noticed that this one is closed
        with suppress(psycopg.Error):
            connection.execute("select pg_advisory_unlock(%s)", [LOAD_LOCK])


def _shown(connection: Connection) -> tuple[str, list[str]] | None:
    """The publication that the database shows, if all of its tables are there."""
    row = connection.execute(f"select publication_id, tables from {OWN_SCHEMA}.publication").fetchone()
    there = {name for name, _ in _relations(connection)}
    return row if row and set(row[1]) <= there else None


def _refuse_strangers(database: Database, connection: Connection) -> None:
    """Nothing is dropped that a load did not make: what else stands in its schemas is named."""
    row = connection.execute(f"select tables from {OWN_SCHEMA}.publication").fetchone()
    ours = set(row[0]) if row else set()
    strangers = [name for name, kind in _relations(connection) if kind != "r" or name not in ours]
    if strangers:
        raise PostgresSchemaTaken(where=database.where, found=", ".join(strangers))


def _relations(connection: Connection) -> list[tuple[str, str]]:
    query = """
        select relnamespace::regnamespace::text || '.' || relname, relkind::text from pg_class
        where relkind in ('r', 'v', 'm', 'p', 'f', 'S') and relnamespace::regnamespace::text = any(%s) order by 1
    """
    return connection.execute(query, [list(SCHEMAS)]).fetchall()


def _drop_next(connection: Connection) -> None:
    for schema in SCHEMAS:
        connection.execute(f"drop schema if exists {next_schema(schema)} cascade")


def _finish(connection: Connection, contract: Contract) -> None:
    """What the copy did not bring: relations, comments and rights."""
    with connection.transaction():
        for statement in (*add_references(contract), *add_comments(contract), *add_access(contract)):
            connection.execute(statement)
