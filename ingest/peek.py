"""Look into any file as the readers would, without a descriptor: format, dialect, tables, columns, rows.

Only headings and counts are told, never cells: the file may be full of personal data. What is written on request is
whole, and for its owner only.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.detection.kinds import is_missing, kind_of_value
from ingest.detection.reading import Found, read_text
from ingest.detection.sheets import read_sheet
from ingest.file_names import told
from ingest.isolation import Limits, apart
from ingest.patterns import kind_of, without_matches
from ingest.readers.cube import Cube
from ingest.readers.cube_file import cube_format
from ingest.readers.cube_rows import long_table, told_of
from ingest.readers.excel_file import PERIOD_LABEL
from ingest.readers.json_stat_file import read_json_stat
from ingest.readers.px_file import read_px
from ingest.readers.spss_file import read_sav
from ingest.readers.table import Cells, cell_text
from ingest.readers.workbook import Workbook
from ingest.unpacking import ZIP, unpacked_by_content
from ingest.values import number_parser, parse_date
from vocabulary.errors import FileRefused, FormatUnknown, PeekStopped
from vocabulary.reason_catalogue import REASONS
from vocabulary.reasons import FileReason
from vocabulary.settings import ReadingSettings

FORMATS = ("csv", "excel", "spss", "json-stat", "px")
WORKBOOKS = (ZIP, b"\xd0\xcf\x11\xe0")
SPSS = (b"$FL2", b"$FL3")
OF_CUBES = {"json-stat": re.compile(rb'"dimension"'), "px": re.compile(rb"\bDATA\s*=", re.IGNORECASE)}
"""What a table of statistics has in it beside its beginning, which other files may share."""

MOST_LINES_TOLD = 10
DELIMITER_NAMES = {"\t": "tab", " ": "space", "\t\t": "two tabs", "": "none"}
READ_ERRORS = (
    csv.Error,
    ValueError,  # undecodable text included
    EOFError,
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
    if content.startswith(SPSS):
        return "spss"
    found = cube_format(content)
    return found if found in OF_CUBES and OF_CUBES[found].search(content) else "csv"


def peek(path: Path, file_format: str | None = None, settings: ReadingSettings = ReadingSettings()) -> list[Peek]:
    """Every table of a file, read in a process of its own.

    Raises FormatUnknown where the format does not fit the file or it cannot be opened, and PeekStopped where it is
    refused or a limit ended its reading.
    """
    name = told(path.name)
    if file_format is not None and file_format not in FORMATS:
        raise FormatUnknown(file=name, known=", ".join(FORMATS))
    try:
        content = path.read_bytes()
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise FormatUnknown(file=f"{name} ({cause})", known=", ".join(FORMATS)) from None
    try:
        return apart(tables_in, content, name, file_format, limits=Limits.of(settings, len(content)), what=name)
    except FileRefused as refusal:
        problem, reason = str(refusal).removeprefix(f"{name}: "), refusal.facts["reason"]
    raise PeekStopped(file=name, problem=problem, remedy=REASONS[reason].operator)


def tables_in(content: bytes, name: str, file_format: str | None) -> list[Peek]:
    """Every table of a content, in this process. Raises FormatUnknown, and FileRefused with its reason."""
    readers = {"csv": _csv, "excel": _excel, "spss": _spss, "json-stat": _json_stat, "px": _px}
    content = unpacked_by_content(content)
    chosen = file_format or detect_format(content)
    try:
        return list(readers[chosen](content))
    except FileRefused as refusal:
        if refusal.facts["reason"] is not FileReason.FILE_UNREADABLE:
            raise
        what = "damaged, or no such file"
    except READ_ERRORS as error:  # their messages may quote the file
        what = type(error).__name__
    raise FormatUnknown(file=f"{name} as {chosen} ({what})", known=", ".join(FORMATS))


def column_kinds(table: Peek) -> list[str]:
    """What most values of each column are: number, date, time, link, flag, text, or nothing."""
    found = []
    for at in range(len(table.columns)):
        values = [row[at] for row in table.rows if at < len(row) and not is_missing(row[at] or "")]
        kinds = Counter(kind_of_value(value or "") or "text" for value in values)
        found.append(kinds.most_common(1)[0][0] if kinds else "nothing")
    return found


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


def _json_stat(content: bytes) -> Iterator[Peek]:
    for number, cube in enumerate(read_json_stat(content), 1):
        yield _told_cube("json-stat", str(number), cube)


def _px(content: bytes) -> Iterator[Peek]:
    yield _told_cube("px", "-", read_px(content))


def _told_cube(file_format: str, table: str, cube: Cube) -> Peek:
    columns, rows = long_table(cube)
    return Peek(file_format, cube.kind, table, columns, rows, tuple(map(without_matches, told_of(cube))))


def headings(columns: list[str]) -> str:
    """The heading line as it may be told; a line that looks like data (numbers, dates, persons) is not."""
    if any(kind_of(cell) or _is_value(cell) for cell in columns):
        return f"(no heading line found; {len(columns)} columns)"
    return " | ".join(columns)


def _is_value(cell: str) -> bool:
    is_number = number_parser()(cell.strip()) is not None and not PERIOD_LABEL.match(cell.strip())
    return is_number or parse_date(cell) is not None
