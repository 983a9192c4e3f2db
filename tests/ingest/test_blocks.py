"""Blocks of a file give what a strict reader gives of all of it, wherever they are cut."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.content import Content
from ingest.readers import blocks as blocks_module
from ingest.readers.blocks import blocks
from ingest.readers.encoding import encoding_of, in_utf8
from ingest.readers.records import split
from ingest.readers.table import is_blank
from vocabulary.errors import FileRefused

texts = st.lists(
    st.sampled_from(['"', '""', ";", "\n", "\r\n", "\r", "a", "æ", " ", 'b";', ';"c', "\n\n"]), max_size=60
)
cuts = st.lists(st.integers(0, 80), max_size=4)


def strict(text, width):
    """Rows of the width with their lines, and all other records; None where a quote is never closed. Blank ones, which
    no table has, are left out: an empty line is a row of empty cells or a record of none.
    """
    try:
        records = [one for one in split(text, ";") if one.cells is None or not is_blank(one.cells)]
    except FileRefused:
        return None
    rows = [(one.line, one.cells) for one in records if one.cells is not None and len(one.cells) == width]
    others = [(one.line, one.cells) for one in records if one.cells is None or len(one.cells) != width]
    return rows, others


def in_blocks(chunks, width):
    rows, others = [], []
    try:
        for block in blocks(chunks, ";", width, 1):
            cells = zip(*(column.to_pylist() for column in block.columns), strict=True)
            rows += [(int(line), list(one)) for line, one in zip(block.lines, cells, strict=True) if not is_blank(one)]
            others += [(one.line, one.cells) for one in block.others if one.cells is None or not is_blank(one.cells)]
    except FileRefused:
        return None
    return rows, others


@given(texts, cuts, st.integers(1, 3))
@example(['"', "a", '"', ";", "a", "\n", "a", ";", '"', "\n", '"'], [3], 2)
@example(["a", ";", "a", "\r\n", "a", ";", "a", "\r\n"], [4], 2)
@example(["\n\n", "a", ";", "a"], [1], 2)
@settings(max_examples=1000)
def test_blocks_give_what_a_strict_reader_gives(parts, at, width):
    text = "".join(parts)
    content = text.encode()
    places = sorted({0, len(content), *(len(text[:cut].encode()) for cut in at)})
    chunks = [content[start:end] for start, end in itertools.pairwise(places)]
    assert in_blocks(chunks, width) == strict(text, width)


rows = st.lists(
    st.lists(st.text(alphabet='aæ;"\n ', max_size=5), min_size=2, max_size=2).filter(lambda row: not is_blank(row)),
    min_size=1,
    max_size=8,
)


@given(rows, st.sampled_from(["\n", "\r\n"]))
def test_well_formed_text_is_read_as_columns(monkeypatch_never_slow, rows, end):
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    content = "".join(";".join(row) + end for row in quoted).encode()
    assert in_blocks([content], 2) == ([(line, cells) for line, cells in _lines(rows, end)], [])


def _lines(rows, end):
    line = 1
    for row in rows:
        yield line, row
        line += 1 + sum(cell.count("\n") for cell in row)


@pytest.fixture(scope="module")
def monkeypatch_never_slow():
    """Reading record by record is an error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks_module, "_record_by_record", None)
        yield


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-1", "utf-8", "utf-8-sig", "utf-16"])
def test_text_is_the_same_in_pieces(monkeypatch, encoding):
    monkeypatch.setattr("ingest.content.CHUNK_BYTES", 7)
    text = "Bemærkning;Åse\r\n" * 9 + ("" if encoding == "iso-8859-1" else "– 5 €")
    content = Content.of(text.encode(encoding))
    assert encoding_of(content, ["ascii", encoding]) == encoding
    assert b"".join(in_utf8(content, encoding)).decode() == text


@pytest.mark.parametrize("sign", ["\x7f", "€", "Ÿ", "\xa0", "ÿ"])
@pytest.mark.parametrize("before", [0, 1 << 18, (1 << 18) - 1])
def test_a_sign_that_only_one_of_two_encodings_has_is_found_wherever_it_stands(sign, before):
    text = "a" * before + sign
    assert b"".join(in_utf8(Content.of(text.encode("cp1252")), "cp1252")).decode() == text


def test_a_later_piece_that_does_not_fit_changes_the_encoding(monkeypatch):
    monkeypatch.setattr("ingest.content.CHUNK_BYTES", 7)
    content = Content.of(b"a" * 30 + "ø".encode("cp1252"))
    assert encoding_of(content, ["utf-8-sig", "cp1252"]) == "cp1252"
    with pytest.raises(FileRefused, match=r"the text is not utf-8\."):
        encoding_of(content, ["utf-8"])
