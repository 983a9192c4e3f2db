"""StatBank's CSV and BULK: marks, decimal signs, absent rows, and what is refused rather than guessed."""

import pytest

from ingest.layouts import CubeLayout
from ingest.readers.cube import ABSENT
from ingest.readers.statbank_csv_file import read_statbank_csv
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

LAYOUT = CubeLayout(layout="one", format="cube", dataset="d", dimensions={"region": ("område",)}, absent_means="0")


def read(*lines, encoding="utf-8", end="\r\n"):
    return read_statbank_csv(end.join(["OMRÅDE;TID;INDHOLD", *lines]).encode(encoding), [LAYOUT])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_mark_comes_and_goes_and_so_do_ends_of_lines(encoding, end):
    cube = read("Læsø;2024;5", "", "Slagelse;2024;6", "", encoding=encoding, end=end)
    assert (cube.variables[0].names, cube.variables[0].texts) == (("OMRÅDE",), ("Læsø", "Slagelse"))
    assert cube.cells == ["5", "6"]


def test_rows_come_in_any_order_and_some_do_not():
    cube = read("b;2024;4", "a;2023;1", "b;2023;3")
    assert [one.texts for one in cube.variables] == [("b", "a"), ("2024", "2023")]
    assert cube.cells == ["4", "3", ABSENT, "1"]


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        (["1,5", "-0,25", "1000"], ["1.5", "-0.25", "1000"]),
        (["1.5", "2.507", "1000"], ["1.5", "2.507", "1000"]),
        (["1,507", "..", "."], ["1.507", "..", "."]),
        (["", "x", "…"], [None, "x", "…"]),
    ],
    ids=["comma", "point", "three decimals", "no numbers"],
)
def test_the_decimal_sign_is_the_one_of_the_file(values, cells):
    assert read(*(f"r{at};2024;{value}" for at, value in enumerate(values))).cells == cells


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["a;2024;1.234,5"], "decimal sign cannot be told"),
        (["a;2024;1.234", "b;2024;0,5"], "decimal sign cannot be told"),
        (["a;2024;1.234.567"], "decimal sign cannot be told"),
        (["a;2024;1", "a;2024;1"], "line 3 stands twice"),
        (["a;2024;1", "b;2024"], "line 3 has 2 fields rather than 3"),
        (["a;2024;1", "b;2024;1;2"], "line 3 has 4 fields"),
        (["a;2024;1", 'b;"2024;1', ""], "quote on line 3"),
        (["a;2024;1", '"b"c;2024;1'], "quote on line 3"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(lines, problem):
    with pytest.raises(FileRefused, match=problem) as caught:
        read(*lines)
    assert caught.value.facts["reason"] is FileReason.FILE_UNREADABLE


def test_a_heading_line_alone_is_an_empty_file():
    with pytest.raises(FileRefused) as caught:
        read()
    assert caught.value.facts["reason"] is FileReason.EMPTY_FILE


def test_lines_of_delimiters_alone_are_no_table():
    with pytest.raises(FileRefused, match="no column of values"):
        read_statbank_csv(b";;\r\n;;", [LAYOUT])


def test_values_that_multiply_are_counted_before_they_are_laid_out():
    content = "OMRÅDE;ALDER;TID;INDHOLD\n" + "".join(f"r{at};a{at};{at};1\n" for at in range(1000))
    with pytest.raises(FileRefused, match="more than 10000000 cells"):
        read_statbank_csv(content.encode(), [LAYOUT])
