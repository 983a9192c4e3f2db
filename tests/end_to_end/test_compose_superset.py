"""The service `superset` of docker-compose.yml without Docker, started as the file says; after `make superset`."""

import json
import time

import pytest

from nightly.dashboards import PROGRAMS
from tests.end_to_end.containers import Machine, unavailable

pytestmark = [
    pytest.mark.skipif(not (PROGRAMS / "superset").exists(), reason="`make superset` was not run here"),
    pytest.mark.skipif(bool(unavailable()), reason=str(unavailable())),
]

PATIENCE = 900.0
"""Seconds; only what hangs takes so long."""

GIVEN = {
    "OMRAADETAL_BI_URL": "postgresql://bi_user:word@marts:5432/omraadetal",
    "SUPERSET_ADMIN_PASSWORD": "f" * 32,
    "SUPERSET_SECRET_KEY": "g" * 64,
}

ASK = """
import json, sys, urllib.request
def ask(path, headers, body=None):
    asked = urllib.request.Request("http://127.0.0.1:8088/api/v1/" + path, body, headers)
    return json.load(urllib.request.urlopen(asked))
who = json.dumps({"username": "admin", "password": sys.argv[1], "provider": "db"}).encode()
token = ask("security/login", {"Content-Type": "application/json"}, who)["access_token"]
found = ask("dashboard/", {"Authorization": "Bearer " + token})["result"]
print(json.dumps([one["slug"] for one in found]))
"""


def test_it_starts_as_the_file_says_is_healthy_by_its_own_check_and_has_the_dashboards(tmp_path):
    with Machine(tmp_path, GIVEN) as machine:
        machine.start("superset")
        ends = time.monotonic() + PATIENCE
        while not machine.is_healthy("superset"):
            assert time.monotonic() < ends, machine.log("superset").read_text()[-3000:]
            time.sleep(1)
        told = machine.run("superset", "python", "-c", ASK, GIVEN["SUPERSET_ADMIN_PASSWORD"])
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout) == ["omraadetal"]
        assert machine.run("superset", "id", "-u").stdout == "10002\n"
        assert machine.run("superset", "touch", "/opt/omraadetal/x").returncode != 0, "the code is not writable"


@pytest.mark.parametrize("missing", GIVEN)
def test_it_refuses_to_start_without_a_secret(tmp_path, missing):
    with Machine(tmp_path, GIVEN | {missing: ""}) as machine:
        assert machine.start("superset").wait(PATIENCE) != 0
        assert f"Set {missing} first" in machine.log("superset").read_text()
