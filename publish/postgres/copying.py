"""Copy a publication's tables into `marts_next`, `curated_next` and `quality_next`, two at a time.

In a process of its own: DuckDB's extension for PostgreSQL ends the process that it runs in when a connection breaks.
"""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from publish.contract import Contract, Table
from publish.postgres.database import Database
from publish.postgres.definitions import add_keys, create_table, next_name, next_schema
from vocabulary.errors import PostgresUnreachable
from warehouse.connections import literal, quoted
from warehouse.paths import PUBLICATION_FILE
from warehouse.publications import read_publication

WORKERS = 2
"""Tables copied at a time: while PostgreSQL indexes or writes one, DuckDB reads another."""

READERS_FIRST = 10
"""How much the process steps back: whoever reads what is shown goes before what is loaded."""

REFUSED = 3
"""Exit code of the process when PostgreSQL refused something, which it has then printed."""

SETTINGS = "set local maintenance_work_mem = '256MB'; set local default_statistics_target = 25"
"""Memory to index in; and a quarter of the rows that PostgreSQL looks at by itself, which is enough for the first plans
(autovacuum looks closer within minutes)."""


def copy_tables(database: Database, publication: Path) -> None:
    """Make and fill the tables, with keys and indexes, by DuckDB's extension for PostgreSQL. The schemas are there.

    Raises PostgresUnreachable when the connection breaks, and what PostgreSQL refuses as duckdb.Error.
    """
    command = [sys.executable, "-m", "publish.postgres.copying"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        # no argument and no variable holds the password; and the pipe stays open, since its end tells of our own
        process.stdin.write(json.dumps({"url": database.url, "publication": str(publication)}) + "\n")
        process.stdin.flush()
        said = process.stdout.read()
        if process.wait() == REFUSED:
            raise duckdb.Error(json.loads(said))
        if process.returncode:
            raise PostgresUnreachable(where=database.where, cause="the connection broke while tables were copied")


def main() -> None:
    """What the process of its own does: one line of JSON in, nothing out but what was refused."""
    os.nice(READERS_FIRST)
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    publication = Path(job["publication"])
    try:
        _copy_all(Database(job["url"]), Contract.of_publication(publication), publication)
    except duckdb.Error as error:
        print(json.dumps(str(error)))  # noqa: T201 - the answer to the caller
        sys.exit(REFUSED)


def _end_with_the_caller() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _copy_all(database: Database, contract: Contract, folder: Path) -> None:
    """The longest tables first, so that both workers end about together."""
    tables: dict[str, Any] = read_publication(folder).get("tables", {})
    rows = {name: table["rows"] for name, table in tables.items()}
    waiting = deque(sorted(contract.tables, key=lambda table: rows.get(table.full_name, 0), reverse=True))

    def work() -> None:
        with _attached(database, folder) as connection:
            while waiting:
                try:
                    table = waiting.popleft()
                except IndexError:  # the other took the last
                    return
                try:
                    _copy(connection, table)
                except BaseException:
                    waiting.clear()
                    raise

    with ThreadPoolExecutor(WORKERS) as pool:
        for worker in [pool.submit(work) for _ in range(WORKERS)]:
            worker.result()


@contextmanager
def _attached(database: Database, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb_extensions

    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        duckdb_extensions.import_extension("postgres_scanner", con=connection)
        connection.execute(f"attach {literal(folder / PUBLICATION_FILE)} as publication (read_only)")
        connection.execute(f"attach {literal(database.conninfo)} as server (type postgres)")
        yield connection


def _copy(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """In one transaction: one filled where it was made needs no log on a server with `wal_level = minimal`.

    The rows keep their order, which is that of the key: an index on it is built without sorting.
    """
    name = next_name(table.full_name)
    columns = ", ".join(quoted(column.name) for column in table.columns)
    connection.execute("begin")
    # DuckDB opens a transaction for reading only, until a statement of its own writes
    connection.execute(f"create schema if not exists server.{next_schema(table.schema_name)}")
    _run(connection, SETTINGS, create_table(table))
    connection.execute(f"insert into server.{name} ({columns}) select {columns} from publication.{table.sql_name}")
    _run(connection, *add_keys(table), f"analyze {name}")
    connection.execute("commit")


def _run(connection: duckdb.DuckDBPyConnection, *statements: str) -> None:
    """Statements that PostgreSQL reads itself, in the transaction of the copy."""
    connection.execute("call postgres_execute('server', ?)", [";\n".join(statements)])


if __name__ == "__main__":
    main()
