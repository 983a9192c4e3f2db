"""Read a delimited text file with the encoding and delimiter its descriptor declares."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.layouts import TableLayout
from ingest.readers.headings import HEADING_SEARCH_ROWS, find_headings
from ingest.readers.table import Cells, Table, is_blank, is_footer
from ingest.readers.tombstones import tombstone_of
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason


@dataclass(frozen=True, repr=False)
class Record:
    """One record of a file: the line on which it starts, its cells, and the part of the text that it is."""

    line: int
    cells: Cells | None
    start: int
    end: int


def read_csv(content: bytes, layouts: Sequence[TableLayout]) -> tuple[str, list[Table]]:
    """Layout name and the one table of the file.

    Raises FileRefused (undecodable, file_unreadable, missing_column, duplicate_column). Malformed rows are kept as
    `ragged`, never repaired. Messages name lines, not their content.
    """
    text = decode(content, layouts[0].encodings)
    records = list(split(text, layouts[0].delimiter))
    heads = [record.cells for record in records if record.cells is not None][:HEADING_SEARCH_ROWS]
    match = find_headings(heads, layouts)
    layout = match.layout
    start = next(at for at, record in enumerate(records) if record.cells is heads[match.index]) + 1
    table = Table(
        layout=layout,
        columns=list(match.positions),
        rows=[],
        row_numbers=[],
        unknown_columns=match.unknown,
        headings=match.headings,
        positions=match.positions,
        width=match.width,
    )
    for record in records[start:]:
        cells = record.cells
        if cells is not None and is_blank(cells):
            continue
        if cells is not None and (tombstone := tombstone_of(cells)):
            table.tombstones.append(tombstone)
            continue
        if cells is not None and is_footer(cells, layout.footer_labels):
            if layout.control_total_in_footer:
                table.control_total = _control_total(cells)
            continue
        if cells is None or len(cells) != match.width:
            table.ragged.append(record.line)
            table.ragged_cells.append(_pieces(record, text, layouts[0].delimiter))
            continue
        table.rows.append([cells[at] for at in match.positions.values()])
        table.row_numbers.append(record.line)
    return layout.layout, [table]


def decode(content: bytes, encodings: Sequence[str]) -> str:
    """The text in the first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    return content.decode(encoding_of(content, encodings))


def encoding_of(content: bytes, encodings: Sequence[str]) -> str:
    """The first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:  # bytes of UTF-16 fit into one-byte encodings
            return encoding
    raise FileRefused(
        problem=f"the text is not {' or '.join(encodings)}.",
        reason=FileReason.UNDECODABLE,
    )


def split(text: str, delimiter: str) -> Iterator[Record]:
    """Every record of the text, blank lines included. One whose quoting is broken has no cells.

    Raises FileRefused where a quote that is never closed would swallow the rest of the file.
    """
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text, newline=""):
            taken += len(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    line, start = 1, 0
    while True:
        cells: Cells | None = None
        try:
            cells = list(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                break
        yield Record(line, cells, start, taken)
        line, start = reader.line_num + 1, taken
    raise FileRefused(
        problem=f"a quote opened on line {line} is never closed.",
        reason=FileReason.FILE_UNREADABLE,
    )


def _pieces(record: Record, text: str, delimiter: str) -> Cells:
    """The cells of a malformed record; where its quoting is broken, what stands between delimiters and quotes."""
    if record.cells is not None:
        return record.cells
    return list(re.split(rf'[{re.escape(delimiter)}"\r\n]', text[record.start : record.end]))


def _control_total(cells: Cells) -> int | None:
    """The number in a footer, whether it has a cell of its own or follows a colon."""
    words = [word for cell in cells if cell for word in cell.replace(".", "").replace(":", " ").split()]
    return next((int(word) for word in words if word.isdecimal()), None)
