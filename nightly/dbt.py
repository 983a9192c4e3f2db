"""Run dbt as a command: one call per step, results read from run_results.json.

The run lock lets one call run at a time, so each step has one folder, which holds its last call.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from vocabulary.errors import DbtFailed, DiskFull
from vocabulary.settings import PROJECT_ROOT, is_secret
from warehouse.disk_full import tells_of_full_disk
from warehouse.whole_file import whole_file

log = logging.getLogger(__name__)

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
DBT = Path(sys.executable).with_name("dbt")
PARSED = "partial_parse.msgpack"
"""dbt's parse of the project, kept between runs because parsing takes as long as building; one for each target of the
profile, since dbt parses from the start when the target is another one."""


def _kept_parse(target: str, logs: Path) -> Path:
    """Beside the project, where every HOME finds it, or with the logs where the project can only be read."""
    folder = DBT_PROJECT / "target"
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        folder = logs
    return (folder if os.access(folder, os.W_OK) else logs) / f"{target}_{PARSED}"


def run_dbt(step: str, *, duckdb_file: Path, selector: str, logs: Path) -> dict[str, int]:
    """Build the models that a selector names, with their data tests, in `duckdb_file`.

    How each node ended and how long it took is logged, so that a run in Airflow shows it. Returns how many nodes ended
    in each status. Raises DbtFailed, which names the nodes that failed and the log;
    and DiskFull.
    """
    folder = logs / step
    target = folder / "target"
    shutil.rmtree(folder, ignore_errors=True)
    target.mkdir(parents=True)
    kept = _kept_parse(duckdb_file.stem, logs)
    if kept.exists():
        shutil.copyfile(kept, target / PARSED)
    options = {
        "--select": selector,
        "--exclude-resource-type": "unit_test",
        "--project-dir": DBT_PROJECT,
        "--profiles-dir": DBT_PROJECT,
        "--target-path": target,
        "--log-path": folder,
        "--target": duckdb_file.stem,
    }
    command = [
        str(DBT),
        "--no-use-colors",
        "--quiet",
        "build",
        *(str(word) for pair in options.items() for word in pair),
    ]
    # the profile names its files relative to the folder dbt is started in: an absolute path, new each night, would
    # make dbt parse the whole project again
    done = subprocess.run(
        command,
        cwd=duckdb_file.parent,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    results = _results(target / "run_results.json")
    for one in results:
        log.info("dbt %s: %s %s, %.2f s", step, one.node, one.status, one.seconds)
    if done.returncode and tells_of_full_disk(done.stdout + done.stderr):
        raise DiskFull(stage=step)
    if done.returncode:
        output = folder / "output.txt"
        output.write_text(done.stdout + done.stderr)
        failed = [f"{one.node} ({one.status})" for one in results if one.status in ("error", "fail", "runtime error")]
        raise DbtFailed(step=step, problems=", ".join(failed) or "before any model ran", log=output)
    if (target / PARSED).exists():
        with whole_file(kept) as fresh:  # another run may be reading it
            shutil.copyfile(target / PARSED, fresh)
    counts: dict[str, int] = {}
    for one in results:
        counts[one.status] = counts.get(one.status, 0) + 1
    return counts


def _environment() -> dict[str, str]:
    """What dbt is started with: no secret, since models and logs can print what is in the environment."""
    kept = {name: value for name, value in os.environ.items() if not is_secret(name)}
    return {**kept, "DO_NOT_TRACK": "1"}


@dataclass(frozen=True)
class NodeResult:
    """How a model or a test ended."""

    node: str
    status: str
    seconds: float


def _results(path: Path) -> list[NodeResult]:
    """In the order in which they ended."""
    if not path.exists():
        return []
    results = json.loads(path.read_text())["results"]
    return [NodeResult(one["unique_id"].split(".")[2], one["status"], one["execution_time"]) for one in results]
