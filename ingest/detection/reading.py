"""Read a text file that nobody declared, as one table of text. Nothing of it is left out but what stands before it."""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.detection.dialect import find_dialect, usual_width
from ingest.detection.encoding import decoded
from ingest.detection.headings import find_layout, joined
from ingest.detection.records import LINE_END, Dialect, Record, cells_of_line, records_of
from ingest.detection.repair import read_again

RARELY = 0.02
MOST_SHARED = 10_000


@dataclass(repr=False)
class Found:
    """A table as read. A row has the table's number of cells or, where the file has more in it, all of them.

    `lines` say where rows start, `before` which lines stand before the table, `read_again` which were mended, and
    `ragged` which have too few cells or too many.
    """

    encoding: str
    dialect: Dialect
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    has_headings: bool = False
    before: list[int] = field(default_factory=list)
    read_again: list[int] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)

    def names(self, at: int) -> bool:
        """Whether a column has a heading."""
        return self.has_headings and bool(self.columns[at].strip())


def read_text(content: bytes) -> Found:
    """The table of a content. An empty content is a table without columns and rows."""
    text, encoding = decoded(content)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return Found(encoding, Dialect(""))
    dialect = find_dialect(text)
    found = Found(encoding, dialect)
    records = _shared(records_of(text, dialect))
    width, _ = usual_width(records)
    records = list(_unswallowed(records, dialect, width, found))
    is_rare = sum(len(one.cells) == width - 1 and not one.is_blank for one in records) <= max(1, RARELY * len(records))
    _lay_out([_fitted(one, dialect, width, found, is_rare=is_rare) for one in records], width, found)
    return found


def _shared(records: Iterator[Record]) -> list[Record]:
    """The records, with one text in memory for cells that are equal: most columns of most tables hold few values."""
    known: dict[str, str] = {}
    found = []
    for one in records:
        one.cells = [known.get(cell, cell) for cell in one.cells]
        if len(known) < MOST_SHARED:
            known.update(zip(one.cells, one.cells, strict=True))
        found.append(one)
    return found


def read_cells(headed: Sequence[Sequence[str]], rows: Sequence[Sequence[str]] | None = None) -> Found:
    """The table in a sheet of a workbook, whose cells are told apart already; lines are its rows. Where headings are
    written otherwise than values, `rows` has the values. Columns beside the table are left out.
    """
    found = Found("", Dialect(""))
    records = _as_records(headed)
    if not all(one.is_blank for one in records):
        _lay_out(records, usual_width(records)[0], found, _as_records(rows) if rows else None)
        used = [at for at in range(len(found.columns)) if found.names(at) or any(row[at] for row in found.rows)]
        beside = slice(used[0], used[-1] + 1) if used else slice(0)
        found.columns = found.columns[beside]
        found.rows = [row[beside] for row in found.rows]
        if not found.has_headings:
            found.columns = joined([], len(found.columns))
    return found


def _as_records(rows: Sequence[Sequence[str]]) -> list[Record]:
    return [Record(at, list(row), "", is_blank=not any(map(str.strip, row))) for at, row in enumerate(rows, 1)]


def _lay_out(records: Sequence[Record], width: int, found: Found, values: Sequence[Record] | None = None) -> None:
    layout = find_layout(records, width)
    headings = [one.cells for one in records[layout.first : layout.data] if not one.is_blank]
    found.before = [one.line for one in records[: layout.first] if not one.is_blank]
    found.has_headings = bool(headings)
    found.columns = _without_gaps(joined(headings, width), width)
    for one in (values or records)[layout.data :]:
        if one.is_blank:
            continue
        if len(one.cells) != width:
            found.ragged.append(one.line)
            one.cells += [""] * (width - len(one.cells))
        found.rows.append(one.cells)
        found.lines.append(one.line)


def _unswallowed(records: list[Record], dialect: Dialect, width: int, found: Found) -> Iterator[Record]:
    """A record over several lines that does not fit is lines of which one has a stray quote, if most of them fit. Its
    first line is told, and each that was mended.
    """
    for one in records:
        lines = [] if one.is_blank or len(one.cells) == width else LINE_END.split(one.text)
        alone = [_line_alone(line, one.line + at, dialect, width) for at, line in enumerate(lines)]
        fits = sum(len(part.cells) == width for part, _ in alone)
        if len(alone) > 1 and 2 * fits > len(alone):
            found.read_again += [part.line for part, is_mended in alone if is_mended or part.line == one.line]
            yield from (part for part, _ in alone)
        else:
            yield one


def _line_alone(text: str, line: int, dialect: Dialect, width: int) -> tuple[Record, bool]:
    """A line that is a record by itself, and whether it was mended to be one."""
    record = cells_of_line(text, dialect)
    record.line, record.is_faulty = line, True
    again = None if len(record.cells) == width else read_again(record, dialect, width)
    return (Record(line, again, text), True) if again else (record, False)


def _without_gaps(columns: list[str], width: int) -> list[str]:
    """Headings of which there are more than columns, without those that are empty: a delimiter too many."""
    filled = [name for name in columns if name.strip()]
    return filled if len(columns) > width == len(filled) else columns


def _fitted(record: Record, dialect: Dialect, width: int, found: Found, *, is_rare: bool) -> Record:
    if record.is_blank or len(record.cells) == width or "\n" in record.text or "\r" in record.text:
        return record
    again = read_again(record, dialect, width, is_rare=is_rare)
    if again is None:
        return record
    insort(found.read_again, record.line)
    return Record(record.line, again, record.text)
