"""Text that nobody declared: read as it was meant, or with a word on what was odd; never lost, never a crash."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.dialects.__main__ import outcome
from benchmarks.dialects.corpus import SPOILT, cases
from ingest.detection.reading import read_cells, read_text
from ingest.detection.records import Dialect, records_of

CASES = list(cases(20 * len(SPOILT), seed=1))


@pytest.mark.parametrize("spoilt", SPOILT)
def test_files_whose_tables_are_known_are_read_exactly_or_with_a_word(spoilt):
    """`python -m benchmarks.dialects` counts more of them."""
    outcomes = {case.name: outcome(case, read_text(case.content)) for case in CASES if f" {spoilt}, " in case.name}
    assert len(outcomes) == 20
    assert [name for name, told in outcomes.items() if told == "wrong"] == []
    assert sum(told == "exact" for told in outcomes.values()) >= 17


TABLE = 'id;dato;timer;notat\n1;01-02-2024;1,5;ok\n2;02-02-2024;2,5;"a;b"\n3;03-02-2024;3,5;"sagde ""nej"""\n'


def read(text):
    found = read_text(text.encode() if isinstance(text, str) else text)
    return found.columns, found.rows


def test_decimal_commas_do_not_make_columns():
    columns, rows = read(TABLE)
    assert columns == ["id", "dato", "timer", "notat"]
    assert rows[1] == ["2", "02-02-2024", "2,5", "a;b"] and rows[2][3] == 'sagde "nej"'


@pytest.mark.parametrize("cell", ["01", "02-02-2024", "2,5"])
def test_a_stray_quote_is_part_of_its_cell_and_swallows_nothing(cell):
    text = "id;dato;timer;notat\n" + "".join(f'0{at};0{at}-02-2024;{at},5;"n, {at}"\n' for at in range(1, 9))
    found = read_text(text.replace(cell, f'"{cell}', 1).encode())
    assert len(found.rows) == 8 and sum(value == f'"{cell}' for row in found.rows for value in row) == 1


def test_a_quote_at_the_end_of_a_line_does_not_swallow_the_next():
    found = read_text(b'a,b,c\n1,"x, y",\n2,"z, w","\n3,"u, v",\n4,"s, t",\n')
    assert found.rows == [["1", "x, y", ""], ["2", "z, w", '"'], ["3", "u, v", ""], ["4", "s, t", ""]]


def test_a_quoted_cell_with_unescaped_quotes_keeps_them():
    rows = "".join(f'{at},"note, {at}",{at}.5,x\n' for at in range(9))
    found = read_text(f'no,note,hours,word\n{rows}9,"a "big", red box",1.5,x\n'.encode())
    assert found.rows[-1] == ["9", 'a "big", red box', "1.5", "x"] and found.read_again == [11]


def test_a_record_that_is_taken_for_lines_is_told():
    rows = "".join(f"{at};u;{at}\n" for at in range(9))
    found = read_text(f'no;word;hours\n{rows}1;"x;2\n3;y;4\n5;z";6;\n'.encode())
    assert found.rows[9:11] == [["1", '"x', "2"], ["3", "y", "4"]] and 11 in found.read_again


def test_a_longer_row_is_kept_whole_and_the_others_stay_as_they_are():
    found = read_text(b'a,b,c\n1,"x, y",z\n2,"v, w",,u\n3,"s, t",r\n')
    assert found.rows == [["1", "x, y", "z"], ["2", "v, w", "", "u"], ["3", "s, t", "r"]] and found.ragged == [3]


def test_rows_of_a_second_table_are_not_mended_into_the_first():
    first = "".join(f'{at},"a ""b""",{at}.5,x\n' for at in range(10))
    second = "".join(f'{at},"a ""b""",{at}.5\n' for at in range(8))
    found = read_text(f"no,note,hours,word\n{first}no,note,hours\n{second}".encode())
    assert found.read_again == [] and found.rows[-1] == ["7", 'a "b"', "7.5", ""] and len(found.rows) == 19


def test_what_stands_before_the_table_is_left_out_and_its_lines_are_told():
    found = read_text(b"Udtraek\nLavet;1. maj\n\nid;antal\n1;5\n2;6\n3;7\n4;8\n5;9\n")
    assert (found.columns, found.before, found.rows[0]) == (["id", "antal"], [1, 2], ["1", "5"])


