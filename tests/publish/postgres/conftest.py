"""A real PostgreSQL, a database of its own for each test, and publications that differ from the sample's as told."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from publish.postgres.database import Database
from publish.postgres.server import Server, start
from warehouse.connections import writing
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import RECORD_FILE

PASSWORD = "word"
"""Of every user that a test makes."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with start(Paths(tmp_path_factory.mktemp("server"))) as running:
        yield running


@dataclass
class Place:
    """A new database; `url` is of its administrator."""

    url: str
    name: str

    def ask(self, query: str, *values: object, user: str | None = None, password: str = PASSWORD) -> list[tuple]:
        """Run a statement as the administrator or as another user."""
        with psycopg.connect(self.url_of(user, password) if user else self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def url_of(self, user: str, password: str = PASSWORD) -> str:
        return make_conninfo(**{**conninfo_to_dict(self.url), "user": user, "password": password})

    def user(self, name: str, *statements: str, groups: tuple[str, ...] = ("omraadetal_bi",)) -> str:
        """A login user of this database, whose name no other test has; with what it is granted."""
        full = f"{name}_{self.name}"
        self.ask(f"create role {full} login password '{PASSWORD}'")
        self.ask(f"grant connect, create on database {self.name} to {full}")
        for group in groups:
            self.ask(f"grant {group} to {full}")
        for statement in statements:
            self.ask(statement.format(user=full))
        return full


@pytest.fixture
def place(server: Server, request: pytest.FixtureRequest) -> Iterator[Place]:
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield Place(make_conninfo(**{**conninfo_to_dict(server.admin_url), "dbname": name}), name)
        connection.execute(f"drop database {name} with (force)")
        roles = "select rolname from pg_roles where rolname like %s"
        for (role,) in connection.execute(roles, [f"%\\_{name}"]).fetchall():
            connection.execute(f"drop role {role}")


@pytest.fixture
def database(place: Place) -> Database:
    return Database(place.url)


@pytest.fixture
def publication(sample_night) -> Path:
    return sample_night[1].publication


@pytest.fixture
def changed(publication: Path, tmp_path: Path) -> Callable[..., Path]:
    """The sample's publication under another id, changed by SQL, its contract by a function on its JSON."""

    def change(number: int, *statements: str, contract: Callable[[dict], None] = lambda content: None) -> Path:
        folder = tmp_path / f"2025-11-{number:02d}-{number:08x}"
        folder.mkdir()
        for name in (PUBLICATION_FILE, RECORD_FILE, "contract.json"):
            shutil.copyfile(publication / name, folder / name)
        with writing(folder / PUBLICATION_FILE) as connection:
            for statement in statements:
                connection.execute(statement)
        record = json.loads((folder / RECORD_FILE).read_text())
        (folder / RECORD_FILE).write_text(json.dumps({**record, "publication_id": folder.name}))
        content = json.loads((folder / "contract.json").read_text())
        contract(content)
        (folder / "contract.json").write_text(json.dumps(content))
        return folder

    return change


@pytest.fixture
def without_column() -> Callable[[str, str], Callable[[dict], None]]:
    """A change of a contract that leaves out a column of a table."""

    def leave_out(table: str, column: str) -> Callable[[dict], None]:
        def change(content: dict) -> None:
            found = next(one for one in content["tables"] if one["name"] == table)
            found["columns"] = [one for one in found["columns"] if one["name"] != column]

        return change

    return leave_out
