"""The pages in the Airflow UI, asked of a real API server: only who may see the nightly load gets them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from publish.pages import QUALITY_FILE, REPORT_FILE
from vocabulary.settings import PROJECT_ROOT
from warehouse.paths import Paths

AIRFLOW = Path(sys.executable).with_name("airflow")
PAGE = f"/omraadetal/{REPORT_FILE}"
STARTS_WITHIN_SECONDS = 180

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    """Airflow's environment: a folder of its own, a viewer, our plugin, and a HOME in which nothing is published."""
    folder = tmp_path_factory.mktemp("airflow")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {
        **inherited,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "seer:viewer",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
        "OMRAADETAL_HOME": str(folder / "home"),
    }


@pytest.fixture(scope="module")
def server(airflow):
    """The address of a running API server."""
    log = Path(airflow["AIRFLOW_HOME"]) / "output.txt"
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [AIRFLOW, "api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    with log.open("w") as file:
        subprocess.run([AIRFLOW, "db", "migrate"], env=airflow, stdout=file, stderr=file, check=True)
        running = subprocess.Popen(command, env=airflow, stdout=file, stderr=file)
        try:
            for _ in range(STARTS_WITHIN_SECONDS):
                assert running.poll() is None, log.read_text()[-3000:]
                try:
                    httpx.get(f"{address}/api/v2/version", trust_env=False)
                    break
                except httpx.ConnectError:
                    time.sleep(1)
            yield address
        finally:
            running.terminate()
            running.wait(timeout=30)


@pytest.fixture(scope="module")
def token(server, airflow):
    """What Airflow's own login gives."""
    passwords = Path(airflow["AIRFLOW_HOME"]) / "simple_auth_manager_passwords.json.generated"
    login = {"username": "seer", "password": json.loads(passwords.read_text())["seer"]}
    answer = httpx.post(f"{server}/auth/token", json=login, trust_env=False)
    return answer.json()["access_token"]


@pytest.fixture
def stranger(server):
    with httpx.Client(base_url=server, trust_env=False) as client:
        yield client


@pytest.fixture
def viewer(server, token):
    """A browser that has logged in: Airflow keeps the token in this cookie."""
    with httpx.Client(base_url=server, trust_env=False, cookies={"_token": token}) as client:
        yield client


@pytest.fixture
def published(airflow, sample_night):
    """The publication of the sample night, in force where the server looks."""
    source, home = Paths.of(sample_night[0]), Path(airflow["OMRAADETAL_HOME"])
    for folder in (source.publications, source.current.parent):
        shutil.copytree(folder, home / folder.name, symlinks=True)
    yield Paths(home).current / "report"
    shutil.rmtree(home)


def headers_hold(answer: httpx.Response) -> bool:
    policy = answer.headers["content-security-policy"]
    return (
        "default-src 'none'" in policy
        and "frame-ancestors 'self'" in policy
        and "form-action 'none'" in policy
        and answer.headers["cache-control"] == "no-store"
        and answer.headers["x-content-type-options"] == "nosniff"
    )


@pytest.mark.parametrize(
    "path", [PAGE, f"/omraadetal/{QUALITY_FILE}", "/omraadetal/", "/omraadetal/docs", "/omraadetal/rapport.pdf"]
)
def test_without_a_login_nothing_is_told(stranger, published, path):
    answer = stranger.get(path)
    assert answer.status_code == 401 and headers_hold(answer) and "html" not in answer.text


def test_a_false_login_is_refused(server, published):
    for credentials in ({"headers": {"Authorization": "Bearer x.y.z"}}, {"cookies": {"_token": "x.y.z"}}):
        with httpx.Client(base_url=server, trust_env=False, **credentials) as client:
            assert client.get(PAGE).status_code in (401, 403)


def test_a_viewer_sees_the_publication_in_force(viewer, stranger, token, published):
    answer = viewer.get(PAGE)
    assert answer.status_code == 200 and headers_hold(answer)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text == (published / REPORT_FILE).read_text()
    assert stranger.get(PAGE, headers={"Authorization": f"Bearer {token}"}).text == answer.text


def test_the_page_is_the_one_in_force_at_the_time_of_asking(viewer, published):
    (published / REPORT_FILE).write_text("<p>næste nat</p>")
    assert viewer.get(PAGE).text == "<p>næste nat</p>"


@pytest.mark.parametrize(("name", "begins"), [("rapport.pdf", b"%PDF"), ("rapport.xlsx", b"PK")])
def test_what_the_report_links_to_is_a_file_to_keep(viewer, published, name, begins):
    assert f'href="{name}"' in viewer.get(PAGE).text
    answer = viewer.get(f"/omraadetal/{name}")
    assert answer.status_code == 200 and headers_hold(answer) and answer.content.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_what_is_not_made_yet_is_said_in_danish(viewer):
    answer = viewer.get(PAGE)
    assert answer.status_code == 404 and headers_hold(answer)
    assert "Siden er ikke lavet endnu" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "",
        "andet.html",
        "../publication.json",
        "%2e%2e/publication.json",
        "..%2fpublication.json",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "../../etc/passwd",
        "%2fetc%2fpasswd",
        f"{REPORT_FILE}%00",
        f"{REPORT_FILE}/",
        f"./{REPORT_FILE}%2f..%2f..%2fomraadetal.duckdb",
    ],
)
def test_nothing_else_is_served(server, token, published, name):
    # as written: httpx, like a browser, would fold the dots before it asks
    import http.client

    host, port = server.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", f"/omraadetal/{name}", headers={"Cookie": f"_token={token}"})
    answer = connection.getresponse()
    assert answer.status == 404 and b"Siden findes ikke" in answer.read()


def test_both_pages_stand_in_the_navigation_and_in_the_plugin(viewer, published):
    [plugin] = [one for one in viewer.get("/api/v2/plugins").json()["plugins"] if one["name"] == "omraadetal_pages"]
    views = {view["href"]: view for view in plugin["external_views"]}
    assert set(views) == {f"omraadetal/{name}" for name in (QUALITY_FILE, REPORT_FILE)}
    assert all(view["destination"] == "nav" and view["nav_top_level"] for view in views.values())
    assert viewer.get("/api/v2/plugins/importErrors").json()["total_entries"] == 0


def test_loading_the_plugin_imports_nothing_heavy(airflow):
    program = """
import sys
import airflow.plugins_manager
before = set(sys.modules)
import importlib.util
spec = importlib.util.spec_from_file_location("pages", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
print("NEW", sorted({name.split(".")[0] for name in set(sys.modules) - before}))
"""
    file = PROJECT_ROOT / "plugins" / "omraadetal_pages.py"
    done = subprocess.run(
        [sys.executable, "-c", program, file], env=airflow, capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.rpartition("NEW")[2].strip(" []\n").replace("'", "").split(", "))
    assert not imported & {"fastapi", "pydantic", "duckdb", "vocabulary", "warehouse", "publish"}, imported
