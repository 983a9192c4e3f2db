"""`omraadetal peek --format csv`: the table as read, as one kind of CSV, whatever it was before."""

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.hostile_files import FAR_CELL, cells_without_end, gzip_bomb, workbook, zipped

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
DELIVERED = 'Sags-id;Område;Notat\n1;Sydbyen;"på ""nettet"", ja"\n2;Ringparken;æøå\n'
READ = b'Sags-id,Omr\xc3\xa5de,Notat\n1,Sydbyen,"p\xc3\xa5 ""nettet"", ja"\n2,Ringparken,\xc3\xa6\xc3\xb8\xc3\xa5\n'


def run(*words, **set_to):
    return subprocess.run(
        [PROGRAM, "peek", *map(str, words)], env={**os.environ, **set_to}, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    "content",
    [
        DELIVERED.encode("cp1252"),
        DELIVERED.encode("utf-16"),
        gzip.compress(DELIVERED.encode()),
        zipped(DELIVERED.encode()),
    ],
    ids=["cp1252", "utf-16", "gzip", "zip"],
)
def test_the_table_is_written_as_utf_8_with_commas(tmp_path, content):
    file = tmp_path / "udtræk.dat"
    file.write_bytes(content)
    done = run("--format", "csv", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, READ, b"")


def test_a_file_without_content_gives_none(tmp_path):
    (tmp_path / "tom.csv").touch()
    assert run("--format", "csv", tmp_path / "tom.csv").stdout == b""
    assert b"note: it is empty" in run(tmp_path / "tom.csv").stdout


def test_a_folder_is_written_into_a_folder_file_by_file(tmp_path):
    landing, out = tmp_path / "landing", tmp_path / "out"
    for place in ("a", "b"):
        (landing / place).mkdir(parents=True)
        (landing / place / "u.csv").write_text(DELIVERED)
    (landing / "c.csv").write_text("1;2\n3;4\n")
    done = run("--format", "csv", "--out", out, landing)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["c.csv.csv", "u.csv.csv", "u.csv_2.csv"]
    assert (out / "u.csv.csv").read_bytes() == READ and (out / "c.csv.csv").read_text().startswith("col_0,col_1\n1,2")
    assert stat.S_IMODE((out / "u.csv.csv").stat().st_mode) == 0o600


def test_several_files_need_a_folder_and_one_that_cannot_be_read_stops_no_other(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.xlsx"
    good.write_text(DELIVERED)
    bad.write_bytes(b"PK\x03\x04" + os.urandom(200))
    assert run("--format", "csv", good, good).returncode == 2
    done = run("--format", "csv", "--out", tmp_path / "out", bad, good)
    assert done.returncode == 1 and b"bad.xlsx" in done.stderr
    assert (tmp_path / "out" / "good.csv.csv").read_bytes() == READ
    assert run("--format", "csv", bad).returncode == 1


FOLKETAL = {
    "dataset": {
        "label": "Folketal efter område og tid",
        "note": ["Databrud i 2024."],
        "dimension": {
            "OMRÅDE": {"label": "område", "category": {"index": ["330"], "label": {"330": "Slagelse"}}},
            "Tid": {"label": "tid", "category": {"index": {"2024": 1, "2023": 0}}},
            "id": ["OMRÅDE", "Tid"],
            "size": [1, 2],
            "role": {"time": ["Tid"]},
        },
        "value": [78968.5, None],
        "status": {"1": ".."},
    }
}
FOLKETAL_PX = """CHARSET="ANSI";
TITLE="Folketal efter område og tid";
STUB="område";
HEADING="tid";
VALUES("område")="Slagelse";
VALUES("tid")="2023","2024";
NOTE="Databrud i 2024.";
DATA=
78968.50 ".."
;
"""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", json.dumps(FOLKETAL).encode(), "a.json [1]: json-stat (JSON-stat 1), 2 rows"),
        ("a.px", FOLKETAL_PX.encode("cp1252"), "a.px [-]: px (PC-Axis, cp1252), 2 rows"),
        ("a.dat", gzip.compress(FOLKETAL_PX.encode()), "a.dat [-]: px (PC-Axis, utf-8-sig), 2 rows"),
    ],
)
def test_a_table_of_statistics_is_told_and_written_cell_by_cell(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    lines = run(tmp_path / name).stdout.decode().splitlines()
    assert lines == [
        told,
        "  område | tid | value | status",
        "  text | number | number | nothing",
        "  note: title: Folketal efter område og tid",
        "  note: område: 1 value",
        "  note: tid: 2 values, 2023 to 2024",
        "  note: it notes: Databrud i 2024.",
    ]
    done = run("--format", "csv", tmp_path / name)
    assert done.stdout.decode() == "område,tid,value,status\nSlagelse,2023,78968.5,\nSlagelse,2024,,..\n"


@pytest.mark.parametrize("text", ['{"a": 1}\n', "[1, 2]\n", "A=1\nB=2\n", 'NAME="a";VALUE="b"\n'])
def test_what_only_begins_like_a_table_of_statistics_is_text(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    assert b": csv (" in run(tmp_path / "a.json").stdout


@pytest.mark.parametrize("content", [b'{"dimension"' * 100_000, b'STUB="a";\nDATA=\n1'], ids=["json", "px"])
def test_a_damaged_table_of_statistics_is_told_as_one(tmp_path, content):
    (tmp_path / "a.bin").write_bytes(content)
    done = run(tmp_path / "a.bin")
    assert done.returncode == 1 and b"a.bin as " in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (gzip_bomb(100), b"unpacks to more than 250 times its size. Ask for the file in parts"),
        (workbook([FAR_CELL]), b"cells is no delivery. Ask for the file in parts"),
        (zipped(DELIVERED.encode(), "a.csv", "b.csv"), b"holds 2 files, where one is expected. Deliver the files one"),
        (gzip.compress(DELIVERED.encode())[:-9], b"is no whole gzip file (EOFError). Open the file"),
    ],
    ids=["gzip", "far cell", "two files", "cut"],
)
def test_a_hostile_file_ends_with_an_error_that_says_why(tmp_path, content, told):
    (tmp_path / "x.dat").write_bytes(content)
    done = run(tmp_path / "x.dat")
    assert done.returncode == 1 and done.stdout == b""
    assert told in done.stderr and b"Traceback" not in done.stderr and done.stderr.count(b"x.dat") == 1


def test_a_limit_ends_one_file_and_the_others_are_shown(tmp_path):
    (tmp_path / "slow.xlsx").write_bytes(cells_without_end(20))
    (tmp_path / "u.csv").write_text(DELIVERED)
    done = run(tmp_path, OMRAADETAL_READING_SECONDS="1")
    assert (
        b"slow.xlsx: was not read within 1 seconds. Open the file" in done.stderr and b"u.csv [-]: csv" in done.stdout
    )
    assert run(tmp_path / "u.csv", OMRAADETAL_READING_SECONDS="soon").returncode == 1


def test_names_are_shown_on_one_line_and_written_however_long(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("æ" * 125 + ".csv", "a\n\x1b[2Kb.csv", os.fsdecode(b"r\xe6kke.csv")):
        (tmp_path / "in" / name).write_text(DELIVERED)
    done = run("--format", "csv", "--out", tmp_path / "out", tmp_path / "in")
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout and done.stdout.count(b" [-]: csv") == 3
    assert len(list((tmp_path / "out").iterdir())) == 3
