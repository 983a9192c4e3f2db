"""One Excel workbook per year for analysts: tidy figures, a cross table, forbehold, definitions, how to read them."""

import logging
from datetime import date
from pathlib import Path

import duckdb

from publish.files.sheets import SHEET_COLUMNS, TABLE_ROWS, Column, Sheets
from publish.files.tables import (
    DATA,
    DEFINITIONS,
    FLAGS,
    KEYS,
    cross_table,
    definitions,
    figures,
    flags,
    indicators,
    prepare,
)
from publish.files.words import PIVOT_HINT, reading_guide
from vocabulary.states import LABELS_DA
from warehouse.connections import reading
from warehouse.paths import OWNER_ONLY_FOLDER, PUBLICATION_FILE
from warehouse.publications import read_publication
from warehouse.whole_file import whole_file

log = logging.getLogger(__name__)

FOLDER = "excel"


def write_year_workbooks(publication: Path) -> list[Path]:
    """Write excel/omraadetal_<year>.xlsx into a publication for each year that has figures; their paths, by year.

    A workbook holds the calendar year and the agreement year that starts in it. Each is written whole or not at all,
    and the same publication gives the same bytes. Rows beyond what a sheet holds go on in a further sheet; a year with
    more than TABLE_ROWS figures is streamed to the disk, so that memory stays bounded.
    """
    record = read_publication(publication)
    folder = publication / FOLDER
    folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    paths = []
    with reading(publication / PUBLICATION_FILE) as connection:
        for year, rows in prepare(connection):
            path = folder / f"omraadetal_{year}.xlsx"
            with whole_file(path) as fresh:
                as_of = date.fromisoformat(record["as_of"])
                sheets = Sheets(fresh, title=f"Områdetal {year}", made_on=as_of, is_streamed=rows > TABLE_ROWS)
                _write_sheets(connection, sheets, year)
                sheets.lines("Læsevejledning", reading_guide(_years(connection, year), record["publication_id"], as_of))
                sheets.close()
            paths.append(path)
    log.info("excel: %s workbooks in %s", len(paths), folder)
    return paths


def _write_sheets(connection: duckdb.DuckDBPyConnection, sheets: Sheets, year: int) -> None:
    sheets.table("Data", DATA, figures(connection, year))
    names = indicators(connection, year)
    width = SHEET_COLUMNS - len(KEYS)
    for first in range(0, len(names), width):
        some = names[first : first + width]
        name = f"Pivot fra {first + 1}" if first else "Pivot"
        columns = [*KEYS, *(Column(heading, 22) for heading in some)]
        sheets.table(name, columns, cross_table(connection, year, some), hint=PIVOT_HINT)
    sheets.table("Forbehold", FLAGS, flags(connection, year))
    sheets.table("Definitioner", DEFINITIONS, definitions(connection, year))


def _years(connection: duckdb.DuckDBPyConnection, year: int) -> list[str]:
    """The years of a workbook, as in `aftaleår 2024/25`."""
    sql = "select year_kind, year_label from year_figure where year = ? group by all order by all desc"
    return [f"{LABELS_DA['year_kind'][kind]} {label}" for kind, label in connection.execute(sql, [year]).fetchall()]
