"""The sheets of the annex that hold words: what is flagged, changed, said, decided, delivered and defined."""

from collections.abc import Iterable

from publish.report.headings import EMPTY, HEADINGS
from publish.report.model import Report, Section
from publish.report.sheet import Sheet, yes


def caveats_sheet(report: Report) -> Sheet:
    """A row for each caveat."""
    return Sheet(
        "Forbehold",
        HEADINGS["caveats"],
        ("Hvem skal handle", "Alvor", "Fund", "Vedrører", "Besked", "Hvad der skal ske", "Accepteret"),
        tuple(
            (one.who, one.severity, one.title, one.about, one.message, one.remedy, one.acknowledged)
            for one in report.caveats
        ),
        EMPTY["caveats"],
    )


def changes_sheet(report: Report) -> Sheet:
    """A row for each figure that is another than in the last report."""
    rows = tuple((one.about, one.before, one.after, one.since) for one in report.changes)
    return Sheet("Ændringer", HEADINGS["changes"], ("Tal", "Før", "Nu", "«Før» er"), rows, EMPTY["changes"])


def comments_sheet(report: Report, sections: Iterable[Section]) -> Sheet:
    """A row for each comment: on the whole year, then on each indicator."""
    return Sheet(
        "Kommentarer",
        "Kommentarer til tallene",
        ("Vedrører", "Kommentar", "Af", "Dato"),
        tuple(
            (about, comment.text, comment.role, comment.written_on)
            for about, comments in (
                ("Hele året", report.comments),
                *((section.name, section.comments) for section in sections),
            )
            for comment in comments
        ),
        "Der er ingen kommentarer.",
    )


def decisions_sheet(report: Report) -> Sheet:
    """The decisions of the board, then the editions that it approved."""
    rows = (
        *(
            (one.decided_on, one.effective_from, one.reason, "; ".join(one.changes), one.minutes, yes(one.is_in_force))
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


def sources_sheet(report: Report) -> Sheet:
    """The notes by letter, then the sources."""
    rows = (
        *(("Note", note.letter, note.text, None, None) for note in report.notes),
        *(("Kilde", None, source.name, source.owner, source.last_delivered_on) for source in report.sources),
    )
    columns = ("Slags", "Note", "Tekst", "Leveres af", "Senest leveret")
    return Sheet("Noter og kilder", "Noter og kilder", columns, rows, EMPTY["notes"])


def definitions_sheet(sections: Iterable[Section]) -> Sheet:
    """A row for each indicator."""
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
