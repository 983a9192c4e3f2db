"""Cut delimited text into records, block by block, so that a file of any size costs the memory of a block.

Where every quote of a block is provably an opening, a closing or a doubled one, Arrow's reader gives the same cells as
a strict one, many times faster. Any other block is read record by record (`records.split`), so that what is malformed
is named and the rest is not touched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from ingest.readers.records import FIELD_LIMIT, Record, split
from vocabulary.errors import FileRefused

BLOCK_BYTES = 8 << 20
QUOTE, LF, CR = b'"\n\r'


@dataclass(repr=False)
class Block:
    """Consecutive records: those of the table's width as columns with the line of each, and all others as they are.

    An empty line may be a row of empty cells.
    """

    columns: list[pa.Array]
    lines: np.ndarray
    others: list[Record]


def blocks(chunks: Iterable[bytes], delimiter: str, width: int, line: int) -> Iterator[Block]:
    """The records of UTF-8 text that begins on a line. Raises FileRefused where a quote is never closed."""
    carried = b""
    for chunk, is_last in _with_last(chunks):
        content = carried + chunk
        if not content:
            continue
        found = _well_formed(content, delimiter, width, line, is_last=is_last)
        block, taken, lines = found or _record_by_record(content, delimiter, width, line, is_last=is_last)
        carried, line = content[taken:], line + lines
        yield block


def _with_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before = None
    for chunk in chunks:
        if before is not None:
            yield before, False
        before = chunk
    yield before or b"", True


def _well_formed(
    content: bytes, delimiter: str, width: int, line: int, *, is_last: bool
) -> tuple[Block, int, int] | None:
    """The block, the bytes and the lines that it took; None where its quoting or its line ends are not plain."""
    if not is_last:
        content = content.removesuffix(b"\r")  # of a line end that the next block completes
    has_plain_ends = b"\r" not in content or content.count(b"\r") == content.count(b"\r\n")
    if len(delimiter) != 1 or not has_plain_ends:
        return None
    signs = np.frombuffer(content, dtype=np.uint8)
    breaks = np.flatnonzero(signs == LF)
    if is_last and (not len(breaks) or breaks[-1] != len(signs) - 1):
        breaks = np.append(breaks, len(signs))
    quotes = np.flatnonzero(signs == QUOTE)
    # a line break ends a record where the quotes before it are even
    ending = np.flatnonzero(np.searchsorted(quotes, breaks) % 2 == 0) if len(quotes) else np.arange(len(breaks))
    if not len(ending):
        return None
    ends = breaks[ending]
    starts = np.concatenate(([0], ends[:-1] + 1))
    taken = min(int(ends[-1]) + 1, len(content))
    is_whole = not is_last or taken == len(content)
    if not is_whole or (ends - starts).max() > FIELD_LIMIT or not _is_plain(signs[:taken], quotes, delimiter):
        return None
    lines = line + np.concatenate(([0], ending[:-1] + 1))
    odd: list[int] = []
    columns = _columns(pa.py_buffer(content).slice(0, taken), delimiter, width, odd)
    places = np.array(odd, dtype=np.int64) - 1
    others = [_alone(content[starts[at] : ends[at] + 1], int(lines[at]), delimiter) for at in places]
    return Block(columns, np.delete(lines, places), others), taken, int(ending[-1]) + 1


def _is_plain(signs: np.ndarray, quotes: np.ndarray, delimiter: str) -> bool:
    """Whether quotes open at the start of a cell, close at its end, and are doubled within."""
    quotes = quotes[quotes < len(signs)]
    if not len(quotes):
        return True
    opening, closing = quotes[::2], quotes[1::2]
    if len(opening) != len(closing):
        return False
    mark = ord(delimiter)
    before = np.where(opening > 0, signs[opening - 1], LF)
    opens = (before == mark) | (before == LF)
    opens[1:] |= opening[1:] == closing[:-1] + 1
    after = np.where(closing + 1 < len(signs), signs[np.minimum(closing + 1, len(signs) - 1)], LF)
    closes = (after == mark) | (after == LF) | (after == CR)
    closes[:-1] |= closing[:-1] + 1 == opening[1:]
    return bool(opens.all() and closes.all())


def _columns(content: pa.Buffer, delimiter: str, width: int, odd: list[int]) -> list[pa.Array]:
    """The cells of the records of a width; `odd` is given the ordinals (from 1) of all others."""

    def note(row: arrow_csv.InvalidRow) -> str:
        odd.append(row.number)
        return "skip"

    names = [str(at) for at in range(width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(content),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=content.size + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    return [column.combine_chunks() for column in table.columns]


def _alone(content: bytes, line: int, delimiter: str) -> Record:
    record = next(split(content.decode(), delimiter))
    return Record(line, record.cells, record.text)


def _record_by_record(
    content: bytes, delimiter: str, width: int, line: int, *, is_last: bool
) -> tuple[Block, int, int]:
    text = content.decode()
    records = []
    try:
        for record in split(text, delimiter, line):
            records.append(record)
    except FileRefused:
        if is_last:
            raise
    else:
        if not is_last and records:  # the last one may go on in the next block
            records.pop()
    taken = "".join(record.text for record in records)
    whole = [record for record in records if record.cells is not None and len(record.cells) == width]
    columns = [pa.array([record.cells[at] for record in whole], pa.string()) for at in range(width)]
    others = [record for record in records if record.cells is None or len(record.cells) != width]
    lines = sum(record.lines for record in records)
    return (
        Block(columns, np.array([record.line for record in whole], dtype=np.int64), others),
        len(taken.encode()),
        lines,
    )
