"""Errors carry no cell: not in their words, not in what hangs on them, not in files that were left behind."""

import os
import stat
import tempfile
import traceback
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyreadstat
import pytest

from ingest import finish, piece, reading, reading_files, stage
from ingest.readers.spss_file import read_sav
from ingest.stage import Ingest
from vocabulary.errors import FileRefused

DAY = date(2025, 11, 1)
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;05-01-2022;Sydbyen;010190-1234;Maryam Nguyen;LSO;Bolig;Politi;Ja;1,00;hemmelig\n"
SECRET = ("Maryam", "010190", "hemmelig")


def told(error):
    """An error with all that hangs on it, and the variables of its frames as a careless log would show them."""
    seen, text = set(), ""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        text += repr(error) + str(error) + repr(error.__dict__)
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if Path(frame.f_code.co_filename).parent.name == "ingest":
                text += repr(frame.f_locals)
        error = error.__cause__ or error.__context__
    return text


def nothing_secret(text):
    return not [secret for secret in SECRET if secret in text]


def explode(*_):
    try:
        raise ValueError("Maryam Nguyen 010190-1234 hemmelig")
    except ValueError as error:
        raise RuntimeError("hemmelig") from error


@pytest.mark.parametrize(
    "broken",
    [
        (piece, "check_rows"),
        (piece, "with_digests"),
        (finish, "without_personal_data"),
        (reading, "cleaned"),
        (reading, "questions_of"),
        (finish, "as_raw"),
    ],
    ids=lambda broken: broken[1],
)
def test_whatever_breaks_while_a_file_is_read_is_told_by_its_kind(read, monkeypatch, broken):
    monkeypatch.setattr(*broken, explode)
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", "Maryam Nguyen 2022.csv", HEAD + ROW)
    assert "RuntimeError" in str(caught.value) and "[fjernet] 2022.csv" in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    assert nothing_secret(str(caught.value))


@pytest.mark.parametrize(
    ("source", "name", "content"),
    [
        ("vejledninger", "v_2022.csv", HEAD + ROW + '2;"aldrig lukket hemmelig'),
        ("vejledninger", "v_2022.csv", ROW),
        ("vejledninger", "v.csv", HEAD + ROW),
        ("aktiviteter", "a.xlsx", "hemmelig 010190-1234"),
        ("tryghedssurvey", "t_2021.sav", "hemmelig 010190-1234"),
    ],
)
def test_a_refusal_has_nothing_hanging_on_it(read, source, name, content):
    with pytest.raises(FileRefused) as caught:
        read(source, name, content)
    assert caught.value.__cause__ is None and caught.value.__context__ is None and nothing_secret(str(caught.value))


@pytest.mark.usefixtures("in_this_process")
def test_a_value_that_cannot_be_stored_is_not_quoted(settings, deliver, monkeypatch):
    def quoting(*_):
        raise pa.ArrowTypeError("Expected bytes, got a 'Maryam Nguyen 010190-1234' object")

    monkeypatch.setattr(finish, "as_raw", quoting)
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(settings)
    (record,) = ingest.read_files(ingest.find_new(DAY).files)
    assert record.reason_code == "file_unreadable" and "ArrowTypeError" in record.problem
    assert nothing_secret(record.model_dump_json())


def test_a_disk_that_is_full_leaves_no_rows_in_the_frames_of_its_error(settings, deliver, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(settings)
    files = ingest.find_new(DAY).files
    monkeypatch.setattr(stage, "apart", lambda function, *args, **_: function(*args))
    monkeypatch.setattr(reading_files.Folder, "write_parquet", full)
    with pytest.raises(OSError, match="No space") as caught:
        ingest.read_files(files)
    assert nothing_secret(told(caught.value))


def test_what_a_reading_is_shown_as_holds_no_row(read):
    found = read("vejledninger", "v_2022.csv", HEAD + ROW)
    assert "Sydbyen" not in repr(found) and "sydbyen" not in repr(found)


@pytest.fixture
def private_tmp(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


@pytest.mark.parametrize("fails", [True, False])
def test_the_copy_that_a_reader_needs_is_private_and_gone_afterwards(private_tmp, monkeypatch, fails):
    modes = []

    def look(path, **_):
        modes.extend([stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)])
        if fails:
            raise pyreadstat.ReadstatError("hemmelig")
        return "frame", "metadata"

    monkeypatch.setattr(pyreadstat, "read_sav", look)
    before = os.umask(0)
    try:
        if fails:
            with pytest.raises(FileRefused) as caught:
                read_sav(b"hemmelig")
            assert nothing_secret(str(caught.value)) and caught.value.__context__ is None
        else:
            assert read_sav(b"hemmelig") == ("frame", "metadata")
    finally:
        os.umask(before)
    assert modes == [0o600, 0o700] and list(private_tmp.iterdir()) == []
