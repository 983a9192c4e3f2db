"""The database that publications are loaded into: connections, and what it says in our words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, Ping

from vocabulary.errors import (
    OmraadetalError,
    PostgresEncoding,
    PostgresFailed,
    PostgresFull,
    PostgresLoginRefused,
    PostgresRightMissing,
    PostgresTooOld,
    PostgresUnreachable,
    PostgresUrlInvalid,
)

OLDEST_VERSION = 150000
"""`unique nulls not distinct`, and no right for everybody to create in `public`, came with PostgreSQL 15."""

PATIENCE = 10
"""Seconds in which a server has to answer."""

Connection = psycopg.Connection[tuple]


@dataclass(frozen=True)
class Database:
    """One database by its libpq URL, which holds a password and is shown nowhere."""

    url: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises PostgresUrlInvalid."""
        try:
            self._facts  # noqa: B018 - a URL that cannot be read is told before anything else is done
        except psycopg.Error:
            raise PostgresUrlInvalid() from None  # whose text would show the URL

    @property
    def _facts(self) -> dict[str, str]:
        return {"connect_timeout": str(PATIENCE), "application_name": "omraadetal", **conninfo_to_dict(self.url)}

    @property
    def conninfo(self) -> str:
        """The address as libpq's list of words, password included."""
        return make_conninfo(**self._facts)

    @property
    def where(self) -> str:
        """`host:port/database`, for messages."""
        facts = self._facts
        address = facts.get("host") or facts.get("hostaddr") or "localhost"
        return f"{address}:{facts.get('port') or 5432}/{facts.get('dbname') or facts.get('user') or ''}"

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection in autocommit mode; what PostgreSQL refuses meanwhile is raised as a catalogued error."""
        with self.telling():
            try:
                connection = psycopg.connect(self.conninfo, autocommit=True)
            except psycopg.OperationalError as error:
                raise self._no_connection(error) from None
            with connection:
                if connection.info.server_version < OLDEST_VERSION:
                    found = connection.info.parameter_status("server_version")
                    raise PostgresTooOld(where=self.where, found=found, needed=OLDEST_VERSION // 10000)
                if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
                    raise PostgresEncoding(where=self.where, encoding=encoding)
                yield connection

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Raise what PostgreSQL says, by itself or through DuckDB, as errors of the catalogue."""
        try:
            yield
        except psycopg.errors.InsufficientPrivilege as error:
            raise self.right_missing(self._words(error), "the statement that gives it to that user") from None
        except psycopg.errors.DiskFull:
            raise PostgresFull(where=self.where) from None
        except psycopg.OperationalError as error:
            raise PostgresUnreachable(where=self.where, cause=self._words(error)) from None
        except psycopg.Error as error:
            raise PostgresFailed(where=self.where, cause=self._words(error)) from None
        except duckdb.Error as error:
            raise self._through_duckdb(error) from None

    def right_missing(self, right: str, statement: str) -> PostgresRightMissing:
        return PostgresRightMissing(where=self.where, user=self._facts.get("user"), right=right, statement=statement)

    def _no_connection(self, error: psycopg.OperationalError) -> OmraadetalError:
        """A server that answers to a ping has refused the login; its own words depend on its language."""
        answers = PGconn.ping(self.conninfo.encode()) == Ping.OK
        kind = PostgresLoginRefused if answers else PostgresUnreachable
        return kind(where=self.where, cause=self._words(error))

    def _through_duckdb(self, error: duckdb.Error) -> OmraadetalError:
        """DuckDB passes PostgreSQL's words on without the code, and with the statement or address before them."""
        text = str(error)
        if "No space left on device" in text or "could not extend file" in text:
            return PostgresFull(where=self.where)
        said = re.search(r"(?:ERROR|FATAL|PANIC):\s+(.+)", text)
        cause = said[1] if said else text.splitlines()[0]
        if "password" in cause:  # an address, written as libpq writes it
            cause = "DuckDB could not connect to it"
        return PostgresFailed(where=self.where, cause=self._without_password(cause.rstrip(".")))

    def _words(self, error: psycopg.Error) -> str:
        """The first line of what PostgreSQL says, and its detail."""
        said = [error.diag.message_primary or str(error).splitlines()[0], error.diag.message_detail or ""]
        return self._without_password(" ".join(" ".join(said).split()).rstrip("."))

    def _without_password(self, text: str) -> str:
        password = self._facts.get("password")
        return text.replace(password, "…") if password else text
