"""A delivered content as tables of text, by the reader of its format and the layouts that its name fits."""

import codecs

from ingest.descriptor import Descriptor
from ingest.layouts import SUFFIXES
from ingest.readers.csv_file import read_csv
from ingest.readers.cube_file import read_cube
from ingest.readers.excel_file import read_excel, read_wide_excel
from ingest.readers.spss_file import read_spss
from ingest.readers.table import Table
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

BLANK = codecs.BOM_UTF8 + b" \t\r\n"
READERS = {
    "csv": read_csv,
    "excel": read_excel,
    "spss": read_spss,
    "wide_excel": read_wide_excel,
    "cube": read_cube,
}


def delivered_tables(content: bytes, file_name: str, descriptor: Descriptor) -> tuple[str, list[Table]]:
    """Layout name and the tables of a content, as delivered. Raises FileRefused."""
    if not content.strip(BLANK):
        raise FileRefused(problem="the file is empty.", reason=FileReason.EMPTY_FILE)
    layouts = descriptor.layouts_for(file_name)
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
