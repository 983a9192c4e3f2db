"""Put the loaded schemas in the place of the old ones, in one transaction that readers do not notice."""

import time
from collections import deque
from itertools import cycle
from typing import Any

import psycopg

from publish.contract import SCHEMAS, Contract
from publish.postgres.bystanders import tie_again, tied_to
from publish.postgres.database import Connection, Database
from publish.postgres.definitions import OWN_SCHEMA, next_schema
from publish.postgres.views import Lost, View, carry_over, views_on
from vocabulary.errors import PostgresReadersHold, PostgresSchemaTaken

LOCKING_MILLISECONDS = (100, 200, 400)
"""How long a try waits for readers to leave, in turn. All under PostgreSQL's `deadlock_timeout` of a second: a reader
that holds one table and wants another, which we hold, is let through by our giving up, and never told of a deadlock."""

PAUSE_SECONDS = 0.05

HOLDERS = """
select string_agg(
    distinct format('process %%s (%%s, %%s)', pid, usename, coalesce(nullif(application_name, ''), '?')), ', '
)
from pg_locks inner join pg_stat_activity using (pid)
where relation = any(%s::oid[]) and granted and pid <> pg_backend_pid()
"""


def old_schema(schema: str) -> str:
    return f"{schema}_old"


def swap(
    database: Database,
    connection: Connection,
    contract: Contract,
    record: dict[str, Any],
    patience: float,
) -> list[Lost]:
    """Rename, carry over what others built, drop the old; what was lost, if anything was.

    Raises PostgresReadersHold when readers keep a table for longer than `patience` seconds, and PostgresSchemaTaken;
    nothing has changed then.
    """
    with connection.transaction():
        connection.execute("set local search_path = ''; set local lock_timeout = '10s'")
        tables = _published(connection)
        views = views_on(connection, tables)
        tied = tied_to(connection, [*tables, *(view.oid for view in views)])
        if columns := [each.identity for each in tied if each.holds_data]:
            raise PostgresSchemaTaken(where=database.where, found=", ".join(columns))
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"alter schema {schema} rename to {old_schema(schema)}")
            connection.execute(f"alter schema {next_schema(schema)} rename to {schema}")
        _lock(database, connection, views, tables, patience)
        waiting_room = old_schema(SCHEMAS[0])
        lost_views = carry_over(connection, views, waiting_room)
        lost = list(lost_views.values())
        lost += [one for one in (tie_again(connection, each) for each in tied) if one]
        for schema in SCHEMAS:
            connection.execute(f"drop schema {old_schema(schema)} cascade")
        connection.execute(f"select {OWN_SCHEMA}.apply_area_access()")
        _record(connection, contract, record, lost)
    return lost


def _published(connection: Connection) -> list[int]:
    query = "select pg_class.oid from pg_class where relkind = 'r' and relnamespace::regnamespace::text = any(%s)"
    return [oid for (oid,) in connection.execute(query, [list(SCHEMAS)]).fetchall()]


def _lock(database: Database, connection: Connection, views: list[View], tables: list[int], patience: float) -> None:
    """Wait until nobody reads what is replaced, with all locks or none: who reads meanwhile reads one publication.

    Each try begins with another table: with the one that busy transactions read first, the others come free by
    themselves.
    """
    of_views = [
        f"alter {view.kind} {view.identity} owner to {_quoted(connection, view.owner)}"  # changes nothing and locks it
        for view in reversed(views)
        if view.is_ours_to_change
    ]
    names = deque(name for (name,) in connection.execute("select unnest(%s::regclass[])::text", [tables]).fetchall())
    until = time.monotonic() + patience
    for milliseconds in cycle(LOCKING_MILLISECONDS):
        of_tables = [f"lock table {name} in access exclusive mode" for name in names]
        statements = [*of_views, *of_tables, f"lock table {OWN_SCHEMA}.area_access in share mode"]
        try:
            with connection.transaction():
                connection.execute(f"set local statement_timeout = {milliseconds}")
                connection.execute(f"do {_quoted_body('begin ' + '; '.join(statements) + '; end')}")
            break
        except psycopg.errors.QueryCanceled:
            if time.monotonic() > until:
                (readers,) = connection.execute(HOLDERS, [tables]).fetchone()
                raise PostgresReadersHold(where=database.where, seconds=int(patience), readers=readers) from None
        names.rotate(-1)
        time.sleep(PAUSE_SECONDS)
    connection.execute("set local statement_timeout = 0")


def _record(connection: Connection, contract: Contract, record: dict[str, Any], lost: list[Lost]) -> None:
    connection.execute(f"delete from {OWN_SCHEMA}.publication")
    connection.execute(
        f"insert into {OWN_SCHEMA}.publication (publication_id, contract_version, as_of, published_at, tables) "
        "values (%s, %s, %s, %s, %s)",
        [
            record["publication_id"],
            contract.contract_version,
            record["as_of"],
            record["published_at"],
            [table.full_name for table in contract.tables],
        ],
    )
    for one in lost:
        connection.execute(
            f"insert into {OWN_SCHEMA}.lost_object (publication_id, kind, identity, owner, definition, reason) "
            "values (%s, %s, %s, %s, %s, %s)",
            [record["publication_id"], one.kind, one.identity, one.owner, one.definition, one.reason],
        )


def _quoted(connection: Connection, name: str) -> str:
    return connection.execute("select quote_ident(%s)", [name]).fetchone()[0]


def _quoted_body(text: str) -> str:
    """A text between dollar signs with a tag that does not stand in it."""
    tag = "$omraadetal$"
    while tag in text:
        tag = f"{tag[:-1]}_$"
    return f"{tag}{text}{tag}"
