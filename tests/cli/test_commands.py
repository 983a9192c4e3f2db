"""The command line as a user meets it: exit codes, messages, help."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vocabulary.settings import PROJECT_ROOT
from warehouse.paths import Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
COMMANDS = (
    "nightly",
    "ingest",
    "build",
    "check",
    "publish",
    "report",
    "notify",
    "status",
    "peek",
    "explain",
    "flags",
    "demo",
    "approve",
    "refused",
    "keys",
    "erase",
    "person",
    "retention",
    "backfill",
    "backup",
    "restore",
)


def run(*arguments, **environment):
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command():
    text = run("--help").stdout
    assert all(command in text for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nightly", "--as-of", "i går"),
        ("explain", "x"),
        ("fly",),
        ("nightly", "--fast"),
        ("peek", "no_such_file.csv"),
        ("approve",),
        ("approve", "--by", " "),
        ("approve", "--by", "programleder", "--reject"),
        ("keys", "rotate", "a-key-as-an-argument-that-is-long-enough"),
    ],
)
def test_wrong_usage_exits_with_2(arguments):
    assert run(*arguments).returncode == 2


def test_a_missing_landing_zone_exits_with_1_and_says_what_to_do(tmp_path):
    done = run("nightly", "--landing", tmp_path / "gone", "--home", tmp_path / "home")
    assert done.returncode == 1
    assert "gone does not exist" in done.stderr and "--landing" in done.stderr and "Traceback" not in done.stderr


def test_commands_that_need_a_publication_say_so(tmp_path):
    for arguments in (("explain", "brobygningssamtaler", "ringparken", "2022"), ("report",)):
        done = run(*arguments, "--home", tmp_path)
        assert done.returncode == 1 and "omraadetal nightly" in done.stderr


def test_a_switch_that_is_neither_on_nor_off_is_an_error(tmp_path):
    done = run("status", "--home", tmp_path, OMRAADETAL_HOLD_RESTATEMENTS="jatak")
    assert done.returncode == 1 and "OMRAADETAL_HOLD_RESTATEMENTS" in done.stderr and "yes" in done.stderr


def test_with_nothing_to_decide_on_approve_and_refused_say_so(tmp_path):
    for arguments in ((), ("no_such_build",)):
        done = run("approve", *arguments, "--by", "programleder", "--home", tmp_path)
        assert done.returncode == 1 and ("waits for a person" in done.stderr or "no_such_build" in done.stderr)
    assert "No night was refused" in run("refused", "--home", tmp_path).stdout
    assert "omraadetal refused" in run("refused", "no_such_build", "--home", tmp_path).stderr


def test_check_without_a_build_says_so(tmp_path):
    assert "omraadetal build" in run("check", "--home", tmp_path).stderr


def test_a_broken_agreement_is_named_by_file_line_and_key(tmp_path):
    for path in (PROJECT_ROOT / "agreements").glob("*.yaml"):
        text = path.read_text()
        (tmp_path / path.name).write_text(text.replace("programme: En", "programmme: En"))
    done = run("nightly", "--home", tmp_path / "home", OMRAADETAL_AGREEMENTS=str(tmp_path))
    assert done.returncode == 1
    assert "sammenhaengskraft_og_medborgerskab.yaml, line 5, programmme" in done.stderr


def test_a_full_disk_is_told_and_changes_nothing(tmp_path, sample_night, monkeypatch):
    from nightly import stages
    from vocabulary.errors import DiskFull
    from warehouse.store import Folder

    settings, _ = sample_night
    current = Paths.of(settings).current.resolve()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "write", full)
    with pytest.raises(DiskFull, match="Nothing that was published has changed"):
        stages.find_new(settings, stages.latest_build(settings).as_of)
    assert Paths.of(settings).current.resolve() == current


def test_status_and_explain_of_the_sample_night(sample_night):
    home = sample_night[0].home
    status = run("status", "--home", home)
    assert status.returncode == 0 and "vejledninger" in status.stdout and "beboertal" in status.stdout
    told = run("explain", "brobygningssamtaler", "alle_omraader", "2021/22", "--home", home).stdout
    assert "1.420" in told and "vejledninger_2022_rettet.csv" in told and "1.084" in told
    unknown = run("explain", "brobygninger", "alle_omraader", "2022", "--home", home)
    assert unknown.returncode == 1 and "Known indicators: beboertal" in unknown.stderr


def test_explain_says_nothing_of_a_suppressed_figure(sample_night):
    told = run("explain", "boern_i_boernedemokrati", "motalavej", "2023", "--home", sample_night[0].home).stdout
    assert (
        "skjult af hensyn til fortrolighed" in told and "forloeb_2023.csv, delivered 2024-01-22: rows not told" in told
    )


def test_peek_tells_headings_and_counts_and_no_cell(tmp_path):
    file = PROJECT_ROOT / "samples" / "landing" / "vejledninger" / "2022-01-10" / "vejledninger_2021.csv"
    done = run("peek", file, "--out", tmp_path)
    assert "cp1252, delimiter ;" in done.stdout and "Boligområde" in done.stdout
    assert "Nguyen" not in done.stdout
    assert (tmp_path / "vejledninger_2021.csv.csv").stat().st_mode & 0o777 == 0o600
    assert run("peek", file, "--as", "excel").returncode == 1
    headless = tmp_path / "headless.csv"
    headless.write_text("2;15-10-2024;Ringparken;610190-1234;Hemmelig Person\n")
    told = run("peek", headless).stdout
    assert "(5 columns)" in told and "no heading line" in told and "Hemmelig" not in told


def test_two_nights_at_once_are_refused(tmp_path):
    from nightly.lock import run_lock

    paths = Paths(tmp_path)
    paths.create()
    with run_lock(paths, "another night"):
        for command in ("build", "nightly"):
            done = run(command, "--home", tmp_path)
            assert done.returncode == 1
            assert "Another run" in done.stderr and f"another night by {getpass.getuser()} on " in done.stderr
