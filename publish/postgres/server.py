"""The embedded PostgreSQL of one HOME, for a machine without a server: on 127.0.0.1 only, a password for everybody.

It holds nothing that could not be made again from publications. It has no socket in a folder, and what is kept of it
(`HOME/postgres`) is for its owner alone.
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType

import psycopg
from filelock import FileLock
from psycopg.conninfo import make_conninfo

from publish.postgres import cluster
from publish.postgres.access import create_group
from publish.postgres.cluster import ADMIN, HOST
from publish.postgres.definitions import BI_ROLE
from vocabulary.errors import ServerNotStarted
from warehouse.paths import OWNER_ONLY_FOLDER, Paths, owner_only
from warehouse.store import Folder

DATABASE = "omraadetal"
BI_USER = "bi"
CREDENTIALS_FILE = "connection.json"


@dataclass(frozen=True)
class Credentials:
    """How to connect; the passwords are made for this HOME and written in one file that only its owner reads."""

    port: int
    admin_password: str = field(repr=False)
    bi_password: str = field(repr=False)


@dataclass
class Server:
    """A running server; `is_own`: this process started it, so that `stop` stops it."""

    folder: Path
    credentials: Credentials
    is_own: bool

    @property
    def admin_url(self) -> str:
        return self._url(ADMIN, self.credentials.admin_password)

    @property
    def bi_url(self) -> str:
        """For BI tools: reads what is published and nothing else."""
        return self._url(BI_USER, self.credentials.bi_password)

    def _url(self, user: str, password: str) -> str:
        return f"postgresql://{user}:{password}@{HOST}:{self.credentials.port}/{DATABASE}"

    def stop(self) -> None:
        """Stop it, if this process started it."""
        if self.is_own:
            self.is_own = False
            cluster.stop(self.folder)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start(paths: Paths) -> Server:
    """Start the server of a HOME, made if there is none; one that runs already is used.

    The port stays the same between starts while it is free. Data of another major version of PostgreSQL is put aside.
    Raises ServerNotStarted and ServerNeedsAnotherUser.
    """
    folder = paths.postgres
    with owner_only():
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        with FileLock(folder / "start.lock"), cluster.failures_as(ServerNotStarted, folder):
            return _started(folder)


def _started(folder: Path) -> Server:
    credentials = _credentials(folder)
    port, is_own = cluster.ensure_running(folder, credentials.admin_password, credentials.port)
    server = Server(folder, replace(credentials, port=port), is_own)
    try:
        if is_own:
            _keep(folder, server.credentials)
        _set_up(server)
    except BaseException:
        server.stop()
        raise
    return server


def _credentials(folder: Path) -> Credentials:
    file = folder / CREDENTIALS_FILE
    if file.exists():
        return Credentials(**json.loads(file.read_text()))
    made = Credentials(port=0, admin_password=secrets.token_urlsafe(24), bi_password=secrets.token_urlsafe(24))
    _keep(folder, made)
    return made


def _keep(folder: Path, credentials: Credentials) -> None:
    Folder.at(str(folder)).write(json.dumps(asdict(credentials), indent=1).encode(), CREDENTIALS_FILE)


def _set_up(server: Server) -> None:
    """The database, the group that may read and its user; nobody else may connect. Done again where it was done."""
    facts = {"host": HOST, "port": str(server.credentials.port), "user": ADMIN, "connect_timeout": "10"}
    facts["password"] = server.credentials.admin_password
    with psycopg.connect(make_conninfo(**facts, dbname="postgres"), autocommit=True) as connection:
        create_group(connection)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [BI_USER]).fetchall():
            connection.execute(f"create role {BI_USER} login in role {BI_ROLE}")
        password = connection.pgconn.encrypt_password(
            server.credentials.bi_password.encode(), BI_USER.encode(), b"scram-sha-256"
        )
        connection.execute(f"alter role {BI_USER} password '{password.decode()}'")
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchall():
            connection.execute(f"create database {DATABASE}")
        for database in ("postgres", "template1", DATABASE):
            connection.execute(f"revoke all on database {database} from public")
        connection.execute(f"grant connect on database {DATABASE} to {BI_ROLE}")
