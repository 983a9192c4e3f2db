"""`omraadetal publications` as it is typed: what is listed, and how a rollback is told."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.paths import Paths

OMRAADETAL = Path(sys.executable).with_name("omraadetal")


@pytest.fixture
def home(sample_night, tmp_path):
    source, copy = Paths.of(sample_night[0]), Paths(tmp_path / "home")
    for folder in (source.journal, source.publications, source.current.parent):
        shutil.copytree(folder, copy.home / folder.name, symlinks=True)
    return copy


def run(home: Paths, *words: str, code: int = 0) -> str:
    command = [OMRAADETAL, "publications", *words, "--home", home.home]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


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


@pytest.mark.parametrize("words", [("--by", " ", "--reason", "x"), ("--by", "x", "--reason", " "), ("--by", "x")])
def test_a_rollback_needs_who_and_why(home, words):
    run(home, "rollback", "x", *words, code=2)


def test_an_empty_home_says_what_to_do(tmp_path):
    assert "omraadetal nightly" in run(Paths(tmp_path), "list")
