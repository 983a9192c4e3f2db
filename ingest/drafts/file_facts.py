"""What a first descriptor needs to know of a file: its one table, and how it is told to be read."""

from dataclasses import dataclass
from pathlib import Path

from ingest.detection.reading import read_text
from ingest.detection.records import Dialect
from ingest.detection.sheets import read_sheet
from ingest.layouts import SUFFIXES, TableLayout
from ingest.patterns import kind_of, without_matches
from ingest.peek import detect_format, headings, peek
from ingest.periods import years_in
from ingest.readers.excel_file import PERIOD_LABEL
from ingest.readers.spss_file import labelled_columns
from ingest.readers.table import is_blank, is_footer
from ingest.readers.workbook import Workbook
from vocabulary.errors import DraftRefused

FOOTER_LABELS = TableLayout(layout="any", format="csv", headings={}).footer_labels


@dataclass(frozen=True, repr=False)
class FileFacts:
    """`columns` are headings and non-blank values of each column, `layout` what the layout says of the format.

    `periods` are headings that are years or parts of years, `is_by_year` says that each sheet is a year of its own.
    """

    format: str
    columns: list[tuple[str, list[str]]]
    layout: dict[str, object]
    periods: list[str]
    is_by_year: bool = False


def file_facts(path: Path) -> FileFacts:
    """Raises FormatUnknown, PeekStopped, DraftRefused."""
    content = path.read_bytes()
    found = detect_format(content)
    if path.suffix.lower() not in SUFFIXES[found]:
        known = ", ".join(sorted(SUFFIXES[found]))
        raise _refused(path, f"nights read it only under a name that ends in one of {known}; unpack what is packed")
    peek(path)  # raises what tells why a file cannot be read
    return {"csv": _of_text, "excel": _of_workbook, "spss": _of_survey}[found](path, content)


def _of_text(path: Path, content: bytes) -> FileFacts:
    found = read_text(content)
    dialect = found.dialect
    if found.rows and (len(dialect.delimiter) != 1 or dialect.escape or dialect.quote != Dialect.quote):
        raise _refused(path, 'nights read text whose cells stand between single signs and are quoted with «"» only')
    encodings = ["utf-8-sig", "cp1252"] if found.encoding.startswith("utf-8") else [found.encoding]
    return _facts(
        path,
        "csv",
        found.columns if found.has_headings else [],
        found.rows,
        {"encodings": encodings, "delimiter": dialect.delimiter},
    )


def _of_workbook(path: Path, content: bytes) -> FileFacts:
    workbook = Workbook(content)
    tables = [(name, read_sheet(workbook.sheet(name))[0]) for name in workbook.names if name not in workbook.charts]
    filled = [(name, one) for name, one in tables if one.rows]
    years = [years_in(name) for name, _ in filled]
    is_by_year = bool(filled) and all(len(found) == 1 for found in years)
    if len({tuple(one.columns) for _, one in filled}) > 1 or (len(filled) > 1 and not is_by_year):
        raise _refused(path, f"its {len(filled)} sheets are several tables; describe them by hand, or take them apart")
    columns = filled[0][1].columns if filled and filled[0][1].has_headings else []
    rows = [row for _, one in filled for row in one.rows]
    layout = {"sheets": TableLayout.model_fields["sheets"].default if is_by_year else ".*"}
    return _facts(path, "excel", columns, rows, layout, is_by_year=is_by_year)


def _of_survey(path: Path, content: bytes) -> FileFacts:
    columns = labelled_columns(content)
    rows = [[cell or "" for cell in row] for row in zip(*columns.values(), strict=True)]
    return _facts(path, "spss", list(columns), rows, {})


def _facts(
    path: Path, file_format: str, names: list[str], rows: list[list[str]], layout: dict[str, object], **said: bool
) -> FileFacts:
    if not rows:
        raise _refused(path, "it holds no table")
    told = [name for name in names if not PERIOD_LABEL.match(name.strip()) and kind_of(name) is None]
    if not any(name.strip() for name in names) or headings(told) != " | ".join(told):
        raise _refused(path, "no heading line was found in it")
    kept = [row for row in rows if not is_footer(row, FOOTER_LABELS) and not is_blank(row)]
    columns = [
        (name.strip(), [row[at].strip() for row in kept if at < len(row) and row[at].strip()])
        for at, name in enumerate(names)
    ]
    periods = [name for name in names if PERIOD_LABEL.match(name.strip())]
    return FileFacts(file_format, columns, layout, periods if names[-len(periods) :] == periods else [], **said)


def _refused(path: Path, problem: str) -> DraftRefused:
    return DraftRefused(file=without_matches(path.name), problem=problem)
