"""docker-compose.yml, the Dockerfile and .env.example: no default secrets, no root, nothing that Airflow does not know.

There need be no Docker here: the file is read as YAML and compared with the installed Airflow.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from nightly.local_airflow.environment import DISCRETION
from tests.compose_file import (
    AIRFLOW_SERVICES,
    DATABASES,
    DOCKERFILE,
    NETWORKS,
    OPTIONAL,
    OURS,
    REFERENCES,
    SERVICES,
    SUPERSET_DOCKERFILE,
    TEXT,
    holders,
)
from vocabulary.orchestration import WRITER_POOL, WRITER_POOL_TOLD_DA, WRITER_SLOTS
from vocabulary.settings import PROJECT_ROOT

ONE_SHOT = {"airflow-init"}
LONG_RUNNING = SERVICES.keys() - ONE_SHOT
ENV_EXAMPLE = (PROJECT_ROOT / ".env.example").read_text().splitlines()

SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__CORE__FERNET_KEY",
    "OMRAADETAL_PSEUDONYM_KEY",
    "OMRAADETAL_MARTS_PASSWORD",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
AIRFLOW = Path(sys.executable).with_name("airflow")


def compose() -> tuple[str, ...] | None:
    """Compose as a program of its own or as Docker's, where there is one: it reads the file without a server."""
    if program := shutil.which("docker-compose"):
        return (program,)
    docker = shutil.which("docker")
    has_it = docker and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    return (docker, "compose") if has_it else None


COMPOSE = compose()


