"""What Airflow is started with on this machine, for one run without a server (`demo`) and for a standing one (`up`)."""

import os
import sys
from pathlib import Path

from nightly.local_airflow.secrets import PASSWORDS_FILE, USER, Secrets
from vocabulary.settings import PROJECT_ROOT, Settings, is_secret
from warehouse.paths import OWNER_ONLY_FOLDER, Paths

AIRFLOW = Path(sys.executable).with_name("airflow")

HOST = "127.0.0.1"
TASKS_AT_ONCE = "4"
AUTH_MANAGER = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"

DISCRETION = {
    # Airflow sets these modes itself, whatever the umask
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
    # its default asks a name server what this machine is called
    "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
    # where this is set to anything, Airflow's tracebacks show local variables: of ingest, the rows of a delivery
    "DEV": "",
}
"""What keeps Airflow from telling others."""


def airflow_environment(settings: Settings, paths: Paths, database: str) -> dict[str, str]:
    """The environment in which Airflow finds our DAGs and this HOME, and keeps its own files inside it.

    `database` is SQLAlchemy's address of its metadata.
    """
    paths.airflow.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    return {
        **os.environ,
        "OMRAADETAL_HOME": str(paths.home),
        "OMRAADETAL_LANDING": settings.landing,
        "AIRFLOW_HOME": str(paths.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        **DISCRETION,
    }


def standing_environment(airflow: Path, secrets: Secrets, port: int) -> dict[str, str]:
    """What a standing Airflow needs beside that. Secrets go by the environment, never by an argument.

    `airflow` is the folder of its files, `port` that of its API server.
    """
    return {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": TASKS_AT_ONCE,
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet_key,
        "AIRFLOW__CORE__AUTH_MANAGER": AUTH_MANAGER,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(airflow / PASSWORDS_FILE),
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


def of_part(part: str, environment: dict[str, str]) -> dict[str, str]:
    """What one of Airflow's processes gets of it: tasks run under the scheduler, so only that has our own secrets."""
    if part == "scheduler":
        return environment
    own = [name for name in environment if name.startswith("OMRAADETAL_") and is_secret(name)]
    return {name: value for name, value in environment.items() if name not in own}
