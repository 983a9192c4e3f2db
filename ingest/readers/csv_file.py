"""Read a delimited text file with the encoding and delimiter its descriptor declares."""

import csv
import io
from collections.abc import Iterator, Sequence

from ingest.layouts import TableLayout
from ingest.readers.headings import HEADING_SEARCH_ROWS, find_headings
from ingest.readers.table import Cells, Table, is_blank, is_footer
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason


def read_csv(content: bytes, layouts: Sequence[TableLayout]) -> tuple[str, list[Table]]:
    """Layout name and the one table of the file.

    Raises FileRefused (undecodable, file_unreadable, missing_column, duplicate_column). Malformed rows are kept as
    `ragged`, never repaired. Messages name lines, not their content.
    """
    text = decode(content, layouts[0].encodings)
    records = list(split(text, layouts[0].delimiter))
    heads = [cells for _, cells in records if cells is not None][:HEADING_SEARCH_ROWS]
    match = find_headings(heads, layouts)
    layout = match.layout
    start = next(at for at, (_, cells) in enumerate(records) if cells is heads[match.index]) + 1
    table = Table(
        layout=layout,
        columns=list(match.positions),
        rows=[],
        row_numbers=[],
        unknown_columns=match.unknown,
        headings=match.headings,
    )
    for line, cells in records[start:]:
        if cells is not None and is_blank(cells):
            continue
        if cells is not None and is_footer(cells, layout.footer_labels):
            if layout.control_total_in_footer:
                table.control_total = _control_total(cells)
            continue
        if cells is None or len(cells) != match.width:
            table.ragged.append(line)
            continue
        table.rows.append([cells[at] for at in match.positions.values()])
        table.row_numbers.append(line)
    return layout.layout, [table]


def decode(content: bytes, encodings: Sequence[str]) -> str:
    """The text in the first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:  # bytes of UTF-16 fit into one-byte encodings
            return text
    raise FileRefused(
        problem=f"the text is not {' or '.join(encodings)}.",
        reason=FileReason.UNDECODABLE,
    )


def split(text: str, delimiter: str) -> Iterator[tuple[int, Cells | None]]:
    """(line on which the record starts, its cells), with None for a record whose quoting is broken.

    Raises FileRefused where a quote that is never closed would swallow the rest of the file.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                break
            yield line, None
        else:
            yield line, list(cells)
        line = reader.line_num + 1
    raise FileRefused(
        problem=f"a quote opened on line {line} is never closed.",
        reason=FileReason.FILE_UNREADABLE,
    )


def _control_total(cells: Cells) -> int | None:
    """The number in a footer, whether it has a cell of its own or follows a colon."""
    words = [word for cell in cells if cell for word in cell.replace(".", "").replace(":", " ").split()]
    return next((int(word) for word in words if word.isdecimal()), None)
