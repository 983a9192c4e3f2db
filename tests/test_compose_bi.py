"""What docker-compose.yml has PostgreSQL and Superset do for BI users, done by PostgreSQL's programs and a shell."""

import os
import re
import shlex
import subprocess
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path, PurePosixPath

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from nightly import dashboards
from publish.postgres import programs
from publish.postgres.database import Database
from publish.postgres.server import start
from tests.compose_file import DATABASES, DOCKERFILE, SERVICES, SUPERSET_DOCKERFILE, holders
from vocabulary.settings import PROJECT_ROOT, is_secret
from warehouse.paths import Paths

SUPERSET = SERVICES["superset"]


def test_who_reads_the_database_has_not_the_password_of_who_loads_it():
    assert holders("OMRAADETAL_MARTS_PASSWORD") == {"marts", "airflow-scheduler"}
    assert holders("OMRAADETAL_POSTGRES_URL") == {"airflow-scheduler"}
    for part in ("OMRAADETAL_BI_URL", "SUPERSET_SECRET_KEY", "SUPERSET_ADMIN_PASSWORD"):
        assert holders(part) == {"superset"}


def test_a_night_loads_into_marts_unless_told_otherwise_and_does_not_wait_for_it():
    value = SERVICES["airflow-scheduler"]["environment"]["OMRAADETAL_POSTGRES_URL"]
    default = re.fullmatch(r"\$\{OMRAADETAL_POSTGRES_URL:-(.*)\}", value)[1]
    url = re.sub(r"\$\{OMRAADETAL_MARTS_PASSWORD:\?[^}]*\}", "word", default)
    marts = SERVICES["marts"]["environment"]
    assert url == f"postgresql://{marts['POSTGRES_USER']}:word@marts:5432/{marts['POSTGRES_DB']}"
    assert Database(url).where == "marts:5432/omraadetal"
    assert holders("marts") == {"marts", "airflow-scheduler"}
    assert all("marts" not in service.get("depends_on", {}) for service in SERVICES.values())


def test_the_databases_are_kept_apart_in_volumes_of_their_own():
    for name in DATABASES:
        assert SERVICES[name]["volumes"] == [f"{name}:/var/lib/postgresql"]
        assert SERVICES[name]["image"] == SERVICES["postgres"]["image"]


def test_marts_asks_everybody_for_a_password_over_tcp(tmp_path):
    """What the image's entrypoint runs; the line for other machines, which it appends, is scram by default."""
    environment = SERVICES["marts"]["environment"]
    words = shlex.split(environment["POSTGRES_INITDB_ARGS"])
    user = f"--username={environment['POSTGRES_USER']}"
    programs.run(programs.folder(), "initdb", "--pgdata", str(tmp_path / "data"), "--auth-local=trust", user, *words)
    lines = (line.split() for line in (tmp_path / "data/pg_hba.conf").read_text().splitlines())
    methods = {words[-1] for words in lines if words and words[0].startswith("host")}
    assert methods == {"scram-sha-256"}


def test_the_health_checks_of_the_databases_tell_a_server_from_none(tmp_path):
    def check(name: str, port: int) -> int:
        _, program, *arguments = SERVICES[name]["healthcheck"]["test"]
        command = [programs.folder() / program, *arguments, f"--port={port}"]
        return subprocess.run(command, capture_output=True, check=False).returncode

    with start(Paths(tmp_path)) as server:
        assert [check(name, server.credentials.port) for name in sorted(DATABASES)] == [0, 0]
    assert [check(name, server.credentials.port) for name in sorted(DATABASES)] == [2, 2]


