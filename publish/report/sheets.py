"""The sheets of the annex after its front, in their order."""

from publish.report.figure_sheets import areas_sheet, promises_sheet, series_sheet
from publish.report.headings import HEADINGS, READING
from publish.report.model import Report
from publish.report.sheet import Sheet
from publish.report.text_sheets import (
    caveats_sheet,
    changes_sheet,
    comments_sheet,
    decisions_sheet,
    definitions_sheet,
    sources_sheet,
)


def sheets(report: Report) -> list[Sheet]:
    """The sheets after the front, in the order of the report."""
    everything = (*report.sections, *report.context)
    return [
        promises_sheet(report),
        areas_sheet("Områder", "Tal efter område", report.sections),
        areas_sheet("Rammer", HEADINGS["context"], report.context),
        series_sheet(everything),
        caveats_sheet(report),
        changes_sheet(report),
        comments_sheet(report, everything),
        decisions_sheet(report),
        sources_sheet(report),
        definitions_sheet(everything),
        Sheet("Læsning", HEADINGS["reading"], ("Ord eller tegn", "Forklaring"), READING),
    ]
