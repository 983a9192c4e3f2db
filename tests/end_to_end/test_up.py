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
from pathlib import Path

import httpx
import psutil
import pytest

from nightly.local_airflow.processes import Processes
from nightly.local_airflow.standing import PARTS
from warehouse.journal import Journal
from warehouse.paths import Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
pytestmark = pytest.mark.airflow

PATIENCE = 1500.0
"""Seconds; only what hangs takes so long."""


def omraadetal(*words, home):
    return subprocess.run([PROGRAM, *words, "--home", str(home)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """HOME of an Airflow that stands, what `up` said, and a client that has logged in."""
    home = tmp_path_factory.mktemp("up") / "home"
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        port = one.getsockname()[1]
    try:
        done = omraadetal("up", "--port", str(port), home=home)
        assert done.returncode == 0, done.stdout + done.stderr
        password = json.loads((home / "airflow" / "passwords.json").read_text())["admin"]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            answer = client.post("/auth/token", json={"username": "admin", "password": password})
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield Paths(home), done.stdout, client
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
    """Processes of the sessions that were started with these numbers."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError):
            found += [process] if os.getsid(process.pid) in numbers else []
    return found


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
            assert not [secret for secret in kept if secret in " ".join(one.cmdline())]
    for log in paths.airflow.glob("*.log"):
        assert not [secret for secret in kept if secret in log.read_text(errors="replace")], log.name


def test_a_first_time_user_sees_the_dags_in_danish(standing):
    _, _, client = standing
    dags = until(lambda: (found := client.get("/api/v2/dags").json()["dags"]) and len(found) == 4 and found)
    assert {dag["dag_display_name"] for dag in dags} == {
        "Natlig indlæsning",
        "Efterkørsel",
        "Rapport til bestyrelsen",
        "Sletning efter frister",
    }
    assert all(dag["is_paused"] and dag["description"] for dag in dags)
    assert httpx.get(f"{client.base_url}/api/v2/dags", trust_env=False).status_code == 401


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
    left = [" ".join(one.cmdline()) for one in in_sessions(set(killed))]
    assert not [title for title in left if "serve-logs" in title or "<idle>" in title], "it would be in the way"
    assert until(lambda: (told := state()) in ("success", "failed") and told) == "success"
    days = [entry.as_of.isoformat() for entry in Journal(paths.journal).entries()]
    made = [path.name for folder in (paths.publications, paths.replays) for path in folder.iterdir()]
    assert len(days) == len(set(days)), "a night is published once"
    assert len([name for name in made if name.startswith("2025-11-01")]) == 1
    assert paths.current.exists()


def test_down_stops_what_up_started_and_nothing_else(standing, killed):
    paths, _, _ = standing
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        processes = Processes(paths.airflow)
        family = in_sessions({*killed, *(one.pid for one in processes.running().values())})
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
        _, left = psutil.wait_procs(family, timeout=60)
        assert left == [] == in_sessions(set(killed))
        assert not list(paths.airflow.rglob("postmaster.pid"))
        assert bystander.poll() is None
        assert "was not running" in omraadetal("down", home=paths.home).stdout
    finally:
        bystander.kill()
