"""The board's reports: those of the night, one by hand, and the editions that the board approved."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agreements.document import document_da
from agreements.loader import read_agreements
from nightly.running import stage
from publish.files.danish_csv import write_danish_csv
from publish.files.workbooks import write_year_workbooks
from publish.quality_page import write_quality_page
from publish.report.model import Edition as ShownEdition
from publish.report.writing import CURRENT, Asked, asked_for, current_reports, make_report, render, stem_of, write
from vocabulary.errors import ReportNotMade
from vocabulary.settings import Settings, local_date
from warehouse.connections import reading
from warehouse.editions import Edition, Editions
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force, read_publication

SHOWN = "select * from marts.fct_figure where agreement_id = ?"

FROZEN_TABLES = ("parquet/curated/*.parquet", "parquet/marts/*.parquet", "publication.json")
"""What an edition keeps of its publication beside the report: data and definitions."""


def report(settings: Settings, publication: Path | None = None, wait_seconds: float = 0) -> Path:
    """Write what persons read of a publication: quality page, files for analysts, each agreement's report of
    the current year. The path of the page that is read first.

    Of the publication in force where none is given. Raises NothingPublished, ReportNotMade and FontsMissing; what could
    be made is there then.
    """
    with stage(settings, "report", wait_seconds):
        folder = publication or in_force(Paths.of(settings))
        write_quality_page(folder)
        write_danish_csv(folder)
        write_year_workbooks(folder)
        return _write(settings, folder, current_reports(folder))[0]


def report_of(settings: Settings, publication_id: str, wait_seconds: float = 0) -> Path:
    """Write the reports of the publication (or replay) with this id."""
    return report(settings, Paths.of(settings).find_publication(publication_id), wait_seconds)


def report_year(
    settings: Settings,
    *,
    agreement_id: str | None = None,
    year_kind: str | None = None,
    year: int | None = None,
    wait_seconds: float = 0,
) -> list[Path]:
    """Write the report of one agreement and year of the publication in force: page, PDF and workbook.

    Raises NothingPublished and ReportNotMade.
    """
    with stage(settings, "report", wait_seconds):
        folder = in_force(Paths.of(settings))
        return _write(settings, folder, [asked_for(folder, agreement_id, year_kind, year)])


def approve_report(
    settings: Settings,
    minutes: str,
    *,
    agreement_id: str | None = None,
    year_kind: str | None = None,
    year: int | None = None,
    wait_seconds: float = 0,
) -> tuple[Edition, Path]:
    """Freeze the report of a year as the edition that the board approved; the edition and its folder.

    Kept are page, PDF, workbook, the delaftale as it stood, the figures as published, and the tables they came from.
    The same report approved by the same minutes is kept once. Raises NothingPublished and ReportNotMade.
    """
    with stage(settings, "report", wait_seconds):
        paths = Paths.of(settings)
        folder = in_force(paths)
        asked = asked_for(folder, agreement_id, year_kind, year)
        editions = Editions.of(paths)
        same = [one for one in _editions_of(settings, folder, asked) if one.minutes == minutes]
        if same:
            return same[-1], editions.path(same[-1])
        record = read_publication(folder)
        draft = make_report(folder, asked)
        edition = Edition(
            agreement_id=asked.agreement_id,
            year_kind=asked.year_kind.value,
            year=asked.year,
            year_label=draft.year_label,
            number=editions.next_number(asked.agreement_id, asked.year_kind.value, asked.year),
            minutes=minutes,
            approved_on=local_date(),
            recorded_at=datetime.now(UTC),
            publication_id=record["publication_id"],
            as_of=draft.as_of,
        )
        files = render(replace(draft, edition=_shown(edition)), CURRENT)
        known = read_agreements(settings.agreements)
        files["delaftale.md"] = document_da(known.find(asked.agreement_id), known.areas, draft.as_of).encode()
        with reading(folder / PUBLICATION_FILE) as connection:
            figures = connection.execute(SHOWN, [asked.agreement_id]).to_arrow_table()
        copies = [(path, str(path.relative_to(folder))) for pattern in FROZEN_TABLES for path in folder.glob(pattern)]
        kept = editions.keep(edition, files, figures, copies)
        _write(settings, folder, [asked])
        return edition, kept


def _write(settings: Settings, folder: Path, wanted: list[Asked]) -> list[Path]:
    """The files of the reports, the pages first."""
    written: list[Path] = []
    failed: list[ReportNotMade] = []
    for asked in wanted:
        try:
            approved = _editions_of(settings, folder, asked)
            report = make_report(folder, asked, _shown(approved[-1]) if approved else None)
            written += write(folder, render(report, stem_of(folder, asked)))
        except ReportNotMade as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return sorted(written, key=lambda path: path.suffix != ".html")


def _editions_of(settings: Settings, folder: Path, asked: Asked) -> list[Edition]:
    publication_id = read_publication(folder)["publication_id"]
    wanted = (asked.agreement_id, asked.year_kind, asked.year, publication_id)
    return [
        one
        for one in Editions.of(Paths.of(settings)).all()
        if (one.agreement_id, one.year_kind, one.year, one.publication_id) == wanted
    ]


def _shown(edition: Edition) -> ShownEdition:
    return ShownEdition(
        number=edition.number,
        year_label=edition.year_label,
        minutes=edition.minutes,
        approved_on=edition.approved_on,
        publication_id=edition.publication_id,
    )
