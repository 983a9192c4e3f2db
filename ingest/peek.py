"""Look into any file as the readers would, without a descriptor: format, dialect, tables, columns, rows.

Only headings and counts are told, never cells: the file may be full of personal data. What is written on request is
whole, and for its owner only.
"""

import csv
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.detection.kinds import is_missing, kind_of_value
from ingest.detection.reading import Found, read_text
from ingest.detection.sheets import read_sheet
from ingest.patterns import kind_of, without_matches
from ingest.readers.excel_file import PERIOD_LABEL
from ingest.readers.spss_file import read_sav
from ingest.readers.table import Cells, cell_text
from ingest.readers.workbook import Workbook
from ingest.values import number_parser, parse_date
from vocabulary.errors import FileNotRead, FileRefused, FormatUnknown

FORMATS = ("csv", "excel", "spss")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SPSS = (b"$FL2", b"$FL3")
GZIP = b"\x1f\x8b"
MOST_UNPACKED = 1 << 30
"""Bytes; what unpacks to more is refused."""

MOST_LINES_TOLD = 10
DELIMITER_NAMES = {"\t": "tab", " ": "space", "\t\t": "two tabs", "": "none"}
READ_ERRORS = (
    csv.Error,
    ValueError,  # undecodable text included
    OSError,
    EOFError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True, repr=False)
class Peek:
    """One table of a file. `rows` holds the cells below the heading line; `notes` say what was odd, and where."""

    format: str
    dialect: str
    table: str
    columns: list[str]
    rows: list[Cells]
    notes: tuple[str, ...] = ()
    has_headings: bool = True


def detect_format(content: bytes) -> str:
    """The format by what a content begins with; what is nothing else is text."""
    if content.startswith(WORKBOOKS):
        return "excel"
    return "spss" if content.startswith(SPSS) else "csv"


def peek(path: Path, file_format: str | None = None) -> list[Peek]:
    """Every table of a file.

    Raises FormatUnknown where the format does not fit the file, FileNotRead where it is damaged or protected.
    """
    if file_format is not None and file_format not in FORMATS:
        raise FormatUnknown(file=without_matches(path.name), known=", ".join(FORMATS))
    readers = {"csv": _csv, "excel": _excel, "spss": _spss}
    chosen, problem = file_format, ""
    try:
        content = _unpacked(path.read_bytes())
        chosen = chosen or detect_format(content)
        return list(readers[chosen](content))
    except FileRefused as refusal:
        problem = refusal.facts["problem"]
    except READ_ERRORS as error:  # their messages may quote the file
        as_what = f"{without_matches(path.name)} as {chosen or 'packed'} ({type(error).__name__})"
    if problem:
        raise FileNotRead(file=without_matches(path.name), problem=problem)
    raise FormatUnknown(file=as_what, known=", ".join(FORMATS))


def column_kinds(table: Peek) -> list[str]:
    """What most values of each column are: number, date, time, link, flag, text, or nothing."""
    found = []
    for at in range(len(table.columns)):
        values = [row[at] for row in table.rows if at < len(row) and not is_missing(row[at] or "")]
        kinds = Counter(kind_of_value(value or "") or "text" for value in values)
        found.append(kinds.most_common(1)[0][0] if kinds else "nothing")
    return found


def _unpacked(content: bytes) -> bytes:
    """What is in a gzip file, or in a zip file of one member that is no workbook. Raises ValueError, OSError."""
    if content.startswith(GZIP):
        with gzip.open(io.BytesIO(content)) as packed:
            return _limited(packed.read(MOST_UNPACKED + 1))
    if content.startswith(WORKBOOKS[0]):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            names = {one.filename for one in members}
            if not names & {"[Content_Types].xml", "mimetype"} and len(members) == 1:
                with archive.open(members[0]) as packed:
                    return _limited(packed.read(MOST_UNPACKED + 1))
    return content


def _limited(content: bytes) -> bytes:
    if len(content) > MOST_UNPACKED:
        raise ValueError("too much")
    return content


def _csv(content: bytes) -> Iterator[Peek]:
    found = read_text(content)
    delimiter = DELIMITER_NAMES.get(found.dialect.delimiter, found.dialect.delimiter)
    told = f"{found.encoding}, delimiter {delimiter}"
    told += f", quote {found.dialect.quote}" if found.dialect.quote != '"' else ""
    told += f", escape {found.dialect.escape}" if found.dialect.escape else ""
    yield _told("csv", told, "-", found)


def _told(file_format: str, dialect: str, table: str, found: Found, notes: Iterable[str] = ()) -> Peek:
    told = (*_notes(found), *notes)
    return Peek(file_format, dialect, table, found.columns, found.rows, told, found.has_headings)


def _notes(found: Found) -> Iterator[str]:
    if not found.columns:
        yield "it is empty"
    elif not found.has_headings:
        yield "no heading line"
    for what, lines in (
        ("before the table", found.before),
        ("mended, a stray quote or another delimiter", found.read_again),
        ("too few cells or too many", found.ragged),
    ):
        if lines:
            rest = f" and {len(lines) - MOST_LINES_TOLD} more" if len(lines) > MOST_LINES_TOLD else ""
            yield f"{what}: line {', '.join(map(str, lines[:MOST_LINES_TOLD]))}{rest}"


def _excel(content: bytes) -> Iterator[Peek]:
    workbook = Workbook(content)
    for name in workbook.names:
        if name not in workbook.charts:
            found, notes = read_sheet(workbook.sheet(name))
            yield _told("excel", "workbook", name, found, notes)


def _spss(content: bytes) -> Iterator[Peek]:
    frame, metadata = read_sav(content)
    rows = [[cell_text(value) for value in row] for row in frame.itertuples(index=False)]
    yield Peek("spss", metadata.file_encoding or "", "-", list(frame.columns), rows)


def headings(columns: list[str]) -> str:
    """The heading line as it may be told; a line that looks like data (numbers, dates, persons) is not."""
    if any(kind_of(cell) or _is_value(cell) for cell in columns):
        return f"(no heading line found; {len(columns)} columns)"
    return " | ".join(columns)


def _is_value(cell: str) -> bool:
    is_number = number_parser()(cell.strip()) is not None and not PERIOD_LABEL.match(cell.strip())
    return is_number or parse_date(cell) is not None
