"""What is missing or flagged in the year of the report, who must act, and what is another than the board last saw."""

from collections.abc import Iterable

from publish.report.cells import plain_cell
from publish.report.figures import Tone
from publish.report.model import Caveat, Change
from publish.report.tables import Row, Tables
from vocabulary.states import LABELS_DA, Severity
from vocabulary.wording import date_da

TONES = {
    LABELS_DA["severity"][Severity.BLOCKS]: Tone.BAD,
    LABELS_DA["severity"][Severity.WARNS]: Tone.OPEN,
    LABELS_DA["severity"][Severity.NOTES]: Tone.NEUTRAL,
}

ALIKE = ("alvor", "overskrift", "vedroerer", "aarstype", "aar", "fil", "accepteret_til", "accepteret_fordi")
"""What the rows of one caveat share beside their message."""


def split_caveats(tables: Tables, years: set[tuple], files: set[object]) -> tuple[list[tuple[object, Caveat]], int]:
    """The caveats of the figures and files of the report's year, each with its indicator; and how many others.

    `years` are (kind of year, year) of the figures shown for the report's year, `files` the names of files behind them.
    """
    own = [row for row in tables.caveats if _is_of(row, years, files)]
    alike: dict[tuple, list[Row]] = {}
    for row in own:
        alike.setdefault((*(row[name] for name in ALIKE), _without_area(row)), []).append(row)
    return [(rows[0]["indicator_id"], _caveat(rows)) for rows in alike.values()], len(tables.caveats) - len(own)


def make_changes(tables: Tables, rows: Iterable[Row]) -> tuple[Change, ...]:
    """The rows of tabel_6 about figures that the report shows."""
    shown = {(row["indicator_id"], row["area_id"], row["aarstype"], row["year"]) for row in rows}
    return tuple(
        Change(
            indicator_id=str(row["indicator_id"]),
            about=f"{row['indikator']}, {row['omraade']}, {row['aar']}",
            before=plain_cell(row["foer"], row["foer_tilstand"], row["enhed"]),
            after=plain_cell(row["nu"], row["tilstand"], row["enhed"]),
            since=since(row),
        )
        for row in tables.changes
        if (row["indicator_id"], row["area_id"], row["aarstype"], row["year"]) in shown
    )


def since(row: Row) -> str:
    """What a change is measured against."""
    if row["rapport"] is None:
        return f"udgivet {date_da(row['vist'])}"
    return f"rapporten for {row['rapport']}, godkendt {date_da(row['vist'])} ({row['referat']})"


def _is_of(row: Row, years: set[tuple], files: set[object]) -> bool:
    if row["fil"] is not None and row["indicator_id"] is None and row["fil"] not in files:
        return False
    return row["year"] is None or any(year == row["year"] and row["aarstype"] in (None, kind) for kind, year in years)


def _without_area(row: Row) -> str:
    return str(row["besked"]).replace(f", {row['omraade']}", "", 1)


def _caveat(rows: list[Row]) -> Caveat:
    """One caveat of rows that differ in their area alone."""
    row = rows[0]
    areas = ", ".join(str(one["omraade"]) for one in rows if one["omraade"] is not None)
    place = [row["vedroerer"], row["aar"], areas or None]
    acknowledged = None
    if row["accepteret_til"] is not None:
        because = f": {row['accepteret_fordi']}" if row["accepteret_fordi"] else ""
        acknowledged = f"Accepteret til {date_da(row['accepteret_til'])} af {row['accepteret_af']}{because}"
    return Caveat(
        severity=str(row["alvor"]),
        tone=TONES[str(row["alvor"])],
        title=str(row["overskrift"]),
        about=", ".join(str(part) for part in place if part is not None),
        message=_without_area(row) if len(rows) > 1 else str(row["besked"]),
        remedy=str(row["hvad_goeres"]),
        who=str(row["ansvarlig"]),
        acknowledged=acknowledged,
    )
