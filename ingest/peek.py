"""Look into any file as the readers would, without a descriptor: format, dialect, tables, columns, rows.

Only headings and counts are told, never cells: the file may be full of personal data. Copies written on request are
whole, and for their owner only.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ingest.layouts import SUFFIXES
from ingest.patterns import kind_of, without_matches
from ingest.readers.excel_file import PERIOD_LABEL
from ingest.readers.spss_file import read_sav
from ingest.readers.table import Cells, cell_text, is_blank
from ingest.values import number_parser, parse_date
from vocabulary.errors import FileRefused, FormatUnknown

FORMATS = ("csv", "excel", "spss")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = ";,\t|"
SAMPLE_LINES = 50
READ_ERRORS = (
    CalamineError,
    FileRefused,
    csv.Error,
    ValueError,  # undecodable text included
    OSError,
)


@dataclass(frozen=True, repr=False)
class Peek:
    """One table of a file. `rows` holds the cells below the heading line."""

    format: str
    dialect: str
    table: str
    columns: list[str]
    rows: list[Cells]


def detect_format(path: Path) -> str:
    """The format by the file's suffix. Raises FormatUnknown."""
    for name in FORMATS:
        if path.suffix.lower() in SUFFIXES[name]:
            return name
    raise FormatUnknown(file=without_matches(path.name), known=", ".join(FORMATS))


def peek(path: Path, file_format: str | None = None) -> list[Peek]:
    """Every table of a file. Raises FormatUnknown where the format cannot be told or does not fit the file."""
    chosen = file_format or detect_format(path)
    if chosen not in FORMATS:
        raise FormatUnknown(file=without_matches(path.name), known=", ".join(FORMATS))
    readers = {"csv": _csv, "excel": _excel, "spss": _spss}
    content = path.read_bytes()
    try:
        return list(readers[chosen](content))
    except READ_ERRORS as error:  # their messages may quote the file
        as_what = f"{without_matches(path.name)} as {chosen} ({type(error).__name__})"
    raise FormatUnknown(file=as_what, known=", ".join(FORMATS))


def _csv(content: bytes) -> Iterator[Peek]:
    encoding = next((name for bom, name in BOMS.items() if content.startswith(bom)), None) or _encoding(content)
    text = content.decode(encoding)
    sample = text.splitlines()[:SAMPLE_LINES]
    delimiter = max(DELIMITERS, key=lambda mark: sum(line.count(mark) for line in sample))
    records = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if not is_blank(list(row))]
    names = {"\t": "tab"}
    yield Peek("csv", f"{encoding}, delimiter {names.get(delimiter, delimiter)}", "-", *_split(records))


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _excel(content: bytes) -> Iterator[Peek]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names:
        rows = [[cell_text(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()]
        yield Peek("excel", "workbook", name, *_split([row for row in rows if not is_blank(row)]))


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


def _split(records: list[Cells]) -> tuple[list[str], list[Cells]]:
    """Heading line and rows: a line of years, else the first line as wide as the table, after titles and preamble."""
    if not records:
        return [], []
    filled = [[cell.strip() for cell in row if cell and cell.strip()] for row in records]
    years = (at for at, cells in enumerate(filled) if len(cells) > 1 and all(map(PERIOD_LABEL.match, cells)))
    widest = max(map(len, filled))
    wide = (at for at, cells in enumerate(filled) if len(cells) >= max(2, widest - 2))
    head = next(years, next(wide, 0))
    return [cell or "" for cell in records[head]], records[head + 1 :]
