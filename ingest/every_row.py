"""Every cell of a delivered file where it stands, whatever the file is: for a search that no layout may narrow."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ingest.descriptor import Descriptor
from ingest.layouts import ENCODINGS, SUFFIXES, TableLayout
from ingest.readers.encoding import decode
from ingest.readers.records import split
from ingest.readers.spss_file import read_sav
from ingest.readers.table import Cells, cell_text
from ingest.readers.workbook import Workbook
from ingest.surroundings import kept_sheet
from ingest.unpacking import unpacked

ANY_TEXT = (*ENCODINGS, "latin-1")
"""In the last of them every byte is a character."""

Place = tuple[str | None, int]
"""Sheet as it is kept (None where a file has none), and line of the file, row of the sheet or case of the survey."""


def every_row(content: bytes, file_name: str, descriptor: Descriptor) -> Iterator[tuple[Place, Cells]]:
    """(place, cells) of each row, titles, headings and footers included. Raises FileRefused."""
    name, content = unpacked(content, file_name)
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES["excel"]:
        workbook = Workbook(content)
        for at, name in enumerate(workbook.names, 1):
            sheet = kept_sheet(name, at, descriptor)
            for number, cells in enumerate(workbook.sheet(name).rows(), 1):
                yield (sheet, number), cells
    elif suffix in SUFFIXES["spss"]:
        frame, _ = read_sav(content)
        yield (None, 0), list(frame.columns)
        for number, cells in enumerate(zip(*(frame[name] for name in frame.columns), strict=True), 1):
            yield (None, number), [None if pd.isna(cell) else cell_text(cell) for cell in cells]
    elif suffix in SUFFIXES["cube"] - SUFFIXES["csv"]:
        for number, line in enumerate(decode(content, ANY_TEXT).splitlines(), 1):
            yield (None, number), [line]
    else:
        yield from _csv_rows(content, descriptor)


def _csv_rows(content: bytes, descriptor: Descriptor) -> Iterator[tuple[Place, Cells]]:
    layout = next(
        (one for one in descriptor.layouts if isinstance(one, TableLayout) and one.format == "csv"),
        TableLayout(layout="any", format="csv", headings={}),
    )
    text = decode(content, layout.encodings)
    for record in split(text, layout.delimiter):
        yield (None, record.line), [record.text] if record.cells is None else record.cells
