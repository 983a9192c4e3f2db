"""What Airflow is started with on this machine, for one run without a server (`demo`) and for a standing one (`up`)."""

import os
import sys
from pathlib import Path

from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.paths import OWNER_ONLY_FOLDER, Paths

AIRFLOW = Path(sys.executable).with_name("airflow")

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
