"""What a file does to the process that reads it ends that process, with a reason, and nothing else."""

import ctypes
import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import psutil
import pytest

from ingest.isolation import Limits, apart
from ingest.nearby import sent_after
from ingest.peek import tables_in
from ingest.stage import Ingest
from tests.ingest.hostile_files import FAR_CELL, HEAD, ROW, workbook
from vocabulary.errors import FileRefused, FormatUnknown, ReaderNotStarted
from vocabulary.reasons import FileReason
from vocabulary.settings import ReadingSettings
from warehouse.paths import OWNER_ONLY_FOLDER
from warehouse.store import Folder

LIMITS = Limits(seconds=1, memory_bytes=300 << 20)
DAY = date(2025, 11, 1)


def call(function, *args):
    return apart(function, *args, limits=LIMITS, what="v.csv")


@pytest.mark.parametrize(
    ("reason", "function", "args"),
    [
        (FileReason.TOOK_TOO_LONG, sum, (range(10**13),)),
        (FileReason.TOOK_TOO_LONG, signal.pause, ()),
        (FileReason.TOO_LARGE, bytes, (1 << 30,)),
        (FileReason.READER_CRASHED, os.abort, ()),
        (FileReason.READER_CRASHED, ctypes.string_at, (0,)),
        (FileReason.READER_CRASHED, os._exit, (0,)),
        (FileReason.READER_CRASHED, sys.exit, ("hemmelig",)),
        (FileReason.READER_CRASHED, int, ("hemmelig",)),
    ],
    ids=["spins", "sleeps", "memory", "aborts", "segfault", "ends", "exits", "raises"],
)
def test_whatever_ends_a_reading_is_a_refusal_with_its_reason(reason, function, args):
    with pytest.raises(FileRefused) as caught:
        call(function, *args)
    assert caught.value.facts["reason"] is reason
    assert str(caught.value).startswith("v.csv: ") and "hemmelig" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    assert call(len, "the next file") == len("the next file")


def test_what_a_reading_writes_is_for_its_owner_alone_whoever_started_the_worker(tmp_path):
    before = os.umask(0)
    try:
        starter = threading.Thread(target=call, args=(os.mkdir, str(tmp_path / "made")))  # with a worker of its own
        starter.start()
        starter.join()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == OWNER_ONLY_FOLDER


def test_one_worker_reads_one_file_after_the_other():
    assert call(os.getpid) == call(os.getpid) != os.getpid()


def test_a_catalogued_error_arrives_with_its_facts_and_a_full_disk_as_one():
    with pytest.raises(FormatUnknown, match="Known formats") as caught:
        # a second may go with importing the readers
        apart(tables_in, b"hemmelig", "v.xlsx", "excel", limits=replace(LIMITS, seconds=30), what="v.xlsx")
    assert caught.value.facts["file"].startswith("v.xlsx as excel")
    with pytest.raises(OSError, match="No space left") as full:
        call(Path.write_bytes, Path("/dev/full"), b"x")
    assert full.value.errno == errno.ENOSPC