@pytest.fixture
def airflow_env(tmp_path):
    """The environment without Airflow's variables, and with a home of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {**inherited, "AIRFLOW_HOME": str(tmp_path), "COLUMNS": "200"}


def commands(service: dict) -> list[list[str]]:
    """The `airflow …` commands of a service, those of its health check included."""
    words = [service.get("command", []), service.get("healthcheck", {}).get("test", [])[1:]]
    lines = [line for argv in words for line in (argv[-1].splitlines() if "bash" in argv else [shlex.join(argv)])]
    return [shlex.split(line) for line in lines if line.startswith("airflow ")]


COMMANDS = [command for service in OURS.values() for command in commands(service)]


@pytest.mark.skipif(COMPOSE is None, reason="no Compose on this machine")
@pytest.mark.parametrize("profile", [None, *OPTIONAL])
def test_compose_itself_accepts_the_file_with_the_secrets_and_nothing_else(profile):
    """Also where no profile is asked for: Compose reads what belongs to the others too."""
    command = [*COMPOSE, *(("--profile", profile) if profile else ()), "config", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], **dict.fromkeys(SECRETS, "word")}
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert services.keys() == SERVICES.keys() - (set() if profile else OPTIONAL)
    loads_into = services["airflow-scheduler"]["environment"]["OMRAADETAL_POSTGRES_URL"]
    assert loads_into == "postgresql://omraadetal:word@marts:5432/omraadetal"


def test_a_secret_is_required_and_its_message_says_how_to_make_it():
    used = [reference for reference in REFERENCES if reference["name"] in SECRETS]
    assert {reference["name"] for reference in used} == SECRETS
    for reference in used:
        assert reference["operator"] == ":?", f"{reference['name']} may be left empty or has a default"
        assert "openssl rand" in reference["text"]
    assert f"the {NUMBERS[len(SECRETS)]} secrets" in TEXT, "the head says how many there are to fill in"


@pytest.mark.parametrize("name", SERVICES)
def test_what_looks_like_a_secret_is_taken_from_outside(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"(PASSWORD|SECRET|TOKEN|KEY|CONN)$", variable):
            required = value == f"${{{variable}:-}}" if name in OPTIONAL else ":?" in value
            assert required, f"{name}: {variable} is written in docker-compose.yml"
        assert not re.search(r"//\w+:[^$@]+@", str(value)), f"{name}: {variable} holds a password"


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_a_long_running_service_is_watched_and_restarted(name):
    test = SERVICES[name]["healthcheck"]["test"]
    assert test[0] == "CMD"
    assert len(test) > 1
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(ONE_SHOT))
def test_the_others_wait_for_a_one_shot_service_that_is_not_restarted(name):
    assert SERVICES[name]["restart"] == "no"
    for other in AIRFLOW_SERVICES - ONE_SHOT:
        assert SERVICES[other]["depends_on"][name] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_privileges_as_the_user_of_the_image(name):
    user = SERVICES[name]["user"]
    assert not re.match(r"(root|0)\b", user)
    assert f"USER {user}\n" in (SUPERSET_DOCKERFILE if name in OPTIONAL else DOCKERFILE)
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert not SERVICES[name].keys() & {"privileged", "cap_add"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_gains_privileges(name):
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_ports_are_published_on_this_machine_only_and_by_those_who_serve_people():
    published = {name: service["ports"] for name, service in SERVICES.items() if service.get("ports")}
    assert published.keys() == {"airflow-api-server", "marts", "superset"}, "Airflow's own database has no door"
    assert all(re.match(r"127\.0\.0\.1:\$\{", port) for ports in published.values() for port in ports)
    defaults = [re.search(r":-(\d+)\}", port)[1] for ports in published.values() for port in ports]
    assert len(set(defaults)) == 3, "all three start beside one another"
    assert not any("network_mode" in service for service in SERVICES.values())


def test_the_pool_of_those_who_write_is_made_as_the_tasks_ask_for_it():
    [made] = [command for command in COMMANDS if command[1:3] == ["pools", "set"]]
    assert made[3:] == [WRITER_POOL, str(WRITER_SLOTS), WRITER_POOL_TOLD_DA]


def test_who_needs_no_database_or_way_out_has_none():
    members = {name: set(service["networks"]) for name, service in SERVICES.items()}
    on = {network: {name for name, networks in members.items() if network in networks} for network in NETWORKS}
    assert on["airflow"] == AIRFLOW_SERVICES | {"postgres"} and NETWORKS["airflow"] == {"internal": True}
    assert on["bi"] == {"marts", "airflow-scheduler", "superset"}, "who loads it and who reads it"
    assert on["web"] == {"airflow-api-server"}
    inside = {name for name, networks in members.items() if networks == {"airflow"}}
    assert inside == {"postgres", "airflow-init", "airflow-dag-processor", "airflow-triggerer"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_takes_all_memory_or_process_numbers_of_the_machine(name):
    assert re.search(r"\d+[gm]", SERVICES[name]["mem_limit"]) and SERVICES[name]["pids_limit"]


@pytest.mark.parametrize("name", sorted(AIRFLOW_SERVICES))
def test_what_airflow_writes_is_in_volumes_or_in_memory(name):
    """`tests/end_to_end/test_compose_natively.py` shows that it is enough."""
    assert SERVICES[name]["read_only"] is True
    uid, gid = SERVICES[name]["user"].split(":")
    places = dict(entry.split(":", 1) for entry in SERVICES[name]["tmpfs"])
    for place in places.keys() - {"/tmp"}:  # noqa: S108
        assert places[place] == f"uid={uid},gid={gid},mode=0700"


def test_only_the_scheduler_gets_the_pseudonym_key_the_deliveries_and_the_warehouse():
    for part in ("OMRAADETAL_PSEUDONYM_KEY", "/landing", "omraadetal-home", "omraadetal-erasures", "SMTP", "WEBHOOK"):
        assert holders(part) == {"airflow-scheduler"}
    assert not any("env_file" in service for service in SERVICES.values()), "env_file would pass on every secret"


def test_the_api_server_reads_what_is_published_and_nothing_else_of_the_warehouse():
    def mounts(name):
        volumes = [volume for volume in SERVICES[name]["volumes"] if isinstance(volume, str)]
        return {volume for volume in volumes if volume.startswith("omraadetal-")}

    published = {f"omraadetal-{name}:/var/lib/omraadetal/{name}" for name in ("publications", "published")}
    assert mounts("airflow-api-server") == {f"{mount}:ro" for mount in published}
    own = {"omraadetal-home:/var/lib/omraadetal", "omraadetal-erasures:/var/lib/omraadetal-erasures"}
    assert mounts("airflow-scheduler") == published | own
    assert mounts("airflow-init") == published, "the first to mount a volume gives it its owner"
    assert all(mount.partition(":")[2] in DOCKERFILE for mount in published | own), (
        "the image must hold the mount points"
    )


def test_the_landing_zone_is_mounted_read_only():
    [landing] = [v for v in SERVICES["airflow-scheduler"]["volumes"] if isinstance(v, dict) and v["type"] == "bind"]
    assert landing["target"] == SERVICES["airflow-scheduler"]["environment"]["OMRAADETAL_LANDING"]
    assert landing["read_only"] is True


@pytest.mark.airflow
def test_airflow_knows_every_option_that_is_set(airflow_env):
    variables = {name for service in SERVICES.values() for name in service.get("environment", {})}
    variables |= set(re.findall(r"^(?:ENV)?\s+(\w+)=", DOCKERFILE, re.M))
    options = sorted(name for name in variables if name.startswith("AIRFLOW__"))
    assert "AIRFLOW__CORE__DAGS_FOLDER" in options
    program = """
