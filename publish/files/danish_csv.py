"""CSV that a Danish Excel opens right: semicolons, UTF-8 with its mark, decimal commas, no text that is a formula."""

import logging
from pathlib import Path

import duckdb

from publish.contract import Contract
from vocabulary.settings import LOCAL_ZONE
from vocabulary.spreadsheet import FORMULA_SIGNS, IGNORED
from warehouse.connections import literal, quoted, reading
from warehouse.paths import OWNER_ONLY_FOLDER, PUBLICATION_FILE
from warehouse.whole_file import whole_file

log = logging.getLogger(__name__)

FOLDER = "csv"
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes a file for Windows-1252 and shows æ as Ã¦."""

TRUE, FALSE = "SAND", "FALSK"
"""What a Danish Excel reads as truth values."""

FRACTIONS = ("DOUBLE", "FLOAT", "DECIMAL")


def write_danish_csv(publication: Path) -> list[Path]:
    """Write csv/<schema>_<table>.csv into a publication for every table of its contract; their paths in that order.

    Each file is written whole or not at all, rows in the order of all columns. DuckDB writes them, so that a million
    rows take a second or two. Empty is a value that is not there; a text is empty too, as CSV knows no difference.
    Raises PublicationWithoutContract.
    """
    folder = publication / FOLDER
    folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    with reading(publication / PUBLICATION_FILE) as connection:
        paths = [
            write_table(connection, table.sql_name, folder / f"{table.schema_name}_{table.name}.csv")
            for table in Contract.of_publication(publication).tables
        ]
    log.info("csv: %s files in %s", len(paths), folder)
    return paths


def write_table(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> Path:
    """Write one table of the connection; `table` is named as in SQL."""
    connection.execute(f"set TimeZone = {literal(LOCAL_ZONE.key)}")
    columns = connection.execute(f"describe {table}").fetchall()
    names = [BYTE_ORDER_MARK + columns[0][0], *(column[0] for column in columns[1:])]
    cells = ", ".join(
        f"{cell(quoted(name), kind)} as {quoted(heading)}"
        for heading, (name, kind, *_) in zip(names, columns, strict=True)
    )
    with whole_file(path) as fresh:
        connection.execute(
            f"copy (select {cells} from (from {table} order by all)) to {literal(fresh)} "
            r"(format csv, delimiter ';', header true, new_line '\r\n', nullstr '')"
        )
    return path


def cell(column: str, kind: str) -> str:
    """The SQL expression that writes a column of a DuckDB type as a Danish Excel reads it."""
    if kind == "BOOLEAN":
        return f"case {column} when true then '{TRUE}' when false then '{FALSE}' end"
    if kind.startswith(FRACTIONS):
        finite = f"case when isfinite({column}) then {column} end" if kind in ("DOUBLE", "FLOAT") else column
        return f"replace(regexp_replace(cast({finite} as varchar), '\\.0+$', ''), '.', ',')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}, '%Y-%m-%d %H:%M:%S')"
    if kind == "VARCHAR":
        return safe(column)
    return column


def safe(column: str) -> str:
    """`vocabulary.spreadsheet.spreadsheet_safe` in SQL."""
    formula = f"^[{_class(IGNORED)}]*[{_class(''.join(FORMULA_SIGNS))}]"
    return f"case when regexp_matches({column}, {literal(formula)}) then '''' || {column} else {column} end"


def _class(signs: str) -> str:
    return "".join(f"\\x{{{ord(sign):x}}}" for sign in signs)