@pytest.fixture
def superset_env(tmp_path):
    """What Superset's container is started with, all filled in; `gunicorn` only says what it was started with."""
    gunicorn = tmp_path / "gunicorn"
    gunicorn.write_text('#!/bin/bash\necho started "$@"\nenv\n')
    gunicorn.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if not is_secret(name)}
    return {
        **inherited,
        **dict.fromkeys(SUPERSET["environment"], "postgresql://word"),
        "SUPERSET_HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


def run_superset(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [word.replace("$$", "$") for word in SUPERSET["command"]]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("name", SUPERSET["environment"])
def test_superset_does_not_start_while_a_variable_is_empty_and_names_it(name, superset_env):
    done = run_superset({**superset_env, name: ""})
    assert done.returncode != 0
    assert f"Set {name} first" in done.stderr
    assert "started" not in done.stdout


def test_superset_is_served_as_on_a_machine_of_its_own_and_without_what_only_set_up_needs(superset_env, tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/bash\n")  # set-up itself needs Superset: tests/publish/superset
    python.chmod(0o755)
    done = run_superset(superset_env)
    assert done.returncode == 0, done.stderr
    started, *variables = done.stdout.splitlines()
    words = started.split()
    config = PROJECT_ROOT / words[words.index("--config") + 1]
    assert config == dashboards.CONFIGS / "gunicorn_config.py"
    assert config.is_file()
    assert words[-2:] == ["--bind", "0.0.0.0:8088"]
    names = {variable.partition("=")[0] for variable in variables}
    assert "SUPERSET_SECRET_KEY" in names
    assert not names & {"OMRAADETAL_BI_URL", "SUPERSET_ADMIN_PASSWORD"}


@pytest.mark.parametrize(("status", "is_well"), [(HTTPStatus.OK, True), (HTTPStatus.INTERNAL_SERVER_ERROR, False)])
def test_the_health_check_of_superset_asks_its_health(status, is_well):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request).start()
        *_, program = SUPERSET["healthcheck"]["test"]
        program = program.replace(":8088/", f":{server.server_port}/")
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert asked == ["/health"]
    assert (done.returncode == 0) is is_well


def test_superset_keeps_its_data_in_the_folder_that_its_image_has_for_it():
    [mount] = SUPERSET["volumes"]
    volume, _, folder = mount.partition(":")
    assert holders(f"{volume}:{folder}") == {"superset"}
    assert re.search(rf"--mode=0700 {folder}$", SUPERSET_DOCKERFILE, re.M)
    assert re.search(rf"SUPERSET_HOME={folder}$", SUPERSET_DOCKERFILE, re.M)
    users = [re.search(r"--uid (\d+)", text)[1] for text in (DOCKERFILE, SUPERSET_DOCKERFILE)]
    assert len(set(users)) == 2, "neither image's user owns the other's volumes"


def ignored_by_docker(source: str) -> list[str]:
    """The patterns of .dockerignore that leave it, or a folder it lies in, out of the build."""
    lines = (PROJECT_ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line.rstrip("/") for line in lines if line and not line.startswith(("#", "!"))]
    path = PurePosixPath("/", source)
    places = [path, *path.parents]
    return [one for one in patterns if any(place.match(f"/{one}".removeprefix("/**/")) for place in places)]


def test_the_image_of_superset_installs_only_what_has_a_hash_and_holds_what_it_runs():
    assert re.search(r"pip install .*--require-hashes -r publish/superset/requirements\.txt", SUPERSET_DOCKERFILE)
    copied = [line.split()[1] for line in SUPERSET_DOCKERFILE.splitlines() if line.startswith("COPY ")]
    needed = ("publish/__init__.py", "publish/superset/set_up.py", "publish/superset/superset_config.py")
    for source in (*copied, *needed):
        assert (PROJECT_ROOT / source).exists()
        assert any(PurePosixPath(source).is_relative_to(one) for one in copied), f"{source} is not in the image"
        assert not ignored_by_docker(source)
    [base] = set(re.findall(r"^FROM (\S+)", DOCKERFILE + SUPERSET_DOCKERFILE, re.M))
    assert base.startswith("python:3.12.")


def test_the_documents_name_services_profiles_and_ports_that_there_are():
    documents = [PROJECT_ROOT / "docker-compose.yml", *(PROJECT_ROOT / "docs").rglob("*.md")]
    text = "\n".join(path.read_text() for path in documents)
    services = set(re.findall(r"docker compose (?:exec(?: -T)?|logs) ([\w-]+)", text))
    assert {"marts", "superset", "airflow-scheduler"} <= services <= SERVICES.keys()
    assert set(re.findall(r"docker compose --profile ([\w-]+)", text)) == set(SUPERSET["profiles"])
    for name, document in (("marts", "postgresql.md"), ("superset", "guides/superset.md")):
        [variable, port] = re.search(r"\$\{(\w+):-(\d+)\}", SERVICES[name]["ports"][0]).groups()
        assert re.search(rf"localhost:{port}\W+\(`{variable}`\)", (PROJECT_ROOT / "docs" / document).read_text())


def test_the_user_that_the_guide_makes_for_superset_may_read_and_is_in_its_url(tmp_path):
    guide = (PROJECT_ROOT / "docs/guides/superset.md").read_text()
    [statement] = re.findall(r"```sql\n(.*?)```", guide, re.S)
    url = re.search(r"OMRAADETAL_BI_URL=(\S+)`", guide)[1]
    with start(Paths(tmp_path)) as server, psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(statement)
        user = conninfo_to_dict(url)["user"]
        [(is_member,)] = connection.execute("select pg_has_role(%s, 'omraadetal_bi', 'member')", [user]).fetchall()
    assert is_member
    assert Database(url).where == "marts:5432/omraadetal"
