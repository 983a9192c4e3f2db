"""The stage `report`: a page for the board, made from the curated tables of a publication and nothing else."""

import logging
from collections.abc import Callable
from pathlib import Path

import duckdb

from publish.pages import REPORT_FILE, write_page
from vocabulary.states import ALL_AREAS_ID, LABELS_DA, TargetStatus, ValueState, YearKind
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE
from warehouse.publications import read_publication

log = logging.getLogger(__name__)

TONES = {
    LABELS_DA["target_status"][status]: tone
    for tone, statuses in {
        "good": (TargetStatus.REACHED, TargetStatus.ON_TRACK),
        "bad": (TargetStatus.MISSED,),
        "open": (TargetStatus.BEHIND,),
    }.items()
    for status in statuses
}
"""Colour of a status, by its Danish wording."""

Row = dict[str, object]


def write_report(publication: Path) -> Path:
    """Write report/rapport.html into a publication and return its path; the same input gives the same page."""
    with reading(publication / PUBLICATION_FILE) as connection:
        table = _reader(connection)
        tables = {
            "goals": table("tabel_1_maal", "raekkefoelge, year"),
            "yearly": table("tabel_2_aarstal", "raekkefoelge, omraade_raekkefoelge, year"),
            "survey": table("tabel_3_survey", "raekkefoelge, omraade_raekkefoelge, year"),
            "context": table("tabel_4_rammer", "raekkefoelge, omraade_raekkefoelge, year"),
        }
        agreements = table("tabel_0_aftale", "gaelder_fra, agreement_id")
        caveats = table("tabel_5_forbehold", "raekkefoelge, vedroerer, besked")
    labels = LABELS_DA["value_state"]
    path = write_page(
        publication,
        REPORT_FILE,
        "rapport.html.j2",
        styles=("side.css", "rapport.css"),
        publication_id=read_publication(publication)["publication_id"],
        agreements=[{**agreement, **_sections(tables, agreement["agreement_id"])} for agreement in agreements],
        caveats=_grouped(caveats, "alvor"),
        incomplete=labels[ValueState.INCOMPLETE],
        short={labels[ValueState.SUPPRESSED]: "skjult"},
        tones=TONES,
        all_areas_id=ALL_AREAS_ID,
    )
    log.info("report: %s", path)
    return path


def _reader(connection: duckdb.DuckDBPyConnection) -> Callable[[str, str], list[Row]]:
    def table(name: str, order: str) -> list[Row]:
        cursor = connection.execute(f"select * from curated.{name} order by {order}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return table


def _sections(tables: dict[str, list[Row]], agreement_id: object) -> dict[str, object]:
    """The tables of one agreement, by indicator."""
    own = {name: [row for row in rows if row["agreement_id"] == agreement_id] for name, rows in tables.items()}
    calendar = [row for row in own["yearly"] if row["aarstype"] == YearKind.CALENDAR]
    return {
        "goals": _grouped(own["goals"], "indikator"),
        "survey": _grouped(own["survey"], "indikator"),
        "yearly": [(name, _pivot(rows, "vaerdi")) for name, rows in _grouped(calendar, "indikator")],
        "context": [(name, _pivot(rows, "vaerdi")) for name, rows in _grouped(own["context"], "indikator")],
    }


def _grouped(rows: list[Row], column: str) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[column]), []).append(row)
    return list(groups.items())


def _pivot(rows: list[Row], value: str) -> dict[str, object]:
    """Years across, areas down: how a board reads a series."""
    years = sorted({str(row["aar"]) for row in rows})
    lines = [
        (area, [next((row for row in area_rows if row["aar"] == year), None) for year in years])
        for area, area_rows in _grouped(rows, "omraade")
    ]
    partial = {str(row["aar"]) for row in rows if row.get("del_af_aar")}
    return {"years": years, "lines": lines, "value": value, "unit": rows[0]["enhed"], "partial": partial}
