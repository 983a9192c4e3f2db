"""Look into any file as the readers would, without a descriptor: format, dialect, tables, columns, rows.

Only headings and counts are told, never cells: the file may be full of personal data.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyreadstat
from python_calamine import CalamineError, CalamineWorkbook

from ingest.descriptor import SUFFIXES
from ingest.readers.table import Cells, cell_text, is_blank
from vocabulary.errors import FormatUnknown

FORMATS = ("csv", "excel", "spss")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = ";,\t|"
SAMPLE_LINES = 50
READ_ERRORS = (
    CalamineError,
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    csv.Error,
    ValueError,  # undecodable text included
    OSError,
)


@dataclass(frozen=True)
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
    raise FormatUnknown(file=path.name, known=", ".join(FORMATS))


def peek(path: Path, file_format: str | None = None) -> list[Peek]:
    """Every table of a file. Raises FormatUnknown where the format cannot be told or does not fit the file."""
    chosen = file_format or detect_format(path)
    if chosen not in FORMATS:
        raise FormatUnknown(file=path.name, known=", ".join(FORMATS))
    readers = {"csv": _csv, "excel": _excel, "spss": _spss}
    content = path.read_bytes()
    try:
        return list(readers[chosen](content))
    except READ_ERRORS as error:  # their messages may quote the file
        as_what = f"{path.name} as {chosen} ({type(error).__name__})"
        raise FormatUnknown(file=as_what, known=", ".join(FORMATS)) from None


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
    with tempfile.TemporaryDirectory(prefix="omraadetal-") as folder:
        path = Path(folder) / "peeked.sav"
        path.write_bytes(content)
        frame, metadata = pyreadstat.read_sav(path, user_missing=True)
    rows = [[cell_text(value) for value in row] for row in frame.itertuples(index=False)]
    yield Peek("spss", metadata.file_encoding or "", "-", list(frame.columns), rows)


def _split(records: list[Cells]) -> tuple[list[str], list[Cells]]:
    """Heading line and rows: the first line that is as wide as the table, after titles and other preamble."""
    widths = [sum(bool(cell and cell.strip()) for cell in row) for row in records]
    widest = max(widths, default=0)
    head = next((at for at, width in enumerate(widths) if width >= max(2, widest - 2)), 0)
    if not records:
        return [], []
    return [cell or "" for cell in records[head]], records[head + 1 :]
