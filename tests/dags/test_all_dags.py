"""Rules that hold for every DAG, and the shape of the nightly load."""

import json
import os
import subprocess
import sys

import pytest

from vocabulary.orchestration import WRITER_POOL
from vocabulary.settings import PROJECT_ROOT

EXPECTED = {"nightly_load", "board_report", "backfill_year", "retention", "night_watch", "refresh_statbank"}
HEAVY = ("pandas", "duckdb", "great_expectations", "dbt", "pyarrow")
HEAVY += ("nightly", "ingest", "publish", "expectations", "warehouse")
PARSE = f"""
import json, sys
before = set(sys.modules)
from pathlib import Path
from airflow.dag_processing.dagbag import BundleDagBag
import airflow.sdk
loaded = set(sys.modules)
folder = Path({str(PROJECT_ROOT / "dags")!r})
bag = BundleDagBag(folder, bundle_path=folder, bundle_name="dags")
from airflow.providers.standard.operators.hitl import HITLOperator
print("RESULT" + json.dumps(dict(
    errors=bag.import_errors,
    new=sorted(name for name in sys.modules if name not in loaded),
    dags=[dict(
        id=dag.dag_id, doc=dag.doc_md or "", tags=sorted(dag.tags), catchup=dag.catchup,
        groups=[[name, child.label, sorted(task.task_id for task in child.iter_tasks())]
                for name, child in dag.task_group.children.items() if hasattr(child, "children")],
        paused=dag.is_paused_upon_creation,
        schedule=[getattr(dag.timetable, "expression", ""), str(getattr(dag.timetable, "timezone", ""))],
        tasks=[dict(
            id=task.task_id, owner=task.owner, retries=task.retries, pool=task.pool, queue=task.queue,
            timeout=task.execution_timeout is not None, down=sorted(task.downstream_task_ids),
            rule=task.trigger_rule.value, mapped=type(task).__name__, asks=isinstance(task, HITLOperator),
            patience=getattr(task, "response_timeout", None) is not None, xcom=getattr(task, "do_xcom_push", True),
            at_once=task.max_active_tis_per_dag,
        ) for task in dag.tasks],
    ) for dag in bag.dags.values()],
)))
"""


