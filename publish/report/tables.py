"""The curated tables of one agreement, as rows: all that the report is made from."""

from dataclasses import dataclass
from datetime import date

import duckdb

from vocabulary.errors import ReportNotMade
from vocabulary.states import YearKind

Row = dict[str, object]


@dataclass(frozen=True)
class Tables:
    """Rows of each table in the report's order; `agreement` is the row of tabel_0_aftale."""

    agreement: Row
    promises: tuple[Row, ...]
    counted: tuple[Row, ...]
    survey: tuple[Row, ...]
    dated: tuple[Row, ...]
    caveats: tuple[Row, ...]
    changes: tuple[Row, ...]
    sources: tuple[Row, ...]
    definitions: tuple[Row, ...]
    comments: tuple[Row, ...]
    decisions: tuple[Row, ...]
    editions: tuple[Row, ...]


FIGURES = "raekkefoelge, omraade_raekkefoelge, aarstype, year"
TABLES = {
    "promises": ("tabel_1_maal", FIGURES),
    "counted": ("tabel_2_aarstal", FIGURES),
    "survey": ("tabel_3_survey", FIGURES),
    "dated": ("tabel_4_rammer", FIGURES),
    "changes": ("tabel_6_aendringer", FIGURES),
    "sources": ("tabel_7_kilder", f"{FIGURES}, leveret, fil"),
    "definitions": ("tabel_8_definitioner", "raekkefoelge"),
    "comments": ("tabel_9_kommentarer", "skrevet, raekkefoelge"),
    "decisions": ("tabel_10_beslutninger", "raekkefoelge"),
    "editions": ("tabel_11_udgaver", "raekkefoelge"),
}
"""Field of Tables -> table of `curated` and its order."""

CAVEATS = """
    select * from curated.tabel_5_forbehold
    where agreement_id = ? or agreement_id is null
    order by raekkefoelge, accepteret_til is not null, overskrift, vedroerer, omraade, year, fil, besked
"""
NEWEST = "select agreement_id from curated.tabel_0_aftale order by gaelder_fra desc, agreement_id"


def agreement_ids(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The agreements of a publication, the newest first."""
    return [agreement_id for (agreement_id,) in connection.execute(NEWEST).fetchall()]


def read_agreement(connection: duckdb.DuckDBPyConnection, agreement_id: str) -> Row:
    """The row of tabel_0_aftale. Raises ReportNotMade for an agreement that the publication does not have."""
    rows = _rows(connection, "from curated.tabel_0_aftale where agreement_id = ?", agreement_id)
    if not rows:
        known = ", ".join(agreement_ids(connection))
        raise ReportNotMade(what=agreement_id, problem=f"the publication has {known}, and no such agreement")
    return rows[0]


def read_tables(connection: duckdb.DuckDBPyConnection, agreement_id: str) -> Tables:
    """Raises ReportNotMade for an agreement that the publication does not have, or that was made before its tables."""
    agreement = read_agreement(connection, agreement_id)
    try:
        read = {
            name: _rows(connection, f"from curated.{table} where agreement_id = ? order by {order}", agreement_id)
            for name, (table, order) in TABLES.items()
        }
    except duckdb.CatalogException:
        raise ReportNotMade(
            what=agreement_id, problem="the publication was made before the report had these tables"
        ) from None
    read["caveats"] = _rows(connection, CAVEATS, agreement_id)
    return Tables(agreement=agreement, **read)


def calendar_year(agreement: Row, year_kind: YearKind, year: int) -> int:
    """The calendar year in which a year ends: what a figure that only calendar years have is shown up to."""
    first: date = agreement["gaelder_fra"]
    spans_two = year_kind is YearKind.AGREEMENT and (first.month, first.day) != (1, 1)
    return year + spans_two


def _rows(connection: duckdb.DuckDBPyConnection, query: str, agreement_id: str) -> tuple[Row, ...]:
    cursor = connection.execute(query, [agreement_id])
    names = [column[0] for column in cursor.description]
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
