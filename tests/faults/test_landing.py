"""Files that cannot be opened, come or go while the night reads: the night goes on, says why, and reads them later."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ingest.landing import LandedFile
from ingest.stage import Ingest
from nightly import stages
from vocabulary.errors import FileNotOpened
from vocabulary.settings import PROJECT_ROOT
from warehouse.store import Folder

DAY = date(2025, 11, 1)
SAMPLE = PROJECT_ROOT / "samples" / "landing" / "aktiviteter"
PROGRAM = Path(sys.executable).with_name("omraadetal")


@pytest.fixture
def delivered(settings, deliver):
    """Two readable files; their folder."""
    for day in ("2022-01-20", "2023-01-19"):
        deliver("aktiviteter", day, "Aktiviteter.xlsx", (SAMPLE / day / "Aktiviteter.xlsx").read_bytes())
    return Path(settings.landing) / "aktiviteter" / "2022-01-20"


def read_tonight(settings):
    """What the night's first stage does: the lines of what was passed over, and the names of what was read."""
    found = stages.find_new(settings, DAY)
    passed_over = list(found.passed_over)
    records = stages.ingest_files(settings, found.files, pass_over=lambda error: passed_over.append(str(error)))
    return passed_over, [record.file_name for record in records]


def a_folder(path):
    path.mkdir()


def a_link_to_nowhere(path):
    path.symlink_to("nowhere.xlsx")


def a_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize("make", [a_folder, a_link_to_nowhere, a_pipe])
def test_what_is_no_file_is_named_and_read_once_it_is_one(settings, delivered, make):
    path = delivered / "a_2021.xlsx"
    make(path)
    # in a process of its own: a night that opens a pipe waits for ever
    command = [PROGRAM, "ingest", "--home", settings.home, "--landing", settings.landing, "--as-of", DAY.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and "2 new files" in done.stdout, done.stderr
    assert "passed over aktiviteter/2022-01-20/a_2021.xlsx: " in done.stdout
    path.rmdir() if path.is_dir() else path.unlink()
    shutil.copy(SAMPLE / "2024-01-22" / "Aktiviteter.xlsx", path)
    os.utime(path, (1, 1))
    assert read_tonight(settings) == ([], ["a_2021.xlsx"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root opens every file")
def test_a_file_without_rights_waits_for_them(settings, delivered):
    path = delivered / "Aktiviteter.xlsx"
    path.chmod(0)
    passed_over, read = read_tonight(settings)
    assert len(read) == 1 and "cannot be opened" in passed_over[0]
    path.chmod(0o600)
    assert read_tonight(settings) == ([], ["Aktiviteter.xlsx"])


def gone_at(monkeypatch, method, path):
    """The file goes at the moment at which it is asked for it the first time; it can be put back."""
    aside, asked = path.with_name(".aside"), getattr(Folder, method)

    def ask(self, *parts):
        if parts[-1] == path.name and parts[1] == path.parent.name and path.exists():
            path.rename(aside)
        return asked(self, *parts)

    monkeypatch.setattr(Folder, method, ask)

    def put_back():
        monkeypatch.setattr(Folder, method, asked)
        aside.rename(path)

    return put_back


@pytest.mark.parametrize("method", ["is_file", "opened", "size", "age_seconds"])
def test_a_file_that_goes_while_it_is_looked_at_is_read_when_it_is_back(settings, delivered, monkeypatch, method):
    put_back = gone_at(monkeypatch, method, delivered / "Aktiviteter.xlsx")
    passed_over, read = read_tonight(settings)
    assert len(read) == 1 and len(passed_over) == 1
    assert passed_over[0].startswith("aktiviteter/2022-01-20/Aktiviteter.xlsx: ")
    put_back()
    assert read_tonight(settings) == ([], ["Aktiviteter.xlsx"])


def test_a_file_that_goes_between_listing_and_reading_is_read_when_it_is_back(settings, delivered):
    found = stages.find_new(settings, DAY)
    (delivered / "Aktiviteter.xlsx").rename(delivered / ".aside")
    told = []
    (record,) = stages.ingest_files(settings, found.files, pass_over=told.append)
    assert record.delivered_on == date(2023, 1, 19)
    assert [str(error.facts["file"]) for error in told] == ["aktiviteter/2022-01-20/Aktiviteter.xlsx"]
    (delivered / ".aside").rename(delivered / "Aktiviteter.xlsx")
    assert read_tonight(settings) == ([], ["Aktiviteter.xlsx"])


def test_a_file_that_goes_right_after_it_was_read_is_read_when_it_is_back(settings, delivered, monkeypatch):
    path, asked, aside = delivered / "Aktiviteter.xlsx", Folder.state, delivered / ".aside"
    looks = []

    def ask(self, *parts):
        if parts[-2:] == (delivered.name, path.name) and looks:
            path.rename(aside)
        looks.append(parts)
        return asked(self, *parts)

    monkeypatch.setattr(Folder, "state", ask)
    found, told = stages.find_new(settings, DAY), []
    assert len(stages.ingest_files(settings, found.files, pass_over=told.append)) == 1
    assert [str(error.facts["file"]) for error in told] == ["aktiviteter/2022-01-20/Aktiviteter.xlsx"]
    monkeypatch.undo()
    aside.rename(path)
    assert read_tonight(settings) == ([], ["Aktiviteter.xlsx"])


def test_who_must_read_a_file_again_is_told_that_it_is_gone(settings, delivered):
    """An erasure that passed a file over would leave the person in what was read of it before."""
    file = LandedFile("aktiviteter", date(2022, 1, 20), "Aktiviteter.xlsx")
    (delivered / "Aktiviteter.xlsx").unlink()
    with pytest.raises(FileNotOpened, match="every night tries again"):
        Ingest(settings).read_files([file])
