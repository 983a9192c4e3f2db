"""Tables written in every dialect come back through `omraadetal peek --format csv`, byte for byte."""

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.app import app
from ingest.detection.records import Dialect, records_of

HEADINGS = ["Sags-id", "Dato", "Boligområde", "Notat", "Timer"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1")
DELIMITERS = (";", ",", "\t", "|", "^", "~", "||", ";;", "::", ", ", "\x1f", "¦")
QUOTINGS = ("minimal", "all", "texts", "single", "backslash")
PACKED = ("", "gzip", "zip")
PLAIN = st.text("abcdefgæøåÆØÅéü ", min_size=1, max_size=12)
NOTES = st.lists(PLAIN | st.sampled_from(['"', '""', "; ", ", ", "|", "\n", "\t", "'", "\\", "1,5", "-"]), max_size=4)
# a note within apostrophes is one that is quoted with them, for all that anybody can tell
ROWS = st.lists(
    st.tuples(
        st.integers(1, 10**6).map(str),
        st.dates().map(lambda day: f"{day:%d-%m-}{day.year:04}"),
        st.sampled_from(["Ringparken", "Sydbyen", "Motalavej, Korsør"]),
        NOTES.map("".join).map(str.strip).filter(lambda note: note[:1] != "'" or note[-1:] != "'"),
        st.decimals(0, 99, places=1).map(lambda hours: str(hours).replace(".", ",")),
    ).map(list),
    min_size=8,
    max_size=20,
)


@dataclass(frozen=True)
class Writing:
    """How a table is written: what tells its cells apart, and what stands around it."""

    delimiter: str
    quoting: str
    line_end: str
    encoding: str
    packed: str

    def cell(self, text: str) -> str:
        quote = "'" if self.quoting == "single" else '"'
        # a bare «"» in a cell would be a quote for every reader, whatever the others are quoted with
        needs = any(mark in text for mark in (self.delimiter[0], '"', quote, "\n"))
        escape = "\\" if self.quoting == "backslash" else quote
        needs |= self.quoting == "backslash" and "\\" in text
        is_text = self.quoting == "all" or (self.quoting == "texts" and any(map(str.isalpha, text)))
        if not needs and not is_text:
            return text
        if self.quoting == "backslash":
            text = text.replace("\\", "\\\\")
        return quote + text.replace(quote, escape + quote) + quote

    def lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        if self.quoting == "backslash":  # what a backslash means is told by a quote within a cell only
            rows[-1][3] = 'Sagde "nej" og gik'
        return [self.delimiter.join(map(self.cell, row)) for row in rows]

    def content(self, lines: Sequence[str]) -> bytes:
        content = "".join(line + self.line_end for line in lines).encode(self.encoding)
        if self.packed == "gzip":
            return gzip.compress(content)
        if self.packed == "zip":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("udtræk.csv", content)
            return out.getvalue()
        return content


WRITINGS = st.builds(
    Writing,
    st.sampled_from(DELIMITERS),
    st.sampled_from(QUOTINGS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(ENCODINGS),
    st.sampled_from(PACKED),
)


def peeked(content: bytes, *words: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "udtræk.dat"
        path.write_bytes(content)
        done = CliRunner().invoke(app, ["peek", *words, str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout_bytes


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


thorough = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(ROWS, WRITINGS)
def test_a_table_under_its_headings(rows, writing):
    content = writing.content(writing.lines([HEADINGS, *rows]))
    assert peeked(content, "--format", "csv") == as_csv([HEADINGS, *rows])
    assert b"note: " not in peeked(content)


@thorough
@given(ROWS, WRITINGS, st.data())
def test_what_stands_around_a_table(rows, writing, data):
    """Titles are left out and told; a total is a row like the others, a footnote one that is told for its few cells."""
    before = data.draw(st.sampled_from([[], ["Udtræk af registreringer"], ["Udtræk af registreringer", ""]]))
    total = data.draw(st.sampled_from([[], [["I alt", "", "", "", "99,5"]]]))
    after = data.draw(st.sampled_from([[], [""], ["", "Kilde: egne tal"]]))
    content = writing.content([*before, *writing.lines([HEADINGS, *rows, *total]), *after])
    footnotes = [[note, "", "", "", ""] for note in after if note]
    assert peeked(content, "--format", "csv") == as_csv([HEADINGS, *rows, *total, *footnotes])
    told = peeked(content)
    assert (b"note: before the table: line 1" in told) == bool(before)
    assert (b"note: too few cells" in told) == bool(footnotes)


@thorough
@given(ROWS, WRITINGS, st.integers(0, 3))
def test_several_heading_lines_or_none(rows, writing, count):
    lines = [HEADINGS, ["nr.", "dag", "sted", "tekst", "antal"], ["felt", "felt", "felt", "felt", "felt"]][:count]
    joined = [" ".join(line[at] for line in lines) or f"col_{at}" for at in range(len(HEADINGS))]
    content = writing.content(writing.lines([*lines, *rows]))
    assert peeked(content, "--format", "csv") == as_csv([joined, *rows])
    assert (b"note: no heading line" in peeked(content)) == (count == 0)


@thorough
@given(ROWS, WRITINGS)
def test_headings_that_stand_twice_stay_as_they_are(rows, writing):
    headings = [*HEADINGS[:3], HEADINGS[0], HEADINGS[1]]
    content = writing.content(writing.lines([headings, *rows]))
    assert peeked(content, "--format", "csv") == as_csv([headings, *rows])


@thorough
@given(ROWS, WRITINGS, st.data())
def test_a_row_with_more_cells_or_fewer_is_told_and_kept(rows, writing, data):
    at = data.draw(st.integers(1, len(rows) - 1))
    rows[0][3] = "x"
    lines = writing.lines([HEADINGS, *rows])
    ragged = data.draw(st.sampled_from([rows[at][:2], [*rows[at], "en", "to"]]))
    lines[at + 1] = writing.lines([ragged, list(rows[0])])[0]
    written = peeked(writing.content(lines), "--format", "csv")
    rows[at] = ragged + [""] * (len(HEADINGS) - len(ragged))
    assert written == as_csv([HEADINGS, *rows]) or b"note: mended" in peeked(writing.content(lines))


class Slow(Dialect):
    """A dialect of which nothing is cut in one go."""

    well_formed = None


@thorough
@given(
    st.text("ab;,\"'\n\r\\ \t", max_size=80),
    st.sampled_from([";", ",", "\t", " ", ";;", ""]),
    st.sampled_from(['"', "'", ""]),
    st.sampled_from(["", "\\"]),
)
def test_records_that_are_cut_in_one_go_are_those_that_are_cut_one_by_one(text, delimiter, quote, escape):
    at_once, one_by_one = (
        [(one.line, one.cells, one.text, one.is_faulty, one.is_blank) for one in records_of(text, kind)]
        for kind in (Dialect(delimiter, quote, escape), Slow(delimiter, quote, escape))
    )
    assert at_once == one_by_one


def test_a_cell_longer_than_the_csv_module_takes_is_read():
    long = "x" * (csv.field_size_limit() + 1)
    [record, _] = records_of(f'1;"{long}"\n2;y\n', Dialect(";"))
    assert record.cells == ["1", long]
