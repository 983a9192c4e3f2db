"""Tables come back from every kind of workbook as they were put in, in peek and in the night."""

import csv
import io
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.app import app
from ingest.layouts import TableLayout
from ingest.readers.excel_file import read_excel
from ingest.readers.table import cell_text
from tests.ingest.workbook_writers import WRITERS

HEADINGS = ["Løbenr", "Navn", "Dag", "Antal", "Tidspunkt", "Fremmødt", "Bemærkning"]
WORDS = st.text(
    st.characters(
        max_codepoint=0xFFFD, exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"], exclude_characters="_"
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text)
KNOWN = st.sampled_from(["0012", "1.5", "#1", "a\u00a0b", "=1+1", "nej"])
TEXTS = WORDS | st.tuples(WORDS, WORDS).map("\n".join) | KNOWN
DAYS = st.dates(date(1900, 3, 1), date(2099, 12, 31))
ROWS = st.tuples(
    st.integers(1, 10**10),
    TEXTS,
    DAYS,
    st.decimals(-(10**6), 10**6, places=2).map(float) | st.just(0.1 + 0.2) | st.none(),
    st.builds(datetime.combine, DAYS, st.builds(time, st.integers(0, 23), st.integers(0, 59))) | st.none(),
    st.booleans() | st.none(),
    TEXTS | st.none(),
)


def written_csv(content: bytes, suffix: str) -> list[list[str]]:
    """The cells of what `omraadetal peek --format csv` writes for a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        done = CliRunner().invoke(app, ["peek", "--format", "csv", str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    return list(csv.reader(io.StringIO(done.stdout_bytes.decode(), newline="")))


def as_text(value: object) -> str:
    return value if isinstance(value, str) else cell_text(value) or ""


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(ROWS, min_size=6, max_size=12),
    titles=st.lists(st.sampled_from(["Aktiviteter 2024", "Trukket af kommunen"]), max_size=3, unique=True),
    down=st.integers(0, 4),
    right=st.integers(0, 3),
)
def test_a_table_comes_back_wherever_it_stands_on_its_sheet(kind, rows, titles, down, right):
    sheet = [[title] for title in titles] + [[]] * down + [[None] * right + HEADINGS]
    content = WRITERS[kind](sheet + [[None] * right + list(row) for row in rows], sheet="2024")
    expected = [[as_text(value) for value in row] for row in rows]
    assert written_csv(content, kind) == [HEADINGS, *expected]
    columns = [f"c{at}" for at in range(len(HEADINGS))]
    layout = TableLayout(
        layout="ark", format="excel", headings={c: (h,) for c, h in zip(columns, HEADINGS, strict=True)}
    )
    [table] = read_excel(content, [layout])
    assert [[cell or "" for cell in row] for row in table.rows] == expected
    assert table.row_numbers == [len(titles) + down + 2 + at for at in range(len(rows))]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(1900, 3, 1), "1900-03-01"),
        (datetime(2024, 2, 29, 13, 5), "2024-02-29 13:05:00"),
        (time(13, 5), "13:05:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (True, "ja"),
        (0.1 + 0.2, "0,3"),
        (99.89999999999999, "99,9"),
        (1e-7, "0,0000001"),
        (123456789012345, "123456789012345"),
        (101901234, "101901234"),
        ("0101901234", "0101901234"),
        ("2024-01", "2024-01"),
    ],
    ids=str,
)
def test_a_cell_is_what_a_danish_reader_sees(kind, value, text):
    if kind == "pyxlsbwriter.xlsb" and isinstance(value, time | timedelta):
        pytest.skip("its writer knows no times of day")
    rows = [["Nr", "Værdi", "Sted"], *([at, value, "Sydbyen"] for at in range(1, 8))]
    assert written_csv(WRITERS[kind](rows), kind)[3] == ["3", text, "Sydbyen"]