import json, sys
from airflow.configuration import conf
known = {f"AIRFLOW__{s}__{o}".upper() for s, d in conf.configuration_description.items() for o in d["options"]}
print(json.dumps([name for name in sys.argv[1:] if name not in known]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *options], env=airflow_env, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.airflow
@pytest.mark.parametrize("command", COMMANDS, ids=shlex.join)
def test_airflow_knows_every_command(command, airflow_env):
    """With --help last Airflow checks subcommands and choices, and prints its options, but runs nothing."""
    done = subprocess.run(
        [AIRFLOW, *command[1:], "--help"], env=airflow_env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for option in (word for word in command if word.startswith("--")):
        assert re.search(rf"{option}\b", done.stdout), f"no option {option}"


def test_every_service_but_databases_and_superset_is_ours_runs_airflow_and_is_checked():
    assert SERVICES.keys() - OURS.keys() == DATABASES
    assert {name for name, service in SERVICES.items() if "profiles" in service} == OPTIONAL
    assert len(COMMANDS) == 2 + 4 + 3  # airflow-init, the four services, all their health checks but the API server's


@pytest.mark.airflow
def test_the_api_server_has_the_address_that_its_health_check_asks(airflow_env):
    [address] = re.findall(r"localhost:8080(/[\w/]+)", SERVICES["airflow-api-server"]["healthcheck"]["test"][-1])
    program = """
from airflow.api_fastapi.core_api.routes.public.monitor import get_health, monitor_router
from airflow.api_fastapi.core_api.routes.public import public_router
[route] = [route for route in monitor_router.routes if route.endpoint is get_health]
print(public_router.prefix + route.path)
"""
    done = subprocess.run([sys.executable, "-c", program], env=airflow_env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == address


def test_every_variable_stands_in_env_example_with_a_comment_and_without_a_value():
    settings = (PROJECT_ROOT / "vocabulary/settings.py").read_text()
    read = {reference["name"] for reference in REFERENCES} | set(re.findall(r'env\.get\("(\w+)"\)', settings))
    listed = {line.removesuffix("=") for line in ENV_EXAMPLE if line and not line.startswith("#")}
    assert listed == read
    for before, line in pairwise(ENV_EXAMPLE):
        assert line.startswith("#") or not line or before.startswith("# "), f"{line} lacks a comment"


def test_the_image_leaves_secrets_and_deliveries_out():
    ignored = (PROJECT_ROOT / ".dockerignore").read_text().splitlines()
    assert {"**/.env", "**/*.key", ".git/", "data/", "samples/"} <= set(ignored)


def test_the_image_keeps_its_logs_and_its_statistics_to_itself():
    variables = dict(re.findall(r"^(?:ENV)?\s+(\w+)=(\S+)", DOCKERFILE, re.M))
    assert {name: variables.get(name) for name in DISCRETION if "PERMISSIONS" in name} == {
        name: value for name, value in DISCRETION.items() if "PERMISSIONS" in name
    }
    assert variables["DO_NOT_TRACK"] == "1" and variables["GX_ANALYTICS_ENABLED"] == "false"
    assert "DEV" not in variables and not any("DEV" in s.get("environment", {}) for s in SERVICES.values())
