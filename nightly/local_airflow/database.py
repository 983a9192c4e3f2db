"""The metadata database of a standing Airflow: an embedded PostgreSQL of its own, on 127.0.0.1, with a password."""

import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from publish.postgres import cluster
from publish.postgres.cluster import ADMIN, HOST
from vocabulary.errors import ServerNotStarted
from warehouse.paths import OWNER_ONLY_FOLDER

NAME = "airflow"


def start_database(folder: Path, password: str) -> str:
    """Start the server that lies in a folder, made if there is none; one that runs is used.

    Returns SQLAlchemy's address. Raises ServerNotStarted and ServerNeedsAnotherUser.
    """
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    try:
        if not cluster.runs(folder):
            cluster.put_other_version_aside(folder)
            if not (cluster.data_folder(folder) / "PG_VERSION").exists():
                cluster.make(folder, password)
            cluster.run_server(folder, cluster.free_port(0))
        port = cluster.port_in_use(folder)
        _create(port, password)
    except subprocess.CalledProcessError as error:
        cause = next(iter(reversed((error.stderr or error.stdout or "").strip().splitlines())), "no answer")
        raise ServerNotStarted(folder=folder, cause=cause.rstrip("."), log=cluster.log_file(folder)) from None
    except (subprocess.TimeoutExpired, psycopg.Error) as error:
        cause = type(error).__name__
        raise ServerNotStarted(folder=folder, cause=cause, log=cluster.log_file(folder)) from None
    return f"postgresql+psycopg2://{ADMIN}:{password}@{HOST}:{port}/{NAME}"


def stop_database(folder: Path) -> bool:
    """Stop the server; whether it ran."""
    if not cluster.runs(folder):
        return False
    cluster.stop(folder)
    return True


def _create(port: int, password: str) -> None:
    where = make_conninfo(host=HOST, port=str(port), user=ADMIN, password=password, dbname="postgres")
    with psycopg.connect(where, autocommit=True, connect_timeout=10) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchall():
            connection.execute(f"create database {NAME}")
