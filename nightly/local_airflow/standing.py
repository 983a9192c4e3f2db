"""The real Airflow on this machine, standing: started by `omraadetal up`, stopped by `omraadetal down`."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from nightly.local_airflow.database import start_database, stop_database
from nightly.local_airflow.environment import AIRFLOW, HOST, airflow_environment, of_part, standing_environment
from nightly.local_airflow.health import HEALTH, wait_until_well
from nightly.local_airflow.processes import Processes, kill
from nightly.local_airflow.secrets import PASSWORDS_FILE, USER, Secrets, new_password
from vocabulary.errors import AirflowNotStarted
from vocabulary.orchestration import WRITER_POOL, WRITER_POOL_TOLD_DA, WRITER_SLOTS
from vocabulary.settings import Settings
from warehouse.paths import OWNER_ONLY_FOLDER, Paths, owner_only
from warehouse.store import Folder

PARTS = tuple(HEALTH.values())
"""Airflow's processes, in the order in which they are started; they are stopped in the opposite one."""

OPTIONS = {"scheduler": ("--skip-serve-logs",), "triggerer": ("--skip-serve-logs",)}
"""Their servers for logs would listen on every address; the API server finds the logs in the same folder."""

WORKER, IDLE = "LocalExecutor:", "<idle>"
"""In what the workers of a scheduler call themselves."""

USUAL_PORT = 8080
PORT_FILE = "port"
DATABASE = "postgres"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Standing:
    """An Airflow that answers. `password` where it was made just now; it lies in `password_file` in any case.

    `started` are the processes that did not run before.
    """

    url: str
    user: str
    password: str | None = field(repr=False)
    password_file: Path
    started: tuple[str, ...]


def up(settings: Settings, port: int | None, progress: Progress = lambda line: None) -> Standing:
    """Start what does not run yet of Airflow and its database, and wait until all of it is healthy.

    Without a port the last one or the usual one, or one that is free. What runs over a database that has died is
    started again with it. Raises PortTaken, AirflowNotStarted, which names the log, and what the database raises; what
    this call started is stopped then.
    """
    with owner_only():
        paths = Paths.of(settings)
        paths.create()
        paths.airflow.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
        with _alone(paths, progress):
            return _up(settings, paths, port, progress)


def _up(settings: Settings, paths: Paths, port: int | None, progress: Progress) -> Standing:
    processes = Processes(paths.airflow)
    secrets = Secrets.of(paths.airflow)
    password = new_password(paths.airflow)
    database, database_is_new = start_database(paths.airflow / DATABASE, secrets)
    running = processes.running()
    if database_is_new:  # what ran without one looks for it where it was, if it has not given up
        for part in running:
            progress(f"stopped   {part}, whose database had died")
            processes.stop(part)
        running = {}
    missing = [part for part in PARTS if part not in running]
    try:
        kept = _kept_port(paths)
        port = kept if "api-server" in running else _free(port, usual=kept)
        url = f"http://{HOST}:{port}/"
        environment = airflow_environment(settings, paths, database)
        environment |= standing_environment(paths.airflow, secrets, port)
        if missing:
            progress("database  migrating Airflow's metadata")
            _run(processes, environment, "db", "migrate")
            _run(processes, environment, "pools", "set", WRITER_POOL, str(WRITER_SLOTS), WRITER_POOL_TOLD_DA)
        Folder.at(str(paths.airflow)).write(str(port).encode(), PORT_FILE)
        for part in missing:
            # an idle worker takes no SIGTERM, and has nothing to lose
            kill([one for one in processes.left_behind(part) if not _is_at_work(one)])
            progress(f"starting  {part}")
            processes.start(part, [str(AIRFLOW), part, *OPTIONS.get(part, ())], of_part(part, environment))
        wait_until_well(processes, url, progress)
    except BaseException:
        for part in reversed(missing):
            processes.stop(part)
        if database_is_new:
            stop_database(paths.airflow / DATABASE)
        raise
    return Standing(url, USER, password, paths.airflow / PASSWORDS_FILE, tuple(missing))


def down(settings: Settings, progress: Progress = lambda line: None) -> list[str]:
    """Stop what `up` started, the tasks that run included; what was stopped. Nothing else is touched."""
    paths = Paths.of(settings)
    if not paths.airflow.exists():
        return []
    processes = Processes(paths.airflow)
    stopped = []
    with _alone(paths, progress):
        for part in sorted(processes.names(), reverse=True, key=lambda name: (name in PARTS, _place(name))):
            if processes.stop(part):
                progress(f"stopped   {part}")
                stopped.append(part)
        if stop_database(paths.airflow / DATABASE):
            progress("stopped   database")
            stopped.append("database")
    return stopped


@contextmanager
def _alone(paths: Paths, progress: Progress) -> Iterator[None]:
    """One `up` or `down` at a time; a second one waits, and then finds what the first has done."""
    lock = FileLock(paths.airflow / "up.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("waiting   another `up` or `down` works on the same HOME")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _place(name: str) -> int:
    return PARTS.index(name) if name in PARTS else -1


def _is_at_work(process: psutil.Process) -> bool:
    """Whether it runs a task for a scheduler that was killed, or is such a task: it may end what it has begun."""
    with suppress(psutil.NoSuchProcess):
        workers = [" ".join(one.cmdline()) for one in (process, *process.parents())]
        return any(WORKER in title and IDLE not in title for title in workers)
    return False


def _kept_port(paths: Paths) -> int:
    """That of the API server that runs, which others that are started again must find; or of the last one."""
    kept = paths.airflow / PORT_FILE
    return int(kept.read_text()) if kept.exists() else USUAL_PORT


def _free(port: int | None, *, usual: int) -> int:
    from publish.serving import open_socket

    with open_socket(port, usual=usual) as opened:  # closed again: Airflow opens it itself
        return opened.getsockname()[1]


def _run(processes: Processes, environment: dict[str, str], *words: str) -> None:
    """An Airflow command that ends by itself."""
    log = processes.log("airflow_setup")
    with log.open("ab") as output:
        done = subprocess.run(
            [str(AIRFLOW), *words], env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise AirflowNotStarted(part=" ".join(words[:2]), log=log)
