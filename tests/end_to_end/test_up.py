"""Airflow as `omraadetal up` leaves it standing: the scheduler runs the night, also when it is killed in the middle."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from nightly.local_airflow.health import is_well
from nightly.local_airflow.processes import Processes
from nightly.local_airflow.standing import PARTS
from publish.postgres import cluster
from tests.end_to_end.collector import collecting
from vocabulary.settings import PROJECT_ROOT
from warehouse.journal import Journal
from warehouse.paths import Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
pytestmark = pytest.mark.airflow

PATIENCE = 1500.0
"""Seconds; only what hangs takes so long."""


def omraadetal(*words, home):
    return subprocess.run([PROGRAM, *words, "--home", str(home)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def collector():
    """A collector of OpenTelemetry's metrics: its address, and what was sent to it."""
    with collecting() as one:
        yield one


@pytest.fixture(scope="module")
def standing(tmp_path_factory, collector):
    """HOME of an Airflow that stands, what `up` said, and a client that has logged in."""
    home = tmp_path_factory.mktemp("up") / "home"
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        port = one.getsockname()[1]
    words = [PROGRAM, "up", "--port", str(port), "--home", str(home)]
    metrics = {
        "AIRFLOW__METRICS__OTEL_ON": "True",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector[0],
        "OTEL_METRIC_EXPORT_INTERVAL": "5000",
    }
    try:
        # two at once: one starts all of it, the other waits and finds it there
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": os.environ | metrics}
        two = [subprocess.Popen(words, **options) for _ in range(2)]
        told = [one.communicate() for one in two]
        assert [one.returncode for one in two] == [0, 0], told
        said, other = sorted((out for out, _ in told), key=lambda out: "running already" in out)
        assert "waiting" in other and "starting" not in other
        password = json.loads((home / "airflow" / "passwords.json").read_text())["admin"]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            answer = client.post("/auth/token", json={"username": "admin", "password": password})
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield Paths(home), said, client
    finally:
        omraadetal("down", home=home)


