"""The data folder of the embedded PostgreSQL: how it is made, started and found, and what a crash leaves of it."""

import logging
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from publish.postgres import programs
from vocabulary.errors import OmraadetalError

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
ADMIN = "omraadetal"

TRIES = 3
"""A port that was free may be taken before the server has it."""

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


@contextmanager
def failures_as(error: type[OmraadetalError], folder: Path) -> Iterator[None]:
    """Tell what keeps the server of a folder from running as an error of ours, with `folder`, `cause` and `log`."""
    try:
        yield
    except subprocess.CalledProcessError as failed:
        cause = next(iter(reversed((failed.stderr or failed.stdout or "").strip().splitlines())), "no answer")
    except (subprocess.TimeoutExpired, psycopg.Error) as failed:
        cause = type(failed).__name__
    else:
        return
    raise error(folder=folder, cause=cause.strip().rstrip("."), log=log_file(folder))


def ensure_running(folder: Path, admin_password: str, port: int) -> tuple[int, bool]:
    """The port of the server of a folder, and whether it was started by this call: on the wanted port if it is free.

    A data folder is made if there is none; that of another major version of PostgreSQL is put aside.
    Raises CalledProcessError and TimeoutExpired of its programs, and ServerNeedsAnotherUser.
    """
    if runs(folder):
        return port_in_use(folder), False
    put_other_version_aside(folder)
    if not (data_folder(folder) / "PG_VERSION").exists():
        make(folder, admin_password)
    for left in reversed(range(TRIES)):
        chosen = free_port(port)
        try:
            run_server(folder, chosen)
        except subprocess.CalledProcessError:
            if not left:
                raise
        else:
            break
    return chosen, True


def data_folder(folder: Path) -> Path:
    return folder / "data"


def log_file(folder: Path) -> Path:
    return folder / "server.log"


def make(folder: Path, admin_password: str) -> None:
    """A new data folder, whole or not at all, whose administrator has a password from the first moment on."""
    data = folder / "data.new"
    shutil.rmtree(data, ignore_errors=True)  # of a start that was killed
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part") as password:
        password.write(admin_password)
        password.flush()
        options = ["--username", ADMIN, "--pwfile", password.name, "--auth", "scram-sha-256"]
        words = ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        programs.run(programs.folder(), "initdb", "--pgdata", str(data), *options, *words)
    (data / "pg_hba.conf").write_text(ACCESS)
    data.rename(data_folder(folder))


def put_other_version_aside(folder: Path) -> None:
    mark = data_folder(folder) / "PG_VERSION"
    if not mark.exists():
        return
    found, ours = mark.read_text().strip(), programs.major_version(programs.folder())
    if found != ours:
        aside = folder / f"data.{found}"
        shutil.rmtree(aside, ignore_errors=True)
        data_folder(folder).rename(aside)
        log.warning(
            "The embedded PostgreSQL is now version %s: what version %s held lies in %s; what Områdetal puts into it "
            "is made anew, views and the like of your own are not.",
            ours,
            found,
            aside,
        )


def runs(folder: Path) -> bool:
    """Whether the server runs. A mark left by a crash, whose process number another program has now, is taken away."""
    mark = data_folder(folder) / "postmaster.pid"
    if not mark.exists():
        return False
    try:
        programs.run(programs.folder(), "pg_ctl", "status", "-D", str(data_folder(folder)))
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


def port_in_use(folder: Path) -> int:
    """The fourth line of the mark of a running server."""
    return int((data_folder(folder) / "postmaster.pid").read_text().split("\n")[3])


def free_port(wanted: int) -> int:
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


def run_server(folder: Path, port: int) -> None:
    options = " ".join(f"-c {name}='{value}'" for name, value in {**OPTIONS, "port": str(port)}.items())
    arguments = [
        "-D",
        str(data_folder(folder)),
        "-l",
        str(log_file(folder)),
        "-o",
        options,
        "-w",
        "-t",
        str(programs.SECONDS - 10),
    ]
    programs.run(programs.folder(), "pg_ctl", "start", *arguments)


def stop(folder: Path) -> None:
    programs.run(programs.folder(), "pg_ctl", "stop", "-D", str(data_folder(folder)), "-m", "fast", "-w")
