"""`omraadetal demo`, what `make run` calls: the real nightly_load DAG through Airflow, then a summary."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import typer

from cli.options import AsOfOption, HomeOption, LandingOption, day, settings_for
from cli.summary import print_summary
from nightly import stages
from nightly.holding import refuse_held
from nightly.local_airflow.environment import AIRFLOW, airflow_environment
from publish.pages import REPORT_FILE, REPORT_FOLDER
from vocabulary.errors import DagFailed
from vocabulary.settings import Settings
from warehouse.ledger import Ledger
from warehouse.paths import Paths

WAITS_FOR_A_PERSON = "Waiting for Human-in-the-loop input"
"""What `airflow dags test` says while a task waits; without a server nobody can answer it there."""

STAGES = ("find_new_files", "ingest", "build", "check", "publish", "report", "notify")


def demo(landing: LandingOption = None, home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Run the nightly_load DAG once through Airflow, on one machine without a server, and print a summary.

    Airflow's metadata is SQLite in the folder airflow of HOME. Exit code 1 when a task fails; the log is named. A night
    that is held is left to `omraadetal approve` (exit code 3).
    """
    settings = settings_for(home, landing)
    paths = Paths.of(settings)
    paths.create()
    environment = sqlite_environment(settings, paths)
    log = paths.logs / "nightly_load.log"
    read_before = _files_read(settings)
    typer.echo("Airflow: preparing metadata ...")
    _run([str(AIRFLOW), "db", "migrate"], environment, paths.logs / "airflow_db.log")
    typer.echo(f"Airflow: running nightly_load as of {day(as_of)} on {settings.landing}")
    conf = json.dumps({"as_of": day(as_of).isoformat()})
    command = [str(AIRFLOW), "dags", "test", "nightly_load", "--conf", conf]
    for line in _stream(command, environment, log):
        typer.echo(line)
    refuse_held(settings, stages.latest_build(settings).build_id)
    for line in stages.find_new(settings, day(as_of)).passed_over:
        typer.echo(f"  passed over {line}")
    publication = paths.find_publication(stages.latest_build(settings).publication_id or "")
    files_read = _files_read(settings) - read_before
    print_summary(settings, publication, publication / REPORT_FOLDER / REPORT_FILE, files_read=files_read)


def sqlite_environment(settings: Settings, paths: Paths) -> dict[str, str]:
    """That of one run without a server; nobody waits ten minutes for a second try."""
    environment = airflow_environment(settings, paths, f"sqlite:///{paths.airflow / 'airflow.db'}")
    return environment | {"OMRAADETAL_TASK_RETRIES": "0"}


def _files_read(settings: Settings) -> int:
    return len(Ledger.of(settings).records())


def _run(command: list[str], environment: dict[str, str], log: Path) -> None:
    with log.open("w") as file:
        done = subprocess.run(command, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise DagFailed(what=" ".join(command[1:]), why="See the log.", log=log)


def _stream(command: list[str], environment: dict[str, str], log: Path) -> Iterator[str]:
    """Run a DAG, keep its output in `log`, and yield a line as each stage begins."""
    begun: set[str] = set()
    with (
        log.open("w") as file,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            file.flush()
            for stage in STAGES:
                if stage not in begun and f"task_id={stage}" in line:
                    begun.add(stage)
                    yield f"  {stage}"
            if WAITS_FOR_A_PERSON in line:
                process.kill()  # Airflow takes no SIGTERM while it runs a DAG in its own process
                return
    if process.returncode:
        raise DagFailed(what="nightly_load", why=_why(log), log=log)


def _why(log: Path) -> str:
    """The message with which a stage failed, if it was one of the catalogue's."""
    found = re.findall(r"(?:AirflowFailException|vocabulary\.errors\.\w+): (.+)", log.read_text(errors="replace"))
    return found[-1].strip() if found else "See the log."