def parsed(home, **told):
    """What Airflow makes of dags/ with more variables of the environment."""
    environment = {
        **os.environ,
        **told,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
    }
    done = subprocess.run([sys.executable, "-c", PARSE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.split("RESULT")[1])


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    return parsed(tmp_path_factory.mktemp("airflow"), OMRAADETAL_QUEUE="")


@pytest.fixture(scope="module")
def tasks(bag):
    return {task["id"]: task for dag in bag["dags"] if dag["id"] == "nightly_load" for task in dag["tasks"]}


def test_every_file_imports_and_every_dag_is_there(bag):
    assert bag["errors"] == {}, "a DAG file does not import: run it with python to see why"
    assert {dag["id"] for dag in bag["dags"]} == EXPECTED, "add the new DAG to EXPECTED"


def test_every_dag_is_documented_tagged_and_does_not_catch_up(bag):
    for dag in bag["dags"]:
        assert len(dag["doc"]) > 200, f"{dag['id']}: write its runbook as the module docstring"
        assert dag["tags"], f"{dag['id']}: give it tags"
        assert not dag["catchup"], f"{dag['id']}: nights are caught up by as_of, not by catchup"


def test_every_task_has_an_owner_retries_and_a_timeout(bag):
    for dag in bag["dags"]:
        for task in dag["tasks"]:
            assert task["owner"] not in ("", "airflow"), f"{task['id']}: name an owner"
            if not task["asks"]:
                assert task["retries"] >= 1, f"{task['id']}: give it retries"
                assert task["timeout"], f"{task['id']}: give it an execution_timeout"


def test_a_person_is_asked_once_and_for_a_limited_time(bag):
    asking = [task for dag in bag["dags"] for task in dag["tasks"] if task["asks"]]
    assert asking
    for task in asking:
        assert task["patience"], f"{task['id']}: give it a response_timeout, else it holds every later run"
        assert task["retries"] == 0, f"{task['id']}: a retry would ask again"
        assert not task["xcom"], f"{task['id']}: the answer is kept in the journal, not in XCom"


def test_parsing_imports_nothing_heavy(bag):
    imported = {name.split(".")[0] for name in bag["new"]}
    assert imported & set(HEAVY) == set(), "import it inside the task"


def test_the_nightly_load_is_the_list_of_stages(tasks):
    stages = ["find_new_files", "ingest", "build", "check", "publish", "report", "notify", "tell_blocked"]
    assert [name for name in tasks if name in stages] == stages
    assert set(tasks) - set(stages) == {"needs_approval", "approve", "tell_held", "load_postgres"}
    assert "Mapped" in tasks["ingest"]["mapped"]
    assert tasks["build"]["rule"] == "none_failed", "a night without new files must still build"
    assert tasks["ingest"]["down"] == ["build"]


def test_a_blocked_night_is_told_beside_the_line_so_that_its_run_still_fails(tasks):
    assert tasks["tell_blocked"]["rule"] == "one_failed" and tasks["tell_blocked"]["down"] == []
    assert sorted(tasks["publish"]["down"]) == ["load_postgres", "report", "tell_blocked"]
    assert tasks["load_postgres"]["down"] == [], "a database that is away must not keep the news back"
    assert tasks["report"]["down"] == ["notify"]
    assert tasks["notify"]["rule"] == "all_success" and tasks["notify"]["down"] == []


def test_a_night_that_nobody_needs_to_approve_skips_the_approval(tasks):
    assert tasks["check"]["down"] == ["approve", "needs_approval", "publish"]
    assert tasks["needs_approval"]["down"] == ["approve", "publish", "tell_held"]
    assert tasks["approve"]["down"] == ["publish"] and tasks["approve"]["asks"]
    assert tasks["approve"]["rule"] == "all_success", "a night that is free must not ask"
    assert tasks["publish"]["rule"] == "none_failed", "a skipped approval must not keep a free night from publishing"


def test_whatever_writes_the_warehouse_takes_the_writer_pool(tasks):
    for name in ("build", "check", "needs_approval", "publish", "report"):
        assert tasks[name]["pool"] == WRITER_POOL


def test_all_tasks_go_into_the_queue_that_is_named_and_else_into_airflows_own(bag, tmp_path):
    assert {task["queue"] for dag in bag["dags"] for task in dag["tasks"]} == {"default"}
    named = parsed(tmp_path, OMRAADETAL_QUEUE="those_with_home")
    assert named["errors"] == {} and {dag["id"] for dag in named["dags"]} == EXPECTED
    assert {task["queue"] for dag in named["dags"] for task in dag["tasks"]} == {"those_with_home"}


def test_the_graph_opens_as_five_boxes_in_the_order_of_the_night_and_each_task_is_in_one(bag, tasks):
    groups = next(dag["groups"] for dag in bag["dags"] if dag["id"] == "nightly_load")
    assert [label for _, label, _ in groups] == ["Filer ind", "Byg og kontrol", "Godkendelse", "Udgivelse", "Besked"]
    assert sorted(name for _, _, members in groups for name in members) == sorted(tasks)


def test_the_night_begins_at_a_time_that_every_local_date_has_once(bag):
    schedule = next(dag["schedule"] for dag in bag["dags"] if dag["id"] == "nightly_load")
    (minute, hour, *_), zone = schedule[0].split(), schedule[1]
    assert "Europe/Copenhagen" in zone
    assert int(hour) not in (2, 3), "the clock changes between 02:00 and 03:00"
    assert minute.isdecimal()


def test_the_watch_asks_after_the_night_began_and_is_in_nobodys_way(bag):
    watch = next(dag for dag in bag["dags"] if dag["id"] == "night_watch")
    assert watch["schedule"][0] == "0 6 * * *" and "Europe/Copenhagen" in watch["schedule"][1]
    assert [task["pool"] for task in watch["tasks"]] == ["default_pool"], "a hanging night holds the writers' pool"


def test_the_refresh_of_statbank_waits_for_somebody_to_switch_it_on_and_is_in_nobodys_way(bag):
    refresh = next(dag for dag in bag["dags"] if dag["id"] == "refresh_statbank")
    assert refresh["paused"], "it needs the network, which nothing else here does"
    (minute, hour, day, *_), zone = refresh["schedule"][0].split(), refresh["schedule"][1]
    assert "Europe/Copenhagen" in zone and int(hour) > 8, "StatBank publishes at 08:00"
    assert int(day) <= 28 and minute.isdecimal(), "a day that every month has"
    tasks = {task["id"]: task for task in refresh["tasks"]}
    assert {task["pool"] for task in tasks.values()} == {"default_pool"}, "it writes no DuckDB"
    assert "Mapped" in tasks["refresh"]["mapped"] and tasks["refresh"]["at_once"] == 1, "one question at a time"


def test_dags_are_wiring_and_import_our_code_inside_tasks_only():
    for path in (PROJECT_ROOT / "dags").glob("*.py"):
        top = [line for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in top if line.split()[1].split(".")[0] in HEAVY], path.name