def test_the_worker_knows_no_secret_and_leaves_no_memory_behind():
    assert os.environ["OMRAADETAL_PSEUDONYM_KEY"] and call(os.getenv, "OMRAADETAL_PSEUDONYM_KEY") is None
    command = " ".join(psutil.Process(call(os.getpid)).cmdline())
    assert "ingest.isolated_worker" in command and os.environ["OMRAADETAL_PSEUDONYM_KEY"] not in command
    assert call(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


def test_what_a_reading_prints_is_shown_to_nobody(capfd):
    call(os.write, 2, b"hemmelig")
    call(os.write, 1, b"hemmelig")
    assert capfd.readouterr() == ("", "")


def test_what_a_worker_started_ends_with_it(tmp_path):
    told = tmp_path / "pid"
    call(os.system, f"sleep 1000 & echo $! > {told}")
    with pytest.raises(FileRefused):
        call(os.abort)
    assert gone(int(told.read_text()))


def test_a_worker_ends_with_its_thread():
    pids = []
    thread = threading.Thread(target=lambda: pids.append(call(os.getpid)))
    thread.start()
    thread.join()
    assert pids[0] != call(os.getpid) and gone(pids[0])


@pytest.mark.parametrize("task", ["signal.pause", "sum, range(10**13)"], ids=["sleeps", "spins"])
def test_a_worker_ends_with_a_process_that_is_killed(task):
    program = f"""
import os, signal
from ingest.isolation import Limits, apart
from ingest.nearby import sent_after
print(apart(os.getpid, limits=Limits(60, 1 << 30), what="x"), flush=True)
apart({task}, limits=Limits(60, 1 << 30), what="x")
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        worker = int(process.stdout.readline())
        assert psutil.pid_exists(worker)
        process.kill()
    assert gone(worker)


def test_a_fork_has_a_worker_of_its_own_and_leaves_the_other_alone():
    program = """
import os
from ingest.isolation import Limits, apart
from ingest.nearby import sent_after
ask = lambda: apart(os.getpid, limits=Limits(60, 1 << 30), what="x")
first = ask()
if child := os.fork():
    os.waitpid(child, 0)
    print(ask() == first, flush=True)
else:
    print(ask() == first, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_reader_that_does_not_start_is_no_fault_of_the_file(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    answers = []

    def ask():
        with pytest.raises(ReaderNotStarted) as caught:
            call(len, "x")
        answers.append(caught.value)

    thread = threading.Thread(target=ask)  # without a worker yet
    thread.start()
    thread.join()
    assert "exit code 1" in str(answers[0])


def gone(pid):
    """Whether a process is no longer there, within a time that is long for any machine."""
    try:
        psutil.Process(pid).wait(timeout=30)
    except psutil.NoSuchProcess:
        return True
    return True


def test_a_file_that_ends_its_reader_is_refused_and_the_others_are_read(settings, deliver):
    deliver("aktiviteter", "2023-01-12", "a_2022.xlsx", workbook([FAR_CELL]))
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(settings)
    records = ingest.read_files(ingest.find_new(DAY).files)
    assert {one.file_name: one.reason_code for one in records} == {"a_2022.xlsx": "too_large", "v_2022.csv": None}
    assert ingest.ledger.records() == records
    stored = {path.name for path in settings.home.rglob("*") if path.is_file() and path.name != "_schema.parquet"}
    assert not [name for name in stored if name.startswith(".") or records[0].reading_id in name]


def test_a_file_that_met_a_limit_is_tried_again_and_read_when_the_limit_is_raised(settings, deliver, monkeypatch):
    monkeypatch.setattr("ingest.isolation.MEMORY_PER_BYTE", 0)
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW * 300_000)
    for reading, reason in ((ReadingSettings(memory_mib=200), "too_large"), (ReadingSettings(), None)):
        ingest = Ingest(replace(settings, reading=reading))
        (record,) = ingest.read_files(ingest.find_new(DAY).files)
        assert record.reason_code == reason
        assert [one.reason_code for one in ingest.ledger.records()] == [reason]
    assert ingest.find_new(DAY).files == ()


def test_a_reader_that_is_killed_leaves_nothing_that_it_wrote(tmp_path):
    (tmp_path / "raw" / "vejledninger").mkdir(parents=True)
    begun = tmp_path / "raw" / "vejledninger" / ".a.parquet.0123abcd.part"
    with pytest.raises(FileRefused), sent_after(Folder.at(str(tmp_path)), "vejledninger", "a.parquet"):
        call(Path.write_bytes, begun, b"hemmelig")
        copy = Path(call(tempfile.mkdtemp), "copy")
        call(Path.write_bytes, copy, b"hemmelig")
        assert begun.exists() and copy.exists() and copy.parent.parent.name.startswith("omraadetal-")
        call(signal.pause)
    assert not begun.exists() and not copy.parent.parent.exists()


def test_limits_grow_with_the_file():
    small, large = (Limits.of(ReadingSettings(), size) for size in (0, 10_000_000))
    assert (small.seconds, small.memory_bytes) == (30, 1 << 30)
    assert large.seconds > small.seconds and large.memory_bytes > small.memory_bytes
    assert Limits.of(ReadingSettings(), 10**10).memory_bytes == 4 << 30
