"""docker-compose.yml without Docker: each command that it names is started as it says, and well by its own check.

Then Airflow runs the night on the samples, into the warehouse's volumes and into the BI database.
"""

import json
import time

import pytest

from tests.compose_file import AIRFLOW_SERVICES, DATABASES, OPTIONAL, SERVICES
from tests.end_to_end.containers import Machine, resolved, unavailable

pytestmark = [pytest.mark.airflow, pytest.mark.skipif(bool(unavailable()), reason=str(unavailable()))]

PATIENCE = 900.0
"""Seconds; only what hangs takes so long."""

DATABASE = """
cd /var/lib/postgresql
if [ ! -d data ]; then
    umask 077
    printf %s "$POSTGRES_PASSWORD" > /tmp/password
    initdb --pgdata=new --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C
    echo 'host all all all scram-sha-256' >> new/pg_hba.conf
    mv new data
    postgres -D data -c listen_addresses= -c unix_socket_directories=/tmp & server=$!
    until PGPASSWORD="$POSTGRES_PASSWORD" createdb -h /tmp -U "$POSTGRES_USER" "$POSTGRES_DB"; do sleep 0.2; done
    kill -INT $server; wait $server
fi
exec postgres -D data -c "listen_addresses=*" -c unix_socket_directories=/tmp
"""
"""What the database's own image does at its start."""


def until(ask, what):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if answer := ask():
            return answer
        time.sleep(1)
    raise AssertionError(f"it hangs: {what}")


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    given = {
        "POSTGRES_PASSWORD": "a" * 32,
        "OMRAADETAL_MARTS_PASSWORD": "b" * 32,
        "AIRFLOW__CORE__FERNET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG=",
        "AIRFLOW__API_AUTH__JWT_SECRET": "c" * 64,
        "AIRFLOW__API__SECRET_KEY": "d" * 64,
        "OMRAADETAL_PSEUDONYM_KEY": "e" * 64,
    }
    with Machine(tmp_path_factory.mktemp("compose"), given) as made:
        yield made


def started(machine, name, command=None):
    """Start a service once those are well that the file says it depends on."""
    for other, asked in SERVICES[name].get("depends_on", {}).items():
        if asked["condition"] == "service_completed_successfully":
            assert machine.running[other].wait(PATIENCE) == 0, machine.log(other).read_text()[-3000:]
        else:
            until(lambda other=other: machine.is_healthy(other), other)
    machine.start(name, command)


def test_every_service_starts_as_the_file_says_and_is_healthy_by_its_own_check(machine):
    for name in SERVICES:
        if name in DATABASES:
            started(machine, name, ["bash", "-euc", DATABASE.replace("$", "$$")])
        elif name not in OPTIONAL:
            started(machine, name)
    assert machine.running.keys() == DATABASES | AIRFLOW_SERVICES
    for name in machine.running.keys() - {"airflow-init"}:
        until(lambda name=name: machine.is_healthy(name), name)


def test_who_is_kept_apart_reaches_and_sees_nothing_of_the_other(machine):
    def opens(service, host, port):
        program = f"import socket; socket.create_connection(('{host}', {port}), 3)"
        return machine.run(service, "python", "-c", program).returncode == 0

    assert opens("airflow-scheduler", "marts", 5432) and opens("airflow-api-server", "postgres", 5432)
    assert opens("airflow-triggerer", "airflow-api-server", 8080)
    for service in ("airflow-api-server", "airflow-dag-processor", "airflow-triggerer"):
        assert not opens(service, "marts", 5432)
    assert not opens("marts", "postgres", 5432)

    def lists(service, folder):
        return machine.run(service, "ls", folder).returncode == 0

    assert lists("airflow-scheduler", "/landing") and not lists("airflow-api-server", "/landing")
    assert not lists("airflow-dag-processor", "/var/lib/omraadetal")
    for service in machine.running.keys() & AIRFLOW_SERVICES - {"airflow-init"}:
        assert machine.run(service, "touch", "/opt/omraadetal/x").returncode != 0, "the code is not writable"
        assert machine.run(service, "touch", "/x").returncode != 0
        assert machine.run(service, "id", "-u").stdout == "10001\n"
        assert "CapEff:\t0000000000000000" in machine.run(service, "cat", "/proc/self/status").stdout


def ask(machine, service, query):
    """What psql in a database's own container answers."""
    environment = SERVICES[service]["environment"]
    user, password = environment["POSTGRES_USER"], resolved(environment["POSTGRES_PASSWORD"], machine.given)
    words = ["psql", "-h", "127.0.0.1", "-U", user, "-d", environment["POSTGRES_DB"], "-tAc", query]
    done = machine.run(service, "env", f"PGPASSWORD={password}", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split("|")


def test_a_night_goes_to_its_end_and_into_the_database_for_bi_tools(machine):
    day = json.dumps({"as_of": "2025-11-01"})
    for words in (
        ["trigger", "nightly_load", "--run-id", "first", "--conf", day],
        ["unpause", "nightly_load", "--yes"],
    ):
        done = machine.run("airflow-scheduler", "airflow", "dags", *words)
        assert done.returncode == 0, done.stderr[-2000:]

    def ended():
        [state] = ask(machine, "postgres", "select state from dag_run where run_id = 'first'")
        return state in ("success", "failed") and state

    state = until(ended, "nightly_load")
    tasks = "select task_id, state from task_instance where run_id = 'first' and state <> 'success'"
    assert state == "success", ask(machine, "postgres", tasks)
    figures = ask(machine, "marts", "select count(*), count(value) from marts.fct_figure")
    assert all(int(count) > 100 for count in figures)
    shown = machine.run("airflow-api-server", "ls", "/var/lib/omraadetal/published/current/report")
    assert "rapport.pdf" in shown.stdout, "the pages in Airflow have what they show"
