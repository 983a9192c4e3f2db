"""Files made to hurt a reader: each ends within the limits, as a refusal or as rows, and tells nothing of itself."""

import io
import tempfile
from datetime import date

import pytest
from python_calamine import CalamineError, CalamineWorkbook

from agreements.areas import read_areas
from ingest.context import Context
from ingest.descriptor import read_descriptors
from ingest.erasure_list import NOBODY
from ingest.isolation import Limits, apart
from ingest.landing import LandedFile
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from ingest.reading import Reading
from ingest.reading_files import read_into_store
from tests.ingest.hostile_files import (
    FAR_CELL,
    GOOD,
    HEAD,
    ROW,
    cell,
    cells_without_end,
    gzip_bomb,
    lying_survey,
    workbook,
)
from vocabulary.errors import FileRefused
from vocabulary.settings import PROJECT_ROOT, ReadingSettings
from warehouse.store import Folder

SPAN = (date(2021, 10, 1), date(2025, 9, 30))
KEY = PseudonymKey(b"x" * 32, "the test")
DESCRIPTORS = read_descriptors(PROJECT_ROOT / "ingest" / "sources")
AREAS = read_areas(PROJECT_ROOT / "agreements")
SURVEY = (PROJECT_ROOT / "samples/landing/tryghedssurvey/2022-03-15/tryghedssurvey_2021.sav").read_bytes()
CASES = 455
WIDEST = b'<dimension ref="A1:XFD1048576"/>'
TEN_OF_THE_LAST = b"".join(
    b'<!ENTITY e%d "%s">' % (at, b"&e%d;" % (at - 1) * 10 if at else b"ha" * 10) for at in range(10)
)


def read_apart(content: bytes, file: LandedFile, context: Context, limits: Limits) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        place = Folder.at(folder)
        place.write(content, "delivery")
        return apart(
            read_into_store, (place, ("delivery",)), file, place, "a" * 16, context, limits=limits, what=file.file_name
        )


def ends_as(source: str, name: str, content: bytes, seconds: int = 30) -> str:
    """The reason of the refusal, or the rows that were read."""
    context = Context(DESCRIPTORS[source], AREAS, SPAN, KEY, (), LeftOut(source, NOBODY))
    limits = Limits.of(ReadingSettings(seconds=seconds), len(content))
    try:
        reading = read_apart(content, LandedFile(source, date(2024, 1, 1), name), context, limits)
    except FileRefused as refusal:
        return refusal.facts["reason"].value
    return f"{reading.counts['rows_read']} rows"


@pytest.mark.parametrize(
    ("content", "ends"),
    [
        (cells_without_end(40), {"too_large"}),
        (workbook([cell("x")], WIDEST), {"missing_column"}),
        (workbook([cell("x"), FAR_CELL]), {"too_large"}),
        (workbook([b"<a>" * 3_000_000]), {"empty_file", "file_unreadable"}),
        (workbook([b'<row r="1"><c r="A1" t="inlineStr"><is>' + b"<r>" * 1_000_000]), {"file_unreadable"}),
        (workbook([cell("&e9;")], prolog=b"<!DOCTYPE x [" + TEN_OF_THE_LAST + b"]>"), {"file_unreadable"}),
    ],
    ids=["cells without end", "a vast dimension", "a far cell", "deep", "deep text", "billion laughs"],
)
def test_a_workbook_that_asks_for_the_world(content, ends):
    assert ends_as("aktiviteter", "a_2022.xlsx", content) in ends


@pytest.mark.parametrize("declared", ['SYSTEM "file://{}"', 'PUBLIC "x" "file://{}"', 'SYSTEM "{}"'])
def test_a_workbook_reads_no_other_file(tmp_path, declared):
    """Its reader resolves no external entity: the text of the other file would be a cell."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelig")
    prolog = f"<!DOCTYPE x [<!ENTITY e {declared.format(secret)}>]>".encode()
    for content in (workbook([cell("a&e;b")], prolog=prolog), workbook([cell("ab")], prolog=prolog)):
        try:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("2022")
            text = str(sheet.to_python())
        except CalamineError as error:
            text = str(error)
        assert "hemmelig" not in text
    assert ends_as("aktiviteter", "a_2022.xlsx", workbook([cell("a&e;b")], prolog=prolog)) == "file_unreadable"


@pytest.mark.parametrize("variables", [-(2**31), 0, 2**31 - 1])
@pytest.mark.parametrize("cases", [-(2**31), -1, 0, CASES - 1, CASES + 1, 2**31 - 1])
def test_a_survey_that_lies_about_its_counts_loses_no_row(cases, variables):
    """A negative number leaves the cases open; any other is what the file must hold."""
    ends = ends_as("tryghedssurvey", "t_2021.sav", lying_survey(SURVEY, cases, variables))
    assert ends == (f"{CASES} rows" if cases < 0 else "file_unreadable")


@pytest.mark.parametrize(
    ("content", "ends"),
    [
        (HEAD.encode() + b"x" * 100_000_000, {"1 rows"}),
        (b"x" * 100_000_000, {"missing_column"}),
        (GOOD + b"a;" * 5_000_000 + b"\n" + ROW.encode(), {"3 rows"}),
        (GOOD + b'"' * 10_000_001, {"file_unreadable", "2 rows"}),
    ],
    ids=["a line of 100 MB", "a heading of 100 MB", "a row of 5 M cells", "quotes only"],
)
def test_a_text_without_lines(content, ends):
    assert ends_as("vejledninger", "v_2022.csv", content) in ends


def test_a_text_of_five_million_headings_is_refused_within_its_time():
    assert ends_as("vejledninger", "v_2022.csv", b"a;" * 5_000_000, seconds=5) in {"took_too_long", "missing_column"}


def test_a_packed_text_without_end():
    assert ends_as("vejledninger", "v_2022.csv.gz", gzip_bomb(1100)) == "too_large"
