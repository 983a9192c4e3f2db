"""`omraadetal report`: which report it writes, where, and how it ends when it can't."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.paths import Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
MINUTES = "Møde 9.12.2025, punkt 4"


@pytest.fixture(scope="module")
def home(sample_night, tmp_path_factory):
    home = tmp_path_factory.mktemp("report") / "home"
    shutil.copytree(sample_night[0].home, home, symlinks=True)
    return home


@pytest.fixture
def run(home):
    def run(*arguments):
        return subprocess.run(
            [PROGRAM, "report", "--home", str(home), *arguments],
            env={**os.environ, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_without_a_year_it_writes_what_the_night_writes(run, home):
    folder = Paths(home).current.resolve() / "report"
    shutil.rmtree(folder)
    done = run()
    assert done.returncode == 0, done.stderr
    assert [Path(line).name for line in done.stdout.splitlines()] == [
        "rapport.html",
        "rapport.pdf",
        "rapport.xlsx",
        "kvalitet.html",
    ]
    assert all(Path(line).stat().st_size > 0 for line in done.stdout.splitlines())


def test_an_earlier_year_gets_files_of_its_own_beside_those_of_the_night(run):
    done = run("--year", "2021", "--year-kind", "agreement")
    assert done.returncode == 0, done.stderr
    page, *others = map(Path, done.stdout.splitlines())
    assert page.stem == "rapport_sammenhaengskraft_og_medborgerskab_agreement_2021"
    assert sorted(path.suffix for path in others) == [".pdf", ".xlsx"]
    assert "2021/22" in page.read_text() and "1.663" not in page.read_text()
    assert (page.parent / "rapport.html").exists()


def test_the_same_report_again_is_the_same_files(run):
    first = run("--year", "2022").stdout.splitlines()
    before = {path: Path(path).read_bytes() for path in first}
    assert run("--year", "2022").stdout.splitlines() == first
    assert {path: Path(path).read_bytes() for path in first} == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--year", "2031"], 4, "it has 2021/22, 2022/23, 2023/24, 2024/25"),
        (["--agreement", "en_anden"], 4, "sammenhaengskraft_og_medborgerskab, and no such agreement"),
        (["--final"], 2, "--final and --minutes belong together"),
        (["--minutes", MINUTES], 2, "--final and --minutes belong together"),
        (["--final", "--minutes", " "], 2, "--final and --minutes belong together"),
        (["--year-kind", "skoleår"], 2, "skoleår"),
    ],
)
def test_what_cannot_be_made_is_said_with_what_can(run, arguments, code, told):
    done = run(*arguments)
    assert done.returncode == code and told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_approved_report_is_frozen_and_said_where(run, home):
    done = run("--final", "--minutes", MINUTES, "--year", "2023")
    assert done.returncode == 0, done.stderr
    told, folder = done.stdout.splitlines()
    assert told == f"edition 1 of 2023/24, approved by: {MINUTES}"
    assert Path(folder).parent == Paths(home).editions and (Path(folder) / "rapport.pdf").exists()


def test_before_anything_is_published_it_says_what_to_do(tmp_path):
    done = subprocess.run([PROGRAM, "report", "--home", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Run `omraadetal nightly` first" in " ".join(done.stderr.split())
