"""`omraadetal publications` as it is typed: what is listed, and how a rollback is told."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publish.postgres.server import start
from warehouse.paths import Paths, swap_link

OMRAADETAL = Path(sys.executable).with_name("omraadetal")


@pytest.fixture
def home(sample_night, tmp_path):
    source, copy = Paths.of(sample_night[0]), Paths(tmp_path / "home")
    for folder in (source.journal, source.publications, source.current.parent):
        shutil.copytree(folder, copy.home / folder.name, symlinks=True)
    return copy


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with start(Paths(tmp_path_factory.mktemp("postgres"))) as running:
        yield running


def done(home: Paths, *words: str, url: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "OMRAADETAL_POSTGRES_URL"}
    return subprocess.run(
        [OMRAADETAL, "publications", *words, "--home", home.home],
        env=environment | ({"OMRAADETAL_POSTGRES_URL": url} if url else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def run(home: Paths, *words: str, code: int = 0, url: str | None = None) -> str:
    ended = done(home, *words, url=url)
    assert ended.returncode == code, ended.stderr
    return ended.stdout + ended.stderr


def add_later(home: Paths) -> tuple[str, str]:
    """A second publication of the sample night's content, made a day later; both ids."""
    first = home.current.resolve()
    second = home.publication("2025-11-02-00000001")
    shutil.copytree(first, second)
    for file in (second / "publication.json",):
        file.write_text(file.read_text().replace(first.name, second.name))
    (entry,) = home.journal.glob("*_*")
    later = entry.with_name(f"99990101T000000000000_{second.name}")
    shutil.copytree(entry, later)
    told = json.loads((later / "entry.json").read_text())
    told |= {"publication_id": second.name, "as_of": "2025-11-02", "published_at": "2025-11-02T01:00:00+00:00"}
    (later / "entry.json").write_text(json.dumps(told))
    return first.name, second.name


def test_the_list_names_the_one_in_force(home):
    first, second = add_later(home)
    lines = run(home, "list").splitlines()
    (own,) = [line for line in lines if first in line]
    (other,) = [line for line in lines if second in line]
    assert own.rstrip().endswith("in force") and other.rstrip().endswith("kept")


def test_json_is_for_programmes(home):
    (one,) = json.loads(run(home, "list", "--format", "json"))
    assert one["is_in_force"] is True and one["as_of"] == "2025-11-01" and one["figures"] > 300
    assert one["flags_by_severity"]["warns"] > 0


def test_a_rollback_is_seen_in_the_list_with_who_and_why(home):
    first, second = add_later(home)
    run(home, "rollback", second, "--by", "projektleder", "--reason", "prøve")
    told = run(home, "list")
    assert f"by projektleder, from {first}: prøve" in told
    refused = run(home, "rollback", second, "--by", "projektleder", "--reason", "prøve", code=2)
    assert "in force already" in refused


def test_removed_ones_are_counted(home):
    _, second = add_later(home)
    shutil.rmtree(home.publication(second))
    assert "1 more were removed" in run(home, "list")


def test_the_list_names_the_one_that_postgresql_shows(home, server):
    """Before the first load, after it, after a rollback of the files alone, and where the one it shows is gone."""
    first, second = add_later(home)
    assert "PostgreSQL shows no publication: `omraadetal publications load`" in run(home, "list", url=server.admin_url)
    run(home, "load", url=server.admin_url)
    lines = run(home, "list", url=server.admin_url).splitlines()
    assert [line.split()[-1] for line in lines if first in line] == ["shown"]
    assert [line.split()[-1] for line in lines if second in line] == ["kept"]
    swap_link(home.current, home.publication(second))
    rows = json.loads(run(home, "list", "--format", "json", url=server.admin_url))
    assert [(one["publication_id"], one["is_in_force"], one["is_in_postgres"]) for one in rows] == [
        (first, False, True),
        (second, True, False),
    ]
    shutil.rmtree(home.publication(first))
    told = run(home, "list", url=server.admin_url)
    assert f"PostgreSQL shows {first}, which is not kept here" in told and "shown\n" not in told


def test_without_a_database_named_the_list_says_nothing_of_one(home):
    assert "PostgreSQL" not in run(home, "list")
    (one,) = json.loads(run(home, "list", "--format", "json"))
    assert one["is_in_postgres"] is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://loader:hemmeligt@127.0.0.1:9/omraadetal", "127.0.0.1:9/omraadetal does not answer"),
        ("postgresql://loader:hemmeligt@[::1/omraadetal", "cannot be read as the address of a database"),
    ],
)
def test_the_list_comes_where_the_database_is_away(home, url, reason):
    ended = done(home, "list", url=url)
    assert ended.returncode == 0 and "Traceback" not in ended.stderr
    (line,) = [line for line in ended.stdout.splitlines() if home.current.resolve().name in line]
    assert line.split()[-3:] == ["in", "force", "unknown"]
    assert reason in ended.stderr and "hemmeligt" not in ended.stdout + ended.stderr
    told = done(home, "list", "--format", "json", url=url)
    assert json.loads(told.stdout)[0]["is_in_postgres"] is None and reason in told.stderr


@pytest.mark.parametrize("words", [("--by", " ", "--reason", "x"), ("--by", "x", "--reason", " "), ("--by", "x")])
def test_a_rollback_needs_who_and_why(home, words):
    run(home, "rollback", "x", *words, code=2)


def test_an_empty_home_says_what_to_do(tmp_path):
    assert "omraadetal nightly" in run(Paths(tmp_path), "list")
