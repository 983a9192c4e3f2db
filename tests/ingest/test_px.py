"""PC-Axis: its statements, its sets of characters, its ways of writing time and data, and what of it is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.px_file import read_px
from ingest.readers.px_statements import read_statements, strings
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

HEAD = """CHARSET="ANSI";
AXIS-VERSION="2013";
LANGUAGE="da";
LANGUAGES="da","en";
MATRIX="FOLK1A";
DECIMALS=1;
TITLE="Folketal efter område; køn = alle, "
"og tid";
TITLE[en]="Population by region and time";
STUB="område";
STUB[en]="region";
HEADING="tid";
HEADING[en]="time";
VARIABLECODE("område")="OMRÅDE";
VALUES("område")="Slagelse","Læsø (a;b=c)",
"Hele "
"landet";
VALUES[en]("region")="Slagelse","Læsø","All Denmark";
CODES("område")="330","825","000";
"""
TIME = 'VALUES("tid")="2023K4","2024K1";\nCODES("tid")="2023K4","2024K1";\n'
DATA = 'DATA=\n1 2.50\n-3 ".."\n1e3 - ;\n'


def read(text, encoding="cp1252"):
    return read_px(text.encode(encoding))


def test_every_part_of_a_file_is_where_it_belongs():
    cube = read(HEAD + TIME + DATA)
    region, time = cube.variables
    assert cube.title == "Folketal efter område; køn = alle, og tid"
    assert region.names == ("område", "OMRÅDE", "region") and time.names == ("tid", "time")
    assert (region.texts, region.codes) == (("Slagelse", "Læsø (a;b=c)", "Hele landet"), ("330", "825", "000"))
    assert cube.cells == ["1", "2.5", "-3", None, "1000", None]
    assert cube.symbols == [None, None, None, "..", None, "-"]
    assert not time.is_time  # nothing in the file says so; the layout knows its name


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "cp1252"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('CODEPAGE="Windows-1252";\n', "cp1252"),
        ('CODEPAGE="utf-8";\n', "utf-8"),
        ('CODEPAGE="iso-8859-15";\n', "iso-8859-15"),
        ('CODEPAGE="cp850";\n', "cp850"),
        ('CODEPAGE="iso-8859-1";\n', "utf-8-sig"),  # the mark at the beginning knows better
    ],
)
def test_the_set_of_characters_is_the_declared_one_or_that_of_windows(declared, encoding):
    cube = read(HEAD.replace("LANGUAGE=", declared + "LANGUAGE=", 1) + TIME + DATA, encoding)
    assert cube.variables[0].texts[1] == "Læsø (a;b=c)"


@pytest.mark.parametrize("name", ["utf-7", "punycode", "rot13", "zip", "klingon", "cp999999"])
def test_a_set_of_characters_that_is_none_is_refused(name):
    with pytest.raises(FileRefused, match="CODEPAGE") as caught:
        read(f'CODEPAGE="{name}";\n' + HEAD + TIME + DATA)
    assert caught.value.facts["reason"] is FileReason.UNDECODABLE


def test_what_its_codepage_does_not_fit_is_refused():
    with pytest.raises(FileRefused) as caught:
        read('CODEPAGE="utf-8";\n' + HEAD + TIME + DATA)
    assert caught.value.facts["reason"] is FileReason.UNDECODABLE


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        ('TLIST(A1,"2007"-"2010")', ["2007", "2008", "2009", "2010"]),
        ('TLIST(A1),"2007","2009"', ["2007", "2009"]),
        ('TLIST(A1, "2007"-"2008")', ["2007", "2008"]),
        ('TLIST(Q1,"20234"-"20242")', ["2023Q4", "2024Q1", "2024Q2"]),
        ('TLIST(H1),"20241","20242"', ["2024H1", "2024H2"]),
        ('TLIST(M1,"202311"-"202402")', ["2023M11", "2023M12", "2024M01", "2024M02"]),
        # 2020 has 53 weeks
        ('TLIST(W1,"202052"-"202101")', ["2020W52", "2020W53", "2021W01"]),
        ('"2007","2008"', ["2007", "2008"]),
    ],
    ids=str,
)
def test_timeval_gives_the_periods_where_there_are_no_values(value, labels):
    count = len(labels)
    data = f"DATA=\n{' '.join('1' * 3 * count)};"
    cube = read(f'{HEAD}TIMEVAL("tid")={value};\n{data}')
    assert list(cube.variables[1].labels) == labels and cube.variables[1].is_time
    assert list(cube.variables[1].texts) == labels


def test_timeval_marks_time_and_leaves_its_texts():
    cube = read(HEAD + TIME + 'TIMEVAL("tid")=TLIST(Q1,"20234"-"20241");\n' + DATA)
    assert (cube.variables[1].texts, cube.variables[1].labels) == (("2023K4", "2024K1"), ("2023Q4", "2024Q1"))


@pytest.mark.parametrize(
    "data",
    [
        '1 2.50 -3 ".." 1e3 -;',
        '1,2.5,-3,"..",1000,"-";',
        '1;2.50;\n-3;"..";\n1000;-;',
        "1\t2.5\r\n-3 .. 1000 -\r\n;\r\n",
    ],
)
def test_data_may_be_parted_by_blanks_commas_semicolons_and_lines(data):
    assert read(HEAD + TIME + "DATA=" + data).cells == ["1", "2.5", "-3", None, "1000", None]


def test_symbols_are_shown_as_the_file_says():
    shown = 'DATASYMBOL2="fortroligt";\nDATASYMBOLNIL="0*";\n'
    cube = read(HEAD + TIME + shown + 'DATA=\n1 ".."\n"..." .\n"......" "-";\n')
    assert cube.cells == ["1"] + [None] * 5
    assert cube.symbols == [None, "fortroligt", "...", ".", "......", "0*"]


@pytest.mark.parametrize(("kind", "keys"), [("VALUES", ("Slagelse", "Hele landet")), ("CODES", ("330", "000"))])
def test_a_sparse_file_leaves_out_rows_of_zeros(kind, keys):
    rows = f'DATA=\n"{keys[1]}",5 ".."\n"{keys[0]}",1 2\n;'
    assert read(f'{HEAD}{TIME}KEYS("område")={kind};\n{rows}').cells == ["1", "2", "0", "0", "5", None]


def test_footnotes_are_notes():
    notes = 'NOTE="Foreløbige tal.#Databrud "\n"2024.";\nVALUENOTE("område","Læsø")="Ø.";\nNOTE[en]="Provisional.";\n'
    assert read(HEAD + notes + TIME + DATA).notes == ["Foreløbige tal.\nDatabrud 2024.", "Ø."]


def without(text):
    return (HEAD + TIME + DATA).replace(text, "")


BAD = {
    "cut off in its head": HEAD[:-40],
    "cut off in its data": (HEAD + TIME + DATA).rstrip(" ;\n"),
    "cut off in a string": HEAD + 'NOTE="never closed;\n' + DATA.replace('"', ""),
    "no data": HEAD + TIME,
    "no statement": HEAD + "what is this;" + TIME + DATA,
    "a value too few": HEAD + TIME + 'DATA=\n1 2 3 4 ".." ;',
    "no variables": without('STUB="område";\n').replace('HEADING="tid";\n', ""),
    "a variable twice": (HEAD + TIME + DATA).replace('HEADING="tid"', 'HEADING="område"'),
    "no values of a variable": HEAD + DATA,
    "codes too few": HEAD + TIME.replace('CODES("tid")="2023K4",', 'CODES("tid")=') + DATA,
    "periods too many": HEAD + TIME + 'TIMEVAL("tid")=TLIST(A1,"2000"-"2010");\n' + DATA,
    "hundreds of variables": "STUB=" + ",".join(f'"{at}"' for at in range(101)) + ";" + DATA,
    "billions of cells": 'STUB="a","b","c";\n'
    + "".join(f'VALUES("{name}")={",".join(f"{at}" for at in range(2000))};\n' for name in "abc")
    + "DATA=\n1;",
    "keys of an unknown kind": HEAD + TIME + 'KEYS("område")=NAMES;\nDATA=\n"Slagelse",1 2;',
    "keys of no value": HEAD + TIME + 'KEYS("område")=VALUES;\nDATA=\n"Sorø",1 2;',
    "keys twice": HEAD + TIME + 'KEYS("område")=VALUES;\nDATA=\n"Slagelse",1 2\n"Slagelse",1 2;',
    "a row with keys cut off": HEAD + TIME + 'KEYS("område")=VALUES;\nDATA=\n"Slagelse",1;',
}


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_hang_together_is_refused(name):
    with pytest.raises(FileRefused) as caught:
        read(BAD[name])
    assert caught.value.facts["reason"] is FileReason.FILE_UNREADABLE


def test_a_statement_that_cannot_be_read_is_told_by_its_line():
    with pytest.raises(FileRefused, match="line 4 "):
        read('CHARSET="ANSI";\nAXIS-VERSION="2013";\nLANGUAGE="da";\nwhat is this?;\n')


@given(st.lists(st.text(alphabet='aæ ;=,()[]-#"\n', max_size=12)))
def test_no_text_takes_long_or_fails_otherwise(pieces):
    with contextlib.suppress(FileRefused):
        read_statements((HEAD + "".join(pieces) + TIME + DATA).encode("cp1252"))


@given(st.lists(st.lists(st.text(alphabet="aæ ;=,()-", min_size=1), min_size=1, max_size=3), min_size=1, max_size=4))
def test_strings_side_by_side_are_one(parts):
    written = ",".join("\n".join(f'"{part}"' for part in one) for one in parts)
    assert strings(written) == ["".join(one) for one in parts]
