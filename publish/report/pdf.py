"""The report as an accessible PDF (PDF/UA-1, A4), set by Typst from its wheel in the typeface of the report only."""

import json
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from publish.report.fonts import font_directory, shown_characters
from publish.report.model import Report
from publish.report.outline import outline
from vocabulary.settings import PROJECT_ROOT

TEMPLATE = PROJECT_ROOT / "publish" / "templates" / "aarsrapport.typ"

TEXT_WIDTH, AREA_WIDTH = 464.0, 150.0
"""Points: width of the text on the page, and the most that the names of areas take of it."""

CHARACTER, DETAIL_CHARACTER, PADDING = 4.6, 4.2, 9.0
"""Points: width of a digit in a table and in the line below a figure, and space around both."""

DETAIL_LENGTH = 14
"""Characters of the line below a figure before it takes another line."""

UNSHOWN = "?"
"""Stands for a character that the typeface lacks; PDF/UA allows no box without meaning."""

REPLACED = {0x2010: "-", 0x2011: "-", 0x202F: "\N{NO-BREAK SPACE}", 0x2007: "\N{NO-BREAK SPACE}"}


def render_pdf(report: Report) -> bytes:
    """The report as PDF: equal reports give equal bytes, dated on the day of the report. Raises FontsMissing."""
    import typst

    folder = font_directory()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    data = _page_data(report)
    written = json.dumps(_each_text(data, lambda text: _printable(text, shown_characters(folder))), ensure_ascii=False)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        root=str(TEMPLATE.parent),
        font_paths=fonts,
        sys_inputs={"report": written},
        pdf_standards=["ua-1"],
    )


def _page_data(report: Report) -> dict[str, Any]:
    """The outline, with tables of areas cut into parts that fit the page's width."""
    data = outline(report)
    for section in (*data["sections"], *data["context"]):
        if section["table"]:
            section["table"]["parts"] = table_parts(section["table"])
    return data


def table_parts(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The years of a table in as few parts as fit the page, of about the same size.

    Each part has the numbers of its `columns` and a `caption` that tells it from the others, empty where it is alone.
    """
    years = table["years"]
    widths = [
        max([_width(year, None, None), *(_cell_width(row["cells"][column]) for row in table["rows"])])
        for column, year in enumerate(years)
    ]
    names = max((len(row["area"]) for row in table["rows"]), default=0) * CHARACTER + PADDING
    room = TEXT_WIDTH - min(names, AREA_WIDTH)
    count = max(1, min(len(years), -(-int(sum(widths)) // int(room))))
    while count < len(years) and any(
        sum(widths[column] for column in part) > room for part in _parts(len(years), count)
    ):
        count += 1
    return [
        {
            "columns": list(part),
            "caption": f", {years[part[0]]} til {years[part[-1]]}" if count > 1 else "",
        }
        for part in _parts(len(years), count)
    ]


def _parts(columns: int, count: int) -> list[range]:
    """So many runs of columns, the longer ones last."""
    edges = [columns * index // count for index in range(count + 1)]
    return [range(first, last) for first, last in pairwise(edges)]


def _cell_width(cell: dict[str, Any] | None) -> float:
    return _width("–", None, None) if cell is None else _width(cell["text"], cell["note"], cell["detail"])


def _width(text: str, note: str | None, detail: str | None) -> float:
    figure = len(text) * CHARACTER + len(note or "") * DETAIL_CHARACTER
    below = min(len(detail or ""), DETAIL_LENGTH) * DETAIL_CHARACTER
    return max(figure, below) + PADDING


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The data with every text changed; keys of dicts are left as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(part, change) for part in value]
    return value


def _printable(text: str, shown: frozenset[int]) -> str:
    """The text, or drawing, in characters that the typeface has."""
    composed = unicodedata.normalize("NFC", text).translate(REPLACED)
    signs = (sign for sign in composed if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf"})
    return "".join(sign if sign.isspace() or ord(sign) in shown else UNSHOWN for sign in signs)
