"""A delivered content as tables of text, by the reader of its format and the layouts that its name fits."""

import codecs

from ingest.descriptor import Descriptor
from ingest.layouts import SUFFIXES
from ingest.periods import years_in
from ingest.readers.csv_file import read_csv
from ingest.readers.excel_file import read_excel, read_wide_excel
from ingest.readers.spss_file import read_spss
from ingest.readers.table import Table
from ingest.unpacking import unpacked
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

BLANK = codecs.BOM_UTF8 + b" \t\r\n"
READERS = {"csv": read_csv, "excel": read_excel, "spss": read_spss, "wide_excel": read_wide_excel}


def delivered_tables(content: bytes, file_name: str, descriptor: Descriptor) -> tuple[str, list[Table]]:
    """Layout name and the tables of a content, as delivered. Of a packed file they are those of the file inside it.

    Raises FileRefused.
    """
    _refuse_blank(content)
    name, content = unpacked(content, file_name)
    _refuse_blank(content)
    _refuse_contradiction(name, file_name, descriptor)
    layouts = descriptor.layouts_for(name)
    if not layouts:
        known = sorted({suffix for layout in descriptor.layouts for suffix in SUFFIXES[layout.format]})
        raise FileRefused(
            problem=f"no layout of the source {descriptor.source_id} fits its name (known: {', '.join(known)}).",
            reason=FileReason.UNKNOWN_FORMAT,
        )
    first = layouts[0].format
    layout, tables = READERS[first](content, [one for one in layouts if one.format == first])
    if not tables:
        raise FileRefused(problem="holds no table.", reason=FileReason.EMPTY_FILE)
    return layout, tables


def _refuse_blank(content: bytes) -> None:
    if not content.strip(BLANK):
        raise FileRefused(problem="the file is empty.", reason=FileReason.EMPTY_FILE)


def _refuse_contradiction(name: str, file_name: str, descriptor: Descriptor) -> None:
    """The year is that of the delivered file's name: an archive whose file is of another year is not guessed at."""
    inside, outside = years_in(name), years_in(file_name)
    if descriptor.period.origin == "file_name" and inside and outside and inside != outside:
        raise FileRefused(
            problem="the archive and the file inside it name different years.", reason=FileReason.UNKNOWN_PERIOD
        )
