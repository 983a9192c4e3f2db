"""Write reports into the folder `report` of a publication: a web page, a PDF and an Excel annex each."""

from dataclasses import dataclass
from pathlib import Path

from publish.pages import QUALITY_FILE, REPORT_FILE, REPORT_FOLDER
from publish.report.html import Links, render_html
from publish.report.model import Edition, Report
from publish.report.pdf import render_pdf
from publish.report.reading import current_year, read_report, usual_kind
from publish.report.tables import agreement_ids
from publish.report.workbook import render_workbook
from vocabulary.states import YearKind
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE
from warehouse.store import Folder

CURRENT = Path(REPORT_FILE).stem
"""Name of the files of the newest agreement's report of the current year; any other is named by agreement and year."""


@dataclass(frozen=True)
class Asked:
    """Which report: an agreement and a year of a kind."""

    agreement_id: str
    year_kind: YearKind
    year: int


def asked_for(
    publication: Path, agreement_id: str | None = None, year_kind: str | None = None, year: int | None = None
) -> Asked:
    """The report that is meant where not all is named: of the newest agreement, and of the current year.

    Raises ReportNotMade.
    """
    with reading(publication / PUBLICATION_FILE) as connection:
        chosen = agreement_id or agreement_ids(connection)[0]
        kind = YearKind(year_kind or usual_kind(connection, chosen))
        return Asked(chosen, kind, current_year(connection, chosen, kind) if year is None else year)


def current_reports(publication: Path) -> list[Asked]:
    """The report of the current year of every agreement, the newest agreement first."""
    with reading(publication / PUBLICATION_FILE) as connection:
        kinds = {one: usual_kind(connection, one) for one in agreement_ids(connection)}
        return [Asked(one, kind, current_year(connection, one, kind)) for one, kind in kinds.items()]


def make_report(publication: Path, asked: Asked, edition: Edition | None = None) -> Report:
    """Raises ReportNotMade."""
    with reading(publication / PUBLICATION_FILE) as connection:
        return read_report(connection, asked.agreement_id, asked.year_kind, asked.year, edition)


def render(report: Report, stem: str) -> dict[str, bytes]:
    """The files of a report by name. Raises FontsMissing."""
    links = Links(pdf=f"{stem}.pdf", workbook=f"{stem}.xlsx", quality=QUALITY_FILE)
    return {
        f"{stem}.pdf": render_pdf(report),
        f"{stem}.xlsx": render_workbook(report),
        f"{stem}.html": render_html(report, links=links).encode(),
    }


def write(publication: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files into the publication's folder `report`, each whole or not at all; their paths."""
    folder = Folder.at(str(publication))
    for name, content in files.items():
        folder.write(content, REPORT_FOLDER, name)
    return [publication / REPORT_FOLDER / name for name in files]


def stem_of(publication: Path, asked: Asked) -> str:
    """The name that a report's files have in a publication, without its ending."""
    if asked == asked_for(publication):
        return CURRENT
    return f"{CURRENT}_{asked.agreement_id}_{asked.year_kind.value}_{asked.year}"
