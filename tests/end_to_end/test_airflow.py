"""`make run` without make: the real nightly_load DAG, through Airflow, as a new user starts it."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import read_publication


@pytest.mark.airflow
def test_the_demo_runs_the_dag_and_ends_with_a_summary(tmp_path, sample_night):
    command = [
        str(Path(sys.executable).with_name("omraadetal")),
        "demo",
        "--as-of",
        "2025-11-01",
        "--home",
        str(tmp_path),
    ]
    # a night that restates nothing passes the approval by
    environment = {**os.environ, "COLUMNS": "160", "OMRAADETAL_HOLD_RESTATEMENTS": "yes"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    log = tmp_path / "logs" / "nightly_load.log"
    assert done.returncode == 0, done.stderr + log.read_text()[-3000:]
    stages = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert stages[:7] == ["find_new_files", "ingest", "build", "check", "publish", "report", "notify"]
    warnings = read_publication(sample_night[1].publication)["flags_by_severity"]["warns"]
    for words in ("22 read tonight", "12.381", "1.663", "nået", f"warns: {warnings}", "rapport.html"):
        assert words in done.stdout
    # the same content as the same night without Airflow is the same publication
    assert Paths(tmp_path).current.resolve().name == sample_night[1].publication.name
    assert (Paths(tmp_path).current / PUBLICATION_FILE).exists()
    assert "vejledninger_2021" not in log.read_text().split("Pushing xcom")[1].splitlines()[0]
    for step, model in (("build", "indicator_figure"), ("publish", "fct_figure")):
        assert re.search(rf"dbt {step}: {model} success, \d+\.\d\d s", log.read_text()), "how each model ended"
    told = events(tmp_path)
    publication = read_publication(sample_night[1].publication)
    assert told["marts"]["publication_id"] == told["reports"]["publication_id"] == publication["publication_id"]
    assert told["marts"]["rows"]["marts.fct_figure"] == publication["tables"]["marts.fct_figure"]["rows"]
    assert told["source_vejledninger"] == {
        "files": 6,
        "files_loaded": 6,
        "rows_loaded": 10356,
        "rows_quarantined": 66,
    }
    assert "vejledninger_20" not in json.dumps(told), "no event carries a file's name"


def events(home):
    """What Airflow was told for others to be scheduled on, by asset."""
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as connection:
        rows = connection.execute(
            "select asset.name, asset_event.extra from asset_event join asset on asset.id = asset_event.asset_id"
        ).fetchall()
    return {name: json.loads(extra) for name, extra in rows}


@pytest.mark.airflow
def test_a_landing_zone_that_is_missing_fails_the_run_and_names_the_log(tmp_path):
    command = [str(Path(sys.executable).with_name("omraadetal")), "demo", "--landing", str(tmp_path / "gone")]
    done = subprocess.run([*command, "--home", str(tmp_path / "home")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nightly_load.log" in done.stderr and "Traceback" not in done.stderr
    assert "does not exist or is not a folder" in done.stderr
    assert "gone does not exist" in (tmp_path / "home" / "logs" / "nightly_load.log").read_text()
