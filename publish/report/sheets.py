"""What stands in each sheet of the annex, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from publish.report.headings import EMPTY, HEADINGS, READING
from publish.report.model import Cell, Report, Section

Value = Cell | str | float | date | None
"""A figure, a text, a number, a day, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """One kind of table: its columns and rows, and what it says where it has no row."""

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str = "Rapporten har ingen."


def sheets(report: Report) -> list[Sheet]:
    """The sheets after the front, in the order of the report."""
    everything = (*report.sections, *report.context)
    return [
        _promises(report),
        _areas("Områder", "Tal efter område", report.sections),
        _areas("Rammer", HEADINGS["context"], report.context),
        _series(everything),
        Sheet(
            "Forbehold",
            HEADINGS["caveats"],
            ("Hvem skal handle", "Alvor", "Fund", "Vedrører", "Besked", "Hvad der skal ske", "Accepteret"),
            tuple(
                (one.who, one.severity, one.title, one.about, one.message, one.remedy, one.acknowledged)
                for one in report.caveats
            ),
            EMPTY["caveats"],
        ),
        _changes(report),
        Sheet(
            "Kommentarer",
            "Kommentarer til tallene",
            ("Vedrører", "Kommentar", "Af", "Dato"),
            tuple(
                (about, comment.text, comment.role, comment.written_on)
                for about, comments in (
                    ("Hele året", report.comments),
                    *((section.name, section.comments) for section in everything),
                )
                for comment in comments
            ),
            "Der er ingen kommentarer.",
        ),
        _decisions(report),
        _sources(report),
        _definitions(everything),
        Sheet("Læsning", HEADINGS["reading"], ("Ord eller tegn", "Forklaring"), READING),
    ]


def _promises(report: Report) -> Sheet:
    columns = (
        "Delmål",
        "Indikator",
        "Område",
        "Baseline",
        "Forrige tal",
        "Forrige år",
        "Nyeste tal",
        "År",
        "Interval og svar",
        "Mål",
        "Status",
        "Over for baseline",
        "Tilstand",
        "Del af et år",
        "Note",
    )
    rows = tuple(
        (
            one.goal,
            one.indicator,
            one.area,
            one.baseline,
            one.previous,
            one.previous_label,
            one.figure,
            one.year_label,
            one.figure.detail,
            one.target,
            one.status.text,
            one.trend,
            one.figure.state,
            _yes(one.figure.is_partial),
            one.figure.note,
        )
        for one in report.promises
    )
    return Sheet("Mål", HEADINGS["question"], columns, rows, EMPTY["promises"])


def _areas(name: str, heading: str, sections: Iterable[Section]) -> Sheet:
    """A row for each figure, so that filters and pivot tables work."""
    rows = tuple(
        (
            section.name,
            row.area,
            year,
            cell,
            section.table.unit,
            cell.detail,
            cell.state,
            _yes(cell.is_partial),
            cell.note,
        )
        for section in sections
        if section.table
        for row in section.table.rows
        for year, cell in zip(section.table.years, row.cells, strict=True)
    )
    columns = ("Indikator", "Område", "År", "Tal", "Enhed", "Interval og svar", "Tilstand", "Del af et år", "Note")
    return Sheet(name, heading, columns, rows, "Der er ingen tal.")


def _series(sections: Iterable[Section]) -> Sheet:
    columns = (
        "Indikator",
        "År",
        "Tal",
        "Nedre grænse",
        "Øvre grænse",
        "Mål",
        "Baseline",
        "Tilstand",
        "Brud i serien",
        "Del af et år",
    )
    rows = tuple(
        (
            section.name,
            point.year_label,
            point.value,
            point.ci_low,
            point.ci_high,
            point.target,
            section.chart.baseline,
            point.state,
            _yes(point.is_break),
            _yes(point.is_preliminary),
        )
        for section in sections
        if section.chart
        for point in section.chart.points
    )
    return Sheet("Kurver", "Tallene i kurverne", columns, rows, "Der er ingen kurver.")


def _changes(report: Report) -> Sheet:
    rows = tuple((one.about, one.before, one.after, one.since) for one in report.changes)
    return Sheet("Ændringer", HEADINGS["changes"], ("Tal", "Før", "Nu", "«Før» er"), rows, EMPTY["changes"])


def _decisions(report: Report) -> Sheet:
    rows = (
        *(
            (one.decided_on, one.effective_from, one.reason, "; ".join(one.changes), one.minutes, _yes(one.is_in_force))
            for one in report.decisions
        ),
        *(
            (
                one.approved_on,
                None,
                f"Årsrapport {one.year_label} godkendt, udgave {one.number}",
                None,
                one.minutes,
                None,
            )
            for one in report.earlier_editions
        ),
    )
    columns = ("Besluttet", "Gælder fra", "Beslutning", "Ændringer i aftalen", "Referat", "Gælder nu")
    return Sheet("Beslutninger", "Bestyrelsens beslutninger", columns, rows, EMPTY["decisions"])


def _sources(report: Report) -> Sheet:
    rows = (
        *(("Note", note.letter, note.text, None, None) for note in report.notes),
        *(("Kilde", None, source.name, source.owner, source.last_delivered_on) for source in report.sources),
    )
    columns = ("Slags", "Note", "Tekst", "Leveres af", "Senest leveret")
    return Sheet("Noter og kilder", "Noter og kilder", columns, rows, EMPTY["notes"])


def _definitions(sections: Iterable[Section]) -> Sheet:
    rows = tuple(
        (one.name, one.goal, one.unit, one.definition, one.definition_version, one.quote, one.reading, one.data_source)
        for one in sections
    )
    columns = (
        "Indikator",
        "Delmål",
        "Enhed",
        "Definition",
        "Version",
        "Aftalens ord",
        "Sådan er det læst",
        "Datakilde",
    )
    return Sheet("Definitioner", "Definitioner", columns, rows, EMPTY["promises"])


def _yes(holds: bool) -> str | None:
    return "ja" if holds else None
