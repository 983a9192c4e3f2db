"""Superset over the publication in force, for as long as somebody looks: its own environment, server and secrets."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from vocabulary.errors import SupersetFailed, SupersetMissing
from vocabulary.settings import PROJECT_ROOT, Settings, is_secret
from warehouse.paths import OWNER_ONLY_FOLDER, Paths
from warehouse.publications import in_force
from warehouse.store import Folder

PROGRAMS = PROJECT_ROOT / ".superset" / "bin"
"""Where `make superset` puts Superset, whose libraries do not go together with ours."""

CONFIGS = PROJECT_ROOT / "publish" / "superset"
BI_URL = "OMRAADETAL_BI_URL"
DASHBOARD = "superset/dashboard/omraadetal/"
ADDRESS = "127.0.0.1"
STARTS_WITHIN = 180
"""Seconds."""


@dataclass(frozen=True)
class Dashboards:
    """A Superset that answers: where, and how to log in."""

    url: str
    user: str
    password: str = field(repr=False)
    server: subprocess.Popen = field(repr=False)

    @property
    def dashboard_url(self) -> str:
        return self.url + DASHBOARD


@contextmanager
def open_dashboards(settings: Settings, *, port: int | None = None) -> Iterator[Dashboards]:
    """Start Superset on this machine with our dashboards, and what it reads; both are stopped at the end.

    It reads the database of OMRAADETAL_BI_URL as a user who may only read; without one an embedded PostgreSQL with the
    publication in force. Raises SupersetMissing, SupersetFailed, NothingPublished, and what server and load raise.
    """
    if not (PROGRAMS / "superset").exists():
        raise SupersetMissing(folder=PROGRAMS.parent)
    paths = Paths.of(settings)
    folder = paths.superset
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    with nullcontext(settings.bi_url) if settings.bi_url else _embedded(paths) as bi_url:
        password = _secret(folder, "admin_password")
        environment = _environment(folder) | {BI_URL: bi_url, "SUPERSET_ADMIN_PASSWORD": password}
        log = folder / "superset.log"
        with log.open("w") as output:
            done = subprocess.run(
                [PROGRAMS / "python", "-m", "publish.superset.set_up"],
                cwd=PROJECT_ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                raise SupersetFailed(what="set up", log=log)
            number = _free(port)
            server = subprocess.Popen(
                [PROGRAMS / "gunicorn", "--config", CONFIGS / "gunicorn_config.py", "--bind", f"{ADDRESS}:{number}"],
                cwd=folder,
                env=_environment(folder),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            url = f"http://{ADDRESS}:{number}/"
            _wait(url, server, log)
            yield Dashboards(url, "admin", password, server)
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def _embedded(paths: Paths) -> Iterator[str]:
    from publish.postgres.loading import load
    from publish.postgres.server import start

    folder = in_force(paths)
    with start(paths) as database:
        load(database.admin_url, folder)
        yield database.bi_url


def _environment(folder: Path) -> dict[str, str]:
    """What Superset is started with: none of our secrets, and its own key."""
    kept = {name: value for name, value in os.environ.items() if not is_secret(name)}
    return kept | {
        "PYTHONPATH": str(PROJECT_ROOT),
        "SUPERSET_CONFIG_PATH": str(CONFIGS / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "SUPERSET_SECRET_KEY": _secret(folder, "secret_key"),
    }


def _secret(folder: Path, name: str) -> str:
    """Made once, for the owner alone; whoever deletes the file gets another."""
    if not (folder / name).exists():
        Folder.at(str(folder)).write(secrets.token_urlsafe(32).encode(), name)
    return (folder / name).read_text()


def _free(port: int | None) -> int:
    with socket.create_server((ADDRESS, port or 0)) as opened:
        return opened.getsockname()[1]


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and server.poll() is None:
        try:
            if httpx.get(f"{url}health", trust_env=False, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise SupersetFailed(what="started", log=log)
