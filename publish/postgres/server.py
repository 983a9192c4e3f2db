"""The embedded PostgreSQL of one HOME, for a machine without a server: on 127.0.0.1 only, a password for everybody.

It holds nothing that could not be made again from publications. It has no socket in a folder, and what is kept of it
(`HOME/postgres`) is for its owner alone.
"""

import json
import logging
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType

import psycopg
from filelock import FileLock
from psycopg.conninfo import make_conninfo

from publish.postgres import programs
from publish.postgres.access import create_group
from publish.postgres.definitions import BI_ROLE
from vocabulary.errors import ServerNotStarted
from warehouse.paths import OWNER_ONLY_FOLDER, Paths, owner_only

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
DATABASE = "omraadetal"
ADMIN = "omraadetal"
BI_USER = "bi"

OPTIONS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    # no other server reads its log: a table that is filled where it was made is written once
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    "log_min_error_statement": "panic",
}

ACCESS = f"""# Made by Områdetal: a password for everybody, this machine only.
host all all {HOST}/32 scram-sha-256
"""

TRIES = 3
"""A port that was free may be taken before the server has it."""


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
            programs.run(programs.folder(), "pg_ctl", "stop", "-D", str(_data(self.folder)), "-m", "fast", "-w")

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
        with FileLock(folder / "start.lock"):
            try:
                return _started(folder)
            except subprocess.CalledProcessError as error:
                cause = next(iter(reversed((error.stderr or error.stdout or "").strip().splitlines())), "no answer")
            except (subprocess.TimeoutExpired, psycopg.Error) as error:
                cause = type(error).__name__
    raise ServerNotStarted(folder=folder, cause=cause.strip().rstrip("."), log=_log(folder))


def _started(folder: Path) -> Server:
    credentials = _credentials(folder)
    if _runs(folder):
        server = Server(folder, replace(credentials, port=_port_in_use(folder)), is_own=False)
        _set_up(server)
        return server
    _put_other_version_aside(folder)
    if not (_data(folder) / "PG_VERSION").exists():
        _make(folder, credentials)
    for left in reversed(range(TRIES)):
        server = Server(folder, replace(credentials, port=_free_port(credentials.port)), is_own=True)
        try:
            _run_server(folder, server.credentials.port)
            break
        except subprocess.CalledProcessError:
            if not left:
                raise
    _keep(folder, server.credentials)
    try:
        _set_up(server)
    except BaseException:
        server.stop()
        raise
    return server


def _data(folder: Path) -> Path:
    return folder / "data"


def _log(folder: Path) -> Path:
    return folder / "server.log"


def _credentials(folder: Path) -> Credentials:
    file = folder / "connection.json"
    if file.exists():
        return Credentials(**json.loads(file.read_text()))
    made = Credentials(port=0, admin_password=secrets.token_urlsafe(24), bi_password=secrets.token_urlsafe(24))
    _keep(folder, made)
    return made


def _keep(folder: Path, credentials: Credentials) -> None:
    fresh = folder / "connection.json.part"
    fresh.write_text(json.dumps(asdict(credentials), indent=1))
    fresh.replace(folder / "connection.json")


def _make(folder: Path, credentials: Credentials) -> None:
    """A new data folder whose administrator has a password from the first moment on."""
    data = _data(folder)
    shutil.rmtree(data, ignore_errors=True)  # of a start that was killed
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part") as password:
        password.write(credentials.admin_password)
        password.flush()
        options = ["--username", ADMIN, "--pwfile", password.name, "--auth", "scram-sha-256"]
        words = ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        programs.run(programs.folder(), "initdb", "--pgdata", str(data), *options, *words)
    (data / "pg_hba.conf").write_text(ACCESS)


def _put_other_version_aside(folder: Path) -> None:
    mark = _data(folder) / "PG_VERSION"
    if not mark.exists():
        return
    found, ours = mark.read_text().strip(), programs.major_version(programs.folder())
    if found != ours:
        aside = folder / f"data.{found}"
        shutil.rmtree(aside, ignore_errors=True)
        _data(folder).rename(aside)
        log.warning(
            "The embedded PostgreSQL is now version %s: what version %s held lies in %s; publications are loaded anew, "
            "views of your own are not.",
            ours,
            found,
            aside,
        )


def _runs(folder: Path) -> bool:
    """Whether the server runs. A mark left by a crash, whose process number another program has now, is taken away."""
    mark = _data(folder) / "postmaster.pid"
    if not mark.exists():
        return False
    try:
        programs.run(programs.folder(), "pg_ctl", "status", "-D", str(_data(folder)))
    except subprocess.CalledProcessError:
        return False  # the server itself clears the mark of a process that is gone
    program = Path("/proc") / mark.read_text().split("\n", 1)[0].strip() / "exe"
    try:
        is_another = program.readlink().name.removesuffix(" (deleted)") != "postgres"
    except OSError:
        return True
    if is_another:
        mark.unlink()
    return not is_another


def _port_in_use(folder: Path) -> int:
    """The fourth line of the mark of a running server."""
    return int((_data(folder) / "postmaster.pid").read_text().split("\n")[3])


def _free_port(wanted: int) -> int:
    """The wanted port if nobody has it, else one that is free."""
    for port in (wanted, 0):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((HOST, port))
            except OSError:
                continue
            return one.getsockname()[1]
    raise OSError("no free port")


def _run_server(folder: Path, port: int) -> None:
    options = " ".join(f"-c {name}='{value}'" for name, value in {**OPTIONS, "port": str(port)}.items())
    arguments = [
        "-D",
        str(_data(folder)),
        "-l",
        str(_log(folder)),
        "-o",
        options,
        "-w",
        "-t",
        str(programs.SECONDS - 10),
    ]
    programs.run(programs.folder(), "pg_ctl", "start", *arguments)


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
