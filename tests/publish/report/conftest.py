"""Reports as the board and its data team open them: rendered once each, read back by other libraries."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from publish.report.figures import Cell
from publish.report.html import Links, render_html
from publish.report.model import Report
from publish.report.pdf import render_pdf
from publish.report.workbook import render_workbook
from tests.publish.report.nasty import NASTY

LINKS = Links(pdf="rapport.pdf", workbook="bilag.xlsx", quality="kvalitet.html")


@pytest.fixture(params=sorted(NASTY))
def case(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def report_of():
    return cache(lambda name: NASTY[name]())


@pytest.fixture(scope="session")
def pdf_of(report_of):
    return cache(lambda name: render_pdf(report_of(name)))


@pytest.fixture(scope="session")
def words_of(pdf_of):
    """All text of a PDF with single spaces, without the places where a long word may break."""

    def words(name: str) -> str:
        pages = PdfReader(BytesIO(pdf_of(name))).pages
        return " ".join("\n".join(page.extract_text() for page in pages).replace("\N{ZERO WIDTH SPACE}", "").split())

    return cache(words)


@pytest.fixture(scope="session")
def page_of(report_of):
    return cache(lambda name: render_html(report_of(name), links=LINKS))


@pytest.fixture(scope="session")
def workbook_of(report_of, tmp_path_factory):
    def written(name: str) -> Path:
        path = tmp_path_factory.mktemp("bilag") / f"{name}.xlsx"
        path.write_bytes(render_workbook(report_of(name)))
        return path

    return cache(written)


def cells_of(part: Any) -> Iterator[Cell]:
    """Every figure of a report, or of a part of one."""
    if isinstance(part, Cell):
        yield part
    elif isinstance(part, tuple | list):
        for one in part:
            yield from cells_of(one)
    elif hasattr(part, "__dataclass_fields__"):
        for name in part.__dataclass_fields__:
            yield from cells_of(getattr(part, name))


def shown_cells(report: Report) -> list[Cell]:
    return list(cells_of(report))
