"""Two ways to read what is published: PostgreSQL, and the DuckDB file behind `published/current`."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import psycopg

from publish.postgres.loading import load
from publish.postgres.server import start
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths, swap_link

Rows = list[tuple]
Ask = Callable[[Sequence[str]], list[Rows]]
"""Run queries in one transaction."""


class Side(Protocol):
    """One way to serve; `reader` connects one reader, `show` puts a publication in force."""

    name: str

    def reader(self) -> AbstractContextManager[Ask]: ...

    def show(self, publication: Path) -> None: ...


@dataclass(frozen=True)
class PostgresSide:
    """A connection for each reader, kept as BI tools keep theirs; each transaction is REPEATABLE READ.

    `loader` is another process, as the night is another than what reads.
    """

    admin_url: str = field(repr=False)
    bi_url: str = field(repr=False)
    loader: Executor = field(repr=False)
    name: str = "PostgreSQL"

    @classmethod
    @contextmanager
    def opened(cls, paths: Paths) -> Iterator["PostgresSide"]:
        """Over the embedded server of a HOME."""
        apart = get_context("spawn")
        with start(paths) as server, ProcessPoolExecutor(max_workers=1, mp_context=apart) as loader:
            yield cls(server.admin_url, server.bi_url, loader)

    @contextmanager
    def reader(self) -> Iterator[Ask]:
        with psycopg.connect(self.bi_url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True

            def ask(queries: Sequence[str]) -> list[Rows]:
                with connection.transaction():
                    return [connection.execute(query).fetchall() for query in queries]

            yield ask

    def show(self, publication: Path) -> None:
        self.loader.submit(load, self.admin_url, publication).result()


@dataclass(frozen=True)
class FileSide:
    """The file in force is found and opened for each transaction, which so belongs to one file."""

    paths: Paths
    name: str = "DuckDB file"

    @contextmanager
    def reader(self) -> Iterator[Ask]:
        def ask(queries: Sequence[str]) -> list[Rows]:
            # resolved first: by its link, a file would be taken for the one that others in this process have open
            with reading(self.paths.current.resolve() / PUBLICATION_FILE) as connection:
                return [connection.execute(query).fetchall() for query in queries]

        yield ask

    def show(self, publication: Path) -> None:
        swap_link(self.paths.current, publication)