def test_a_row_without_values_is_no_heading_and_never_lost():
    rows = "".join(f"Navn {at},Berlin,{at}.5,\n" for at in range(6))
    found = read_text(f"Ministeriet,,,\nRejser,,,\nHvem,Hvor,Pris,Note\nNN,ingen,,\nMM,,,\n{rows}".encode())
    assert found.columns == ["Hvem", "Hvor", "Pris", "Note"] and found.before == [1, 2]
    assert found.rows[:2] == [["NN", "ingen", "", ""], ["MM", "", "", ""]] and len(found.rows) == 8


def test_headings_may_name_less_than_half_of_the_columns_where_no_row_fills_more():
    rows = "".join(f"Navn {at},Maj-{at:02},Sted {at},Emne,,,,,\n,,Sted,,,,,,\n" for at in range(6))
    found = read_text(f"Møder,,,,,,,,\nHvem,Dato,Hvor,Hvad,,,,,\n{rows}".encode())
    assert found.columns[:4] == ["Hvem", "Dato", "Hvor", "Hvad"] and found.before == [1] and len(found.rows) == 12


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("", [], []),
        ("\n\n \n", [], []),
        ("a;b;c\n", ["a", "b", "c"], []),
        ("navn\nAnna\nBo\n", ["navn"], [["Anna"], ["Bo"]]),
        ("1;2,5;x\n2;3,5;y\n", ["col_0", "col_1", "col_2"], [["1", "2,5", "x"], ["2", "3,5", "y"]]),
        ("sted;2020;2021\nA;3;4\nB;5;6\n", ["sted", "2020", "2021"], [["A", "3", "4"], ["B", "5", "6"]]),
        ("sted;2020K1;2020K2\nA;3;4\nB;5;6\n", ["sted", "2020K1", "2020K2"], [["A", "3", "4"], ["B", "5", "6"]]),
        (
            "navn;fra;til\nA;2020;2021\nB;2018;2020\n",
            ["navn", "fra", "til"],
            [["A", "2020", "2021"], ["B", "2018", "2020"]],
        ),
        ("A;2020;2021\nB;2018;2020\n", ["col_0", "col_1", "col_2"], [["A", "2020", "2021"], ["B", "2018", "2020"]]),
        ('"a","b"\n"1","x\ny"\n"2","z"\n', ["a", "b"], [["1", "x\ny"], ["2", "z"]]),
    ],
)
def test_small_files(text, columns, rows):
    assert read(text) == (columns, rows)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), max_size=8)
CELLS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join).map(str.strip)


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(st.integers(0, 9999), CELLS, st.dates(), CELLS), min_size=6, max_size=20),
    delimiter=st.sampled_from(";,\t|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_csv_writer_wrote_comes_back(rows, delimiter, line_end, encoding, quoting):
    table = [[str(number), text, str(day), note] for number, text, day, note in rows]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([["nummer", "navn", "dag", "bemærkning"], *table])
    assert read(text.getvalue().encode(encoding)) == (["nummer", "navn", "dag", "bemærkning"], table)


@settings(max_examples=300)
@given(st.binary(max_size=400) | st.text(alphabet="a1;,\"'\\\n\r\t |", max_size=300).map(str.encode))
def test_no_content_is_too_strange(content):
    found = read_text(content)
    assert all(len(row) >= 1 for row in found.rows) and len(found.lines) == len(found.rows)


@given(st.text(alphabet='ab;"\n\r ', max_size=200), st.sampled_from([";", ",", ""]), st.sampled_from(['"', ""]))
def test_the_records_of_a_text_are_all_of_it(text, delimiter, quote):
    """Nothing lies between records but the ends of lines."""
    bodies = [one.text for one in records_of(text, Dialect(delimiter, quote))]
    at = 0
    for body in bodies:
        found = text.index(body, at) if body else at
        assert text[at:found].strip("\r\n") == ""
        at = found + len(body)
    assert text[at:].strip("\r\n") == ""


def test_many_quotes_that_are_never_closed_take_no_longer_than_others():
    """Trying each of them to the end of the file would take hours."""
    text = "a;b;c\n" + '1;"x;y\n' * 20_000
    assert len(read_text(text.encode()).rows) == 20_000


def test_a_sheet_is_laid_out_as_a_text_is():
    rows = [["Beboere", "", ""], ["", "", ""], ["Afdeling", "2020", "2021"], ["A", "3", "4"], ["B", "5", "6"]]
    found = read_cells(rows)
    assert (found.columns, found.before, found.lines) == (["Afdeling", "2020", "2021"], [1], [4, 5])
    assert read_cells([["", ""], ["", ""]]).columns == [] == read_cells([]).rows
