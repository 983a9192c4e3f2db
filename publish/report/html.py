"""The report as one self-contained HTML page, which loads nothing and prints like the PDF."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from publish.pages import render_page
from publish.report.model import Report
from publish.report.outline import outline


@dataclass(frozen=True)
class Links:
    """Addresses beside the page, relative to it; None leaves a link out."""

    pdf: str | None = None
    workbook: str | None = None
    quality: str | None = None


def render_html(report: Report, *, links: Links) -> str:
    """The report as a page: equal reports and links give the same text. Raises FontsMissing."""
    data = outline(report)
    _number_references(data)
    return render_page("aarsrapport.html.j2", styles=("side.css", "aarsrapport.css"), report=data, links=asdict(links))


def _number_references(data: dict[str, Any]) -> None:
    """Give the first figure that bears a letter an id, so that its note can lead back to it."""
    letters = {note["letter"] for note in data["notes"]}
    returned: set[str] = set()
    for cell in _cells(data):
        letter = cell["note"]
        cell["is_linked"] = letter in letters
        cell["reference"] = f"tal-{letter}" if letter in letters - returned else None
        returned.add(letter)
    for note in data["notes"]:
        note["is_referred"] = note["letter"] in returned


def _cells(value: Any) -> Iterator[dict[str, Any]]:
    """Every figure of the outline, in its order on the page."""
    if isinstance(value, dict):
        if "is_number" in value:
            yield value
        else:
            for part in value.values():
                yield from _cells(part)
    elif isinstance(value, list):
        for part in value:
            yield from _cells(part)
