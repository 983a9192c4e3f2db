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

from tests.end_to_end.collector import collecting
from vocabulary.settings import PROJECT_ROOT
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import read_publication

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
SAMPLES = PROJECT_ROOT / "samples" / "landing"
pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """HOME of a run of the demo, what it said, and the events of OpenLineage that it was told to send."""
    home = tmp_path_factory.mktemp("demo")
    with collecting() as (address, sent):
        environment = {
            **os.environ,
            "COLUMNS": "160",
            "OMRAADETAL_HOLD_RESTATEMENTS": "yes",  # a night that restates nothing passes the approval by
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps({"type": "http", "url": address}),
        }
        command = [PROGRAM, "demo", "--as-of", "2025-11-01", "--home", str(home)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return home, done, [json.loads(body) for body in sent]


def test_the_demo_runs_the_dag_and_ends_with_a_summary(demo, sample_night):
    home, done, _ = demo
    log = home / "logs" / "nightly_load.log"
    assert done.returncode == 0, done.stderr + log.read_text()[-3000:]
    stages = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert stages[:7] == ["find_new_files", "ingest", "build", "check", "publish", "report", "notify"]
    warnings = read_publication(sample_night[1].publication)["flags_by_severity"]["warns"]
    for words in ("22 read tonight", "12.381", "1.663", "nået", f"warns: {warnings}", "rapport.html"):
        assert words in done.stdout
    # the same content as the same night without Airflow is the same publication
    assert Paths(home).current.resolve().name == sample_night[1].publication.name
    assert (Paths(home).current / PUBLICATION_FILE).exists()
    assert "vejledninger_2021" not in log.read_text().split("Pushing xcom")[1].splitlines()[0]
    for step, model in (("build", "indicator_figure"), ("publish", "fct_figure")):
        assert re.search(rf"dbt {step}: {model} success, \d+\.\d\d s", log.read_text()), "how each model ended"
    told = events(home)
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


def test_lineage_tells_every_task_and_asset_by_name_and_no_file_person_or_setting(demo):
    _, _, told = demo
    ended = {event["job"]["name"] for event in told if event["eventType"] == "COMPLETE"}
    stages = ("find_new_files", "ingest", "build", "check", "publish", "report", "notify")
    assert ended >= {"nightly_load", *(f"nightly_load.{stage}" for stage in stages)}
    text = json.dumps(told, ensure_ascii=False)
    sources = {path.name for path in SAMPLES.iterdir() if path.is_dir()}
    assert sources and all(f"omraadetal://sources/{source}" in text for source in sources)
    assert "omraadetal://marts" in text and "omraadetal://reports" in text
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    persons = {found for path in files for found in re.findall(rb"\b\d{6}-?\d{4}\b", path.read_bytes())}
    assert len(persons) > 100
    secret = [os.environ["OMRAADETAL_PSEUDONYM_KEY"], os.environ["OMRAADETAL_ERASURES"]]
    unsaid = [*(path.name for path in files), *map(bytes.decode, persons), *secret]
    assert not [one for one in unsaid if one in text]


@pytest.mark.parametrize("told", [{}, {"AIRFLOW__OPENLINEAGE__TRANSPORT": ""}], ids=["unset", "empty"])
def test_lineage_is_off_where_nobody_says_where_to(tmp_path, told):
    inherited = {name: value for name, value in os.environ.items() if "OPENLINEAGE" not in name}
    program = "from airflow.providers.openlineage.plugins.openlineage import OpenLineageProviderPlugin as plugin\n"
    program += "from airflow.providers.openlineage.conf import is_disabled; print(is_disabled(), plugin.listeners)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**inherited, **told, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "True []"


def test_a_landing_zone_that_is_missing_fails_the_run_and_names_the_log(tmp_path):
    command = [PROGRAM, "demo", "--landing", str(tmp_path / "gone")]
    done = subprocess.run([*command, "--home", str(tmp_path / "home")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nightly_load.log" in done.stderr and "Traceback" not in done.stderr
    assert "does not exist or is not a folder" in done.stderr
    assert "gone does not exist" in (tmp_path / "home" / "logs" / "nightly_load.log").read_text()
