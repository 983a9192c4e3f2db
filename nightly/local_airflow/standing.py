"""The real Airflow on this machine, standing: started by `omraadetal up`, stopped by `omraadetal down`."""

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from nightly.local_airflow.database import start_database, stop_database
from nightly.local_airflow.environment import AIRFLOW, airflow_environment
from nightly.local_airflow.processes import Processes, kill
from nightly.local_airflow.secrets import PASSWORDS_FILE, USER, Secrets, new_password
from vocabulary.errors import AirflowNotStarted
from vocabulary.settings import Settings, is_secret
from warehouse.paths import OWNER_ONLY_FOLDER, Paths, owner_only
from warehouse.store import Folder

PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")
"""Airflow's processes, in the order in which they are started; they are stopped in the opposite one."""

OPTIONS = {"scheduler": ("--skip-serve-logs",), "triggerer": ("--skip-serve-logs",)}
"""Their servers for logs would listen on every address; the API server finds the logs in the same folder."""

HEALTH = {"metadatabase": "", "scheduler": "scheduler", "dag_processor": "dag-processor", "triggerer": "triggerer"}
"""What the API server says of itself and the others, and the process that each is."""

POOL = ("warehouse_writer", "1", "Opgaver, der skriver i DuckDB, en ad gangen")
WORKER, IDLE = "LocalExecutor:", "<idle>"
"""In what the workers of a scheduler call themselves."""

STARTS_WITHIN = 300.0
"""Seconds."""

LOOK_SECONDS = 1.0
HOST = "127.0.0.1"
USUAL_PORT = 8080
PORT_FILE = "port"
DATABASE = "postgres"
TASKS_AT_ONCE = "4"


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


def up(settings: Settings, port: int | None, progress: Callable[[str], None] = lambda line: None) -> Standing:
    """Start what does not run yet of Airflow and its database, and wait until all of it is healthy.

    Without a port the usual one, or one that is free. Raises PortTaken, AirflowNotStarted, which names the log, and
    what the database raises; what this call started is stopped then.
    """
    with owner_only():
        paths = Paths.of(settings)
        paths.create()
        processes = Processes(paths.airflow)
        paths.airflow.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
        running = processes.running()
        secrets = Secrets.of(paths.airflow)
        password = new_password(paths.airflow)
        port = _kept_port(paths) if "api-server" in running else _free(port)
        database = start_database(paths.airflow / DATABASE, secrets.database_password)
        environment = airflow_environment(settings, paths, database) | _standing(paths, secrets, port)
        url = f"http://{HOST}:{port}/"
        missing = [part for part in PARTS if part not in running]
        try:
            if missing:
                progress("database  migrating Airflow's metadata")
                _run(processes, environment, "db", "migrate")
                _run(processes, environment, "pools", "set", *POOL)
            Folder.at(str(paths.airflow)).write(str(port).encode(), PORT_FILE)
            for part in missing:
                # an idle worker takes no SIGTERM, and has nothing to lose
                kill([one for one in processes.left_behind(part) if not _is_at_work(one)])
                progress(f"starting  {part}")
                processes.start(part, [str(AIRFLOW), part, *OPTIONS.get(part, ())], _of_part(part, environment))
            _wait(processes, url, progress)
        except BaseException:
            for part in reversed(missing):
                processes.stop(part)
            if len(missing) == len(PARTS):
                stop_database(paths.airflow / DATABASE)
            raise
        return Standing(url, USER, password, paths.airflow / PASSWORDS_FILE, tuple(missing))


def down(settings: Settings, progress: Callable[[str], None] = lambda line: None) -> list[str]:
    """Stop what `up` started, the tasks that run included; what was stopped. Nothing else is touched."""
    paths = Paths.of(settings)
    processes = Processes(paths.airflow)
    stopped = []
    for part in sorted(processes.names(), reverse=True, key=lambda name: (name in PARTS, _place(name))):
        if processes.stop(part):
            progress(f"stopped   {part}")
            stopped.append(part)
    if stop_database(paths.airflow / DATABASE):
        progress("stopped   database")
        stopped.append("database")
    return stopped


def _of_part(part: str, environment: dict[str, str]) -> dict[str, str]:
    """Tasks run under the scheduler, so only that is given our own secrets."""
    if part == "scheduler":
        return environment
    own = [name for name in environment if name.startswith("OMRAADETAL_") and is_secret(name)]
    return {name: value for name, value in environment.items() if name not in own}


def _place(name: str) -> int:
    return PARTS.index(name) if name in PARTS else -1


def _is_at_work(process: psutil.Process) -> bool:
    """Whether it runs a task for a scheduler that was killed, or is such a task: it may end what it has begun."""
    with suppress(psutil.NoSuchProcess):
        workers = [" ".join(one.cmdline()) for one in (process, *process.parents())]
        return any(WORKER in title and IDLE not in title for title in workers)
    return False


def _standing(paths: Paths, secrets: Secrets, port: int) -> dict[str, str]:
    """What a standing Airflow needs beside what every one does. Secrets go by the environment, never by an argument."""
    return {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": TASKS_AT_ONCE,
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet_key,
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(paths.airflow / PASSWORDS_FILE),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.jwt_secret,
        "AIRFLOW__API__SECRET_KEY": secrets.api_secret,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__INSTANCE_NAME": "Områdetal",
        # what a scheduler that was killed left behind is taken up within a minute
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",
        # tasks and the API server talk on this machine, whatever proxy the user has
        "NO_PROXY": ",".join(filter(None, (HOST, "localhost", os.environ.get("NO_PROXY")))),
        "no_proxy": ",".join(filter(None, (HOST, "localhost", os.environ.get("no_proxy")))),
    }


def _kept_port(paths: Paths) -> int:
    """That of the API server that runs: others that are started again must find it."""
    return int((paths.airflow / PORT_FILE).read_text())


def _free(port: int | None) -> int:
    from publish.serving import open_socket

    with open_socket(port, usual=USUAL_PORT) as opened:  # closed again: Airflow opens it itself
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


def _wait(processes: Processes, url: str, progress: Callable[[str], None]) -> None:
    """Until all are healthy; a word for each that has become so."""
    ends = time.monotonic() + STARTS_WITHIN
    well: set[str] = set()
    while True:
        running = processes.running()
        dead = [part for part in PARTS if part not in running]
        if dead:
            raise AirflowNotStarted(part=dead[0], log=processes.log(dead[0]))
        told = _health(url)
        for name, part in HEALTH.items():
            if told.get(name) == "healthy" and name not in well:
                well.add(name)
                progress(f"healthy   {part or 'api-server, database'}")
        if well == HEALTH.keys():
            return
        if time.monotonic() > ends:
            late = next(part or "api-server" for name, part in HEALTH.items() if name not in well)
            raise AirflowNotStarted(part=late, log=processes.log(late))
        time.sleep(LOOK_SECONDS)


def _health(url: str) -> dict[str, str]:
    try:
        answer = httpx.get(f"{url}api/v2/monitor/health", trust_env=False, timeout=10)
        answer.raise_for_status()
    except httpx.HTTPError:  # not there yet
        return {}
    return {name: part["status"] for name, part in answer.json().items()}