def until(ask):
    """Ask again until there is an answer."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if answer := ask():
            return answer
        time.sleep(1)
    raise AssertionError("it hangs")


def run_of(client, as_of):
    """Trigger a night and return what asks for its state."""
    until(lambda: client.get("/api/v2/dags/nightly_load").is_success)
    asked = {"logical_date": None, "conf": {"as_of": as_of}}
    answer = client.post("/api/v2/dags/nightly_load/dagRuns", json=asked)
    assert answer.is_success, answer.text
    path = f"/api/v2/dags/nightly_load/dagRuns/{answer.json()['dag_run_id']}"
    return lambda: client.get(path).json()["state"], f"{path}/taskInstances"


def in_sessions(numbers):
    """Processes of the sessions that were started with these numbers, without ended ones that nobody has waited for."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(process.pid) in numbers and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def title_of(process):
    """Its command line, empty where it has ended since it was listed."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def test_up_says_how_to_log_in_once_and_keeps_its_secrets_to_the_owner(standing):
    paths, said, client = standing
    password = json.loads((paths.airflow / "passwords.json").read_text())["admin"]
    assert str(client.base_url) in said and password in said
    again = omraadetal("up", home=paths.home)
    assert again.returncode == 0 and "running already" in again.stdout
    assert password not in again.stdout and str(client.base_url) in again.stdout
    for name in ("passwords.json", "secrets.json", "processes.json"):
        assert stat.S_IMODE((paths.airflow / name).stat().st_mode) == 0o600
    kept = {password, *json.loads((paths.airflow / "secrets.json").read_text()).values()}
    for process in Processes(paths.airflow).running().values():
        for one in (process, *process.children(recursive=True)):
            assert not [secret for secret in kept if secret in title_of(one)]
    for log in paths.airflow.glob("*.log"):
        assert not [secret for secret in kept if secret in log.read_text(errors="replace")], log.name


def test_a_first_time_user_sees_the_dags_in_danish(standing):
    _, _, client = standing
    dags = until(lambda: (found := client.get("/api/v2/dags").json()["dags"]) and len(found) == 6 and found)
    assert {dag["dag_display_name"] for dag in dags} == {
        "Natlig indlæsning",
        "Efterkørsel",
        "Rapport til bestyrelsen",
        "Sletning efter frister",
        "Nattevagt",
        "Hent tabeller fra Statistikbanken",
    }
    assert all(dag["is_paused"] and dag["description"] for dag in dags)
    assert httpx.get(f"{client.base_url}/api/v2/dags", trust_env=False).status_code == 401


def test_the_last_word_of_one_that_was_killed_is_no_sign_of_life():
    this = psutil.Process()
    told = {"status": "healthy", "latest_scheduler_heartbeat": "2025-11-01T02:30:00+00:00"}
    assert not is_well("scheduler", told, this)
    beat = datetime.fromtimestamp(this.create_time() + 1, UTC).isoformat()
    assert is_well("scheduler", told | {"latest_scheduler_heartbeat": beat}, this)
    assert is_well("metadatabase", {"status": "healthy"}, this) and not is_well("scheduler", {}, this)


def test_airflow_is_nobody_outside_its_own_database(standing):
    paths, _, _ = standing
    kept = json.loads((paths.airflow / "secrets.json").read_text())
    folder = paths.airflow / "postgres"
    facts = {"host": "127.0.0.1", "port": cluster.port_in_use(folder), "user": "airflow"}
    with psycopg.connect(**facts, password=kept["metadata_password"], dbname="airflow") as one:
        told = one.execute("select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = 'airflow'")
        assert told.fetchall() == [(False, False, False)]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(**facts, password=kept["metadata_password"], dbname="postgres")


def test_a_database_that_died_alone_comes_back_with_all_that_needs_it(standing):
    paths, _, client = standing
    folder = paths.airflow / "postgres"
    before = {one.pid for one in Processes(paths.airflow).running().values()}
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
    until(lambda: not cluster.runs(folder))
    again = omraadetal("up", home=paths.home)
    assert again.returncode == 0, again.stdout + again.stderr
    running = Processes(paths.airflow).running()
    assert running.keys() == set(PARTS) and not before & {one.pid for one in running.values()}
    assert str(client.base_url) in again.stdout and client.get("/api/v2/dags").is_success


@pytest.fixture(scope="module")
def killed():
    """Numbers of schedulers that a test has killed."""
    return []


def test_the_scheduler_runs_a_night_to_the_end_though_it_is_killed_in_the_middle(standing, killed):
    paths, _, client = standing
    state, tasks = run_of(client, "2025-11-01")
    client.patch("/api/v2/dags/nightly_load", json={"is_paused": False})

    def build():
        found = client.get(tasks).json()["task_instances"]
        return [one for one in found if one["task_id"] == "build" and one["state"] == "running"]

    until(build)
    processes = Processes(paths.airflow)
    killed.append(processes.running()["scheduler"].pid)
    os.kill(killed[0], signal.SIGKILL)
    again = omraadetal("up", home=paths.home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "starting  scheduler" in again.stdout and "starting  api-server" not in again.stdout
    left = [title_of(one) for one in in_sessions(set(killed))]
    assert not [title for title in left if "serve-logs" in title], "it would be in the way"
    assert sum("<idle>" in title for title in left) <= 1, "the one that ran the task may have ended it meanwhile"
    assert until(lambda: (told := state()) in ("success", "failed") and told) == "success"
    days = [entry.as_of.isoformat() for entry in Journal(paths.journal).entries()]
    made = [path.name for folder in (paths.publications, paths.replays) for path in folder.iterdir()]
    assert len(days) == len(set(days)), "a night is published once"
    assert len([name for name in made if name.startswith("2025-11-01")]) == 1
    assert paths.current.exists()


def test_metrics_go_where_airflows_own_settings_say_and_tell_no_file_and_no_person(standing, collector):
    _, sent = collector
    until(lambda: b"airflow.scheduler_heartbeat" in b"".join(sent))
    told = b"".join(sent)
    files = [path.name for path in (PROJECT_ROOT / "samples" / "landing").rglob("*") if path.is_file()]
    assert files and not [name for name in files if name.encode() in told]


def test_down_stops_what_up_started_and_nothing_else(standing, killed):
    paths, _, _ = standing
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        processes = Processes(paths.airflow)
        numbers = {*killed, *(one.pid for one in processes.running().values())}
        family = in_sessions(numbers)
        assert len(family) > len(PARTS)
        # a process number that somebody else has by now
        record = json.loads((paths.airflow / "processes.json").read_text())
        record["triggerer"]["pid"], before = bystander.pid, record["triggerer"]["pid"]
        (paths.airflow / "processes.json").write_text(json.dumps(record))
        assert "triggerer" not in processes.running()
        record["triggerer"]["pid"] = before
        (paths.airflow / "processes.json").write_text(json.dumps(record))
        done = omraadetal("down", home=paths.home)
        assert done.returncode == 0, done.stderr
        psutil.wait_procs(family, timeout=60)
        assert not in_sessions(numbers)
        assert not list(paths.airflow.rglob("postmaster.pid"))
        assert bystander.poll() is None
        assert "was not running" in omraadetal("down", home=paths.home).stdout
    finally:
        bystander.kill()
