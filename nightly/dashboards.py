"""Superset over the publication in force, for as long as somebody looks: its own environment, server and secrets."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

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
    publication in force. Raises SupersetMissing, SupersetFailed, PortTaken, NothingPublished, and what server and load
    raise.
    """
    # Starlette is imported by this command alone
    from publish.serving import open_socket, url_of

    if not (PROGRAMS / "superset").exists():
        raise SupersetMissing(folder=PROGRAMS.parent)
    folder = Paths.of(settings).superset
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    with _database(settings) as bi_url:
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
            with open_socket(port, usual=0) as opened:  # closed again: Superset opens it itself
                url = url_of(opened)
            server = subprocess.Popen(
                [PROGRAMS / "gunicorn", "--config", CONFIGS / "gunicorn_config.py", "--bind", urlsplit(url).netloc],
                cwd=folder,
                env=_environment(folder),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(url, server, log)
            yield Dashboards(url, "admin", password, server)
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The address that Superset reads from, for as long as it does."""
    if settings.bi_url:
        yield settings.bi_url
        return
    from publish.postgres.embedded import showing

    paths = Paths.of(settings)
    with showing(paths, in_force(paths)) as database:
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


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and server.poll() is None:
        try:
            if httpx.get(f"{url}health", trust_env=False, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise SupersetFailed(what="started", log=log)
