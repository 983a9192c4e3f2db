"""The sheets of the annex that hold figures: promises, areas and years, and the series of the charts."""

from collections.abc import Iterable

from publish.report.headings import EMPTY, HEADINGS
from publish.report.model import Report, Section
from publish.report.sheet import Sheet, yes


def promises_sheet(report: Report) -> Sheet:
    """A row for each promise, as on the first page."""
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
            yes(one.figure.is_partial),
            one.figure.note,
        )
        for one in report.promises
    )
    return Sheet("Mål", HEADINGS["question"], columns, rows, EMPTY["promises"])


def areas_sheet(name: str, heading: str, sections: Iterable[Section]) -> Sheet:
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
            yes(cell.is_partial),
            cell.note,
        )
        for section in sections
        if section.table
        for row in section.table.rows
        for year, cell in zip(section.table.years, row.cells, strict=True)
    )
    columns = ("Indikator", "Område", "År", "Tal", "Enhed", "Interval og svar", "Tilstand", "Del af et år", "Note")
    return Sheet(name, heading, columns, rows, "Der er ingen tal.")


def series_sheet(sections: Iterable[Section]) -> Sheet:
    """A row for each year of each chart."""
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
            yes(point.is_break),
            yes(point.is_preliminary),
        )
        for section in sections
        if section.chart
        for point in section.chart.points
    )
    return Sheet("Kurver", "Tallene i kurverne", columns, rows, "Der er ingen kurver.")
