"""CSV for a Danish Excel: what is read back is what was published, and nothing in it runs."""

import csv
import math
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publish.contract import CONTRACT_FILE
from publish.files.danish_csv import FOLDER, write_danish_csv, write_table
from vocabulary.errors import PublicationWithoutContract
from vocabulary.spreadsheet import spreadsheet_safe
from warehouse.connections import reading, writing
from warehouse.paths import PUBLICATION_FILE

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CELLS = st.tuples(
    st.none()
    | TEXTS
    | st.sampled_from(["=1+1", " +45", "-1", "@x", "\0=a", "a;b", 'a"b', "a\r\nb", "\r", "−2", "æøå"]),
    st.none() | st.floats(),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1, 1, 1)),
)
SCHEMA = pa.schema(
    [("text", pa.string()), ("amount", pa.float64()), ("count", pa.int64()), ("yes", pa.bool_()), ("day", pa.date32())]
)


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";", strict=True)
    return heading, rows


def read_back(cells: list[str]) -> tuple:
    text, amount, count, yes, day = cells
    return (
        text,
        float(amount.replace(",", ".")) if amount else None,
        int(count) if count else None,
        {"SAND": True, "FALSK": False, "": None}[yes],
        date.fromisoformat(day) if day else None,
    )


def expected(row: tuple) -> tuple:
    text, amount, *others = row
    finite = amount + 0.0 if amount is not None and math.isfinite(amount) else None  # a negative zero is written 0
    return spreadsheet_safe(text or ""), finite, *others


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("csv") / "t.csv"


@given(st.lists(CELLS, max_size=6))
@example([(None, -0.0, None, None, None)])
def test_what_is_read_back_is_what_was_written(file, rows):
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in SCHEMA]
    with duckdb.connect() as connection:
        connection.register("t", pa.table(columns, schema=SCHEMA))
        write_table(connection, "t", file)
    heading, found = rows_of(file)
    assert heading == SCHEMA.names
    assert sorted(map(repr, map(read_back, found))) == sorted(map(repr, map(expected, rows)))


@pytest.fixture
def folder(sample_night, tmp_path):
    """The sample's publication without its CSV, to write in."""
    without = shutil.ignore_patterns(FOLDER)
    return shutil.copytree(sample_night[1].publication, tmp_path / "publication", ignore=without)


def test_every_published_table_is_there_with_all_its_rows(folder):
    paths = write_danish_csv(folder)
    with reading(folder / PUBLICATION_FILE) as connection:
        tables = connection.execute("select schema_name, table_name, estimated_size from duckdb_tables()").fetchall()
    assert sorted(path.name for path in paths) == sorted(f"{schema}_{table}.csv" for schema, table, _ in tables)
    assert {path.name: len(rows_of(path)[1]) for path in paths} == {f"{s}_{t}.csv": rows for s, t, rows in tables}
    assert not list((folder / "csv").glob(".*"))


def test_only_what_the_contract_names_is_written(folder):
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute("create table marts.not_promised as select 1 as one")
    names = {path.name for path in write_danish_csv(folder)}
    assert "marts_fct_figure.csv" in names and "marts_not_promised.csv" not in names
    (folder / CONTRACT_FILE).unlink()
    with pytest.raises(PublicationWithoutContract, match="contract"):
        write_danish_csv(folder)


def test_the_bytes_are_those_that_excel_expects(folder):
    write_danish_csv(folder)
    content = (folder / "csv" / "marts_indicator_by_area_year.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfagreement_id;")
    assert content.count(b"\r\n") == content.count(b"\n") > 1
    _, rows = rows_of(folder / "csv" / "curated_tabel_3_survey.csv")
    assert any("," in cell and cell.replace(",", "").isdecimal() for row in rows for cell in row), "no decimal comma"


def test_times_are_danish_and_negative_numbers_stay_numbers(file):
    moment = datetime(2025, 7, 1, 12, tzinfo=UTC)
    with duckdb.connect() as connection:
        connection.execute("create table t (published_at timestamptz, change double, share decimal(9, 2))")
        connection.execute("insert into t values (?, -1234.5, -0.25)", [moment])
        write_table(connection, "t", file)
    assert rows_of(file)[1] == [["2025-07-01 14:00:00", "-1234,5", "-0,25"]]


def test_a_table_that_cannot_be_read_leaves_what_was_there(file):
    file.write_text("før")
    with duckdb.connect() as connection:
        connection.execute("create view broken as select error('i stykker') as a")
        with pytest.raises(duckdb.Error):
            write_table(connection, "broken", file)
    assert file.read_text() == "før"
    assert list(file.parent.iterdir()) == [file]
