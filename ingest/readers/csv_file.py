"""Read a delimited text file with the encoding and delimiter its descriptor declares."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agreements.areas import normalise
from ingest.content import Content
from ingest.layouts import TableLayout
from ingest.readers.blocks import Block, blocks
from ingest.readers.encoding import encoding_of, in_utf8
from ingest.readers.headings import HEADING_SEARCH_ROWS, Match, find_headings
from ingest.readers.records import Record, split
from ingest.readers.table import Cells, ColumnarRows, Table, is_blank, is_footer
from ingest.readers.tombstones import Tombstone, tombstone_of
from ingest.text_columns import blank

ANY_SPACE = r"[\s\x0b\x1c-\x1f]"
"""What Python takes for space, in the words of Arrow's patterns."""


def read_csv(content: Content, layouts: Sequence[TableLayout]) -> Iterator[Table]:
    """The one table of the file, in pieces that follow each other.

    Raises FileRefused (undecodable, file_unreadable, missing_column, duplicate_column). Malformed rows are kept as
    `ragged`, never repaired. Messages name lines, not their content.
    """
    delimiter = layouts[0].delimiter
    chunks = in_utf8(content, encoding_of(content, layouts[0].encodings))
    first = next((chunk for chunk in chunks if chunk), b"")
    text, heads, above = first.decode(), [], []
    for record in split(text, delimiter):
        above.append(record)
        if record.cells is not None:
            heads.append(record.cells)
        if len(heads) == HEADING_SEARCH_ROWS:
            break
    match = find_headings(heads, layouts)
    head = next(at for at, record in enumerate(above) if record.cells is heads[match.index]) + 1
    taken = sum(len(record.text.encode()) for record in above[:head])
    line = 1 + sum(record.lines for record in above[:head])
    empty = Table(
        layout=match.layout,
        columns=list(match.positions),
        rows=[],
        row_numbers=[],
        unknown_columns=match.unknown,
        headings=match.headings,
        positions=match.positions,
        width=match.width,
    )
    body = blocks(chain((first[taken:],), chunks), delimiter, match.width, line)
    first_piece = next((_piece(block, empty, match, delimiter) for block in body), empty)
    yield first_piece
    continuing = replace(empty, continues=True)
    for block in body:
        yield _piece(block, continuing, match, delimiter)


def _piece(block: Block, empty: Table, match: Match, delimiter: str) -> Table:
    """The rows of a block, without blank lines, footers and tombstones."""
    table = replace(empty, tombstones=[], ragged=[], ragged_cells=[])
    special = np.flatnonzero(_may_be_special(block.columns[0], match.layout))
    odd = [Record(int(block.lines[at]), [column[at].as_py() for column in block.columns], "") for at in special]
    # a plain row among those that were looked at stays where it stands
    gone = [at for at, record in zip(special, odd, strict=True) if _set_aside(record, table, match)]
    for record in block.others:
        if not _set_aside(record, table, match):
            table.ragged.append(record.line)
            table.ragged_cells.append(_pieces(record, delimiter))
    keep = np.ones(len(block.lines), dtype=bool)
    keep[gone] = False
    columns = [block.columns[at] for at in match.positions.values()]
    if gone:
        columns = [column.filter(pa.array(keep)) for column in columns]
    table.rows = ColumnarRows(pa.table(columns, names=list(match.positions)))
    table.row_numbers = block.lines[keep]
    return table


def _may_be_special(first: pa.Array, layout: TableLayout) -> np.ndarray:
    """Rows that may be blank, a tombstone or a footer, by their first cell."""
    labels = [normalise(label) for label in layout.footer_labels]
    spelt = "|".join(f"{ANY_SPACE}+".join(map(re.escape, label.split())) for label in labels if label.isascii())
    found = pc.or_(
        blank(first),
        pc.or_(pc.is_in(first, pa.array(list(Tombstone), pa.string())), pc.invert(pc.string_is_ascii(first))),
    )
    if spelt:
        pattern = f"(?i)^{ANY_SPACE}*(?:{spelt}){ANY_SPACE}*(?::|$)"
        found = pc.or_(found, pc.match_substring_regex(first, pattern))
    return found.to_numpy(zero_copy_only=False)


def _set_aside(record: Record, table: Table, match: Match) -> bool:
    """Whether a record is no row of the table; what it says instead is noted."""
    cells = record.cells
    if cells is None:
        return False
    if is_blank(cells):
        return True
    if tombstone := tombstone_of(cells):
        table.tombstones.append(tombstone)
        return True
    if is_footer(cells, match.layout.footer_labels):
        if match.layout.control_total_in_footer:
            table.control_total = _control_total(cells)
        return True
    return False


def _pieces(record: Record, delimiter: str) -> Cells:
    """The cells of a malformed record; where its quoting is broken, what stands between delimiters and quotes."""
    if record.cells is not None:
        return record.cells
    return list(re.split(rf'[{re.escape(delimiter)}"\r\n]', record.text))


def _control_total(cells: Cells) -> int | None:
    """The number in a footer, whether it has a cell of its own or follows a colon."""
    words = [word for cell in cells if cell for word in cell.replace(".", "").replace(":", " ").split()]
    return next((int(word) for word in words if word.isdecimal()), None)
