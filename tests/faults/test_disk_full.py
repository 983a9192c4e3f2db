"""A disk that is full before or while the night writes: the error of the catalogue, and nothing is taken as read."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks.faults.disk import can_mount, fill, small_disk
from ingest.readers import spss_file
from ingest.stage import Ingest
from nightly import stages
from nightly.running import stage
from publish.contract import Contract
from publish.publication import finish
from vocabulary.errors import DiskFull, PostgresFull
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.journal import Journal
from warehouse.paths import PUBLICATION_FILE, Paths

DAY = date(2025, 11, 1)
SURVEY = PROJECT_ROOT / "samples" / "landing" / "tryghedssurvey" / "2022-03-15" / "tryghedssurvey_2021.sav"
PROGRAM = Path(sys.executable).with_name("omraadetal")


def full(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own; skipped where none may be mounted."""
    if not can_mount():
        pytest.skip("only root mounts a disk")
    try:
        with small_disk(tmp_path / "disk") as folder:
            yield folder
    except subprocess.CalledProcessError:
        pytest.skip("no disk can be mounted here")


@pytest.mark.usefixtures("in_this_process")
def test_a_survey_that_found_no_room_to_be_read_is_not_refused_for_good(settings, deliver, monkeypatch):
    """SPSS files are read from a copy on the disk; a refusal would stand in the ledger for ever."""
    deliver("tryghedssurvey", "2022-03-15", SURVEY.name, SURVEY.read_bytes())
    files = stages.find_new(settings, DAY).files
    with monkeypatch.context() as patched, pytest.raises(DiskFull):
        patched.setattr(spss_file.Path, "write_bytes", full)
        stages.ingest_files(settings, files)
    assert Ingest(settings).ledger.records() == []
    (record,) = stages.ingest_files(settings, stages.find_new(settings, DAY).files)
    assert record.reason_code is None and record.rows_loaded


def test_a_home_for_whose_folders_there_is_no_room_is_no_question_of_rights(settings, monkeypatch):
    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(DiskFull, match="Free some space"), stage(settings, "build", None):
        raise AssertionError("the stage began")


@pytest.mark.parametrize("told", ["IO Error: Could not write file: No space left on device", "Disk quota exceeded"])
def test_a_library_that_says_so_in_an_error_of_its_own_is_understood(settings, told):
    with pytest.raises(DiskFull), stage(settings, "check", None):
        raise RuntimeError(told)


def test_what_has_another_cause_or_comes_after_publishing_is_told_as_it_is(settings):
    for error in (RuntimeError("No space between words"), PostgresFull(where="there"), ValueError("x")):
        with pytest.raises(type(error)), stage(settings, "postgres", None):
            raise error


@pytest.mark.parametrize("free", [0, 64 * 1024, 200 * 1024])
def test_a_night_that_finds_no_room_says_so_and_reads_everything_when_there_is(disk, free):
    home, landing = disk / "home", PROJECT_ROOT / "samples" / "landing"
    command = [PROGRAM, "ingest", "--home", home, "--landing", landing, "--as-of", DAY.isoformat()]
    fill(disk / "ballast", free)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == DiskFull.exit_code and "The disk ran full while the stage ingest" in done.stderr
    (disk / "ballast").unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    read = [line for line in done.stdout.splitlines() if line.startswith("read ")]
    assert done.returncode == 0 and "refused" not in done.stdout and 0 < len(read) <= 22
    records = len(list((home / "ledger").rglob("[!.]*.json")))
    assert records == len([path for path in landing.rglob("*") if path.is_file()])


def test_what_is_still_in_the_write_ahead_log_is_published(tmp_path, sample_night):
    """Where dbt ends without room to empty the log it says nothing, and its tables are in the log alone."""
    file = tmp_path / PUBLICATION_FILE
    shutil.copyfile(sample_night[1].publication / PUBLICATION_FILE, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("create table marts.written_last as select 1 as one")
        connection.execute("update marts.dim_source set owner = 'written last'")
    assert file.with_name(f"{file.name}.wal").stat().st_size
    entry = Journal(Paths.of(sample_night[0]).journal).entries()[-1]
    finish(file, entry, Contract.of_publication(sample_night[1].publication))
    with reading(file) as connection:
        assert connection.execute("select distinct owner from marts.dim_source").fetchall() == [("written last",)]
    assert not list(tmp_path.glob("*.wal"))
