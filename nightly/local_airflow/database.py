"""The metadata database of a standing Airflow: an embedded PostgreSQL of its own, on 127.0.0.1, with passwords."""

from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from nightly.local_airflow.secrets import Secrets
from publish.postgres import cluster
from publish.postgres.cluster import ADMIN, HOST
from vocabulary.errors import MetadataNotStarted
from warehouse.paths import OWNER_ONLY_FOLDER

NAME = USER = "airflow"
"""Airflow's user owns this one database, and is nothing in the others."""


def start_database(folder: Path, secrets: Secrets) -> tuple[str, bool]:
    """Start the server that lies in a folder, made if there is none; one that runs is used.

    Returns SQLAlchemy's address, and whether it was started by this call. Raises MetadataNotStarted and
    ServerNeedsAnotherUser.
    """
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    with cluster.failures_as(MetadataNotStarted, folder):
        port, is_own = cluster.ensure_running(folder, secrets.database_password, 0)
        _create(port, secrets)
    return f"postgresql+psycopg2://{USER}:{secrets.metadata_password}@{HOST}:{port}/{NAME}", is_own


def stop_database(folder: Path) -> bool:
    """Stop the server; whether it ran."""
    if not cluster.runs(folder):
        return False
    cluster.stop(folder)
    return True


def _create(port: int, secrets: Secrets) -> None:
    """Airflow's user and its database. Done again where it was done."""
    facts = {"host": HOST, "port": str(port), "user": ADMIN, "password": secrets.database_password}
    with psycopg.connect(make_conninfo(**facts, dbname="postgres", connect_timeout="10"), autocommit=True) as one:
        name = sql.Identifier(NAME)
        if not one.execute("select 1 from pg_roles where rolname = %s", [USER]).fetchall():
            one.execute(sql.SQL("create role {} login").format(name))
        password = one.pgconn.encrypt_password(secrets.metadata_password.encode(), USER.encode(), b"scram-sha-256")
        one.execute(sql.SQL("alter role {} password {}").format(name, sql.Literal(password.decode())))
        if not one.execute("select 1 from pg_database where datname = %s", [NAME]).fetchall():
            one.execute(sql.SQL("create database {0} owner {0}").format(name))
        for other in ("postgres", "template1", NAME):
            one.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(other)))
