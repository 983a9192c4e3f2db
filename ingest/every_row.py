"""Every cell of a delivered file where it stands, whatever the file is: for a search that no layout may narrow."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ingest.descriptor import Descriptor
from ingest.layouts import SUFFIXES, TableLayout
from ingest.readers.csv_file import decode, split
from ingest.readers.spss_file import read_sav
from ingest.readers.table import Cells, cell_text
from ingest.readers.workbook import Workbook
from ingest.surroundings import kept_sheet

Place = tuple[str | None, int]
"""Sheet as it is kept (None where a file has none), and line of the file, row of the sheet or case of the survey."""


def every_row(content: bytes, file_name: str, descriptor: Descriptor) -> Iterator[tuple[Place, Cells]]:
    """(place, cells) of each row, titles, headings and footers included. Raises FileRefused."""
    suffix = Path(file_name).suffix.lower()
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
    else:
        yield from _csv_rows(content, descriptor)


def _csv_rows(content: bytes, descriptor: Descriptor) -> Iterator[tuple[Place, Cells]]:
    layout = next(
        (one for one in descriptor.layouts if isinstance(one, TableLayout) and one.format == "csv"),
        TableLayout(layout="any", format="csv", headings={}),
    )
    text = decode(content, layout.encodings)
    for record in split(text, layout.delimiter):
        yield (None, record.line), [text[record.start : record.end]] if record.cells is None else record.cells
