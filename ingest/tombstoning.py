"""Rewrite a delivered CSV file with tombstones in place of some rows, and every other byte as it was."""

import codecs
import re
from collections.abc import Collection
from pathlib import Path

from ingest.content import Content
from ingest.descriptor import Descriptor
from ingest.file_names import shown_name
from ingest.landing import LandedFile
from ingest.layouts import SUFFIXES, TableLayout
from ingest.readers.encoding import encoding_of
from ingest.readers.records import split
from ingest.readers.tombstones import Tombstone
from vocabulary.errors import FileRefused, RowsNotTraced
from warehouse.store import Folder

LINE_BREAK = re.compile(r"\r\n|\r|\n")
MARKED = (
    (b"", "utf-8"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and the codec of what follows them."""


def can_be_rewritten(file: LandedFile) -> bool:
    """Whether rows can be taken out without touching the rest: not in workbooks and SPSS files."""
    return Path(file.file_name).suffix.lower() in SUFFIXES["csv"]


def bury(folder: Folder, file: LandedFile, descriptor: Descriptor, lines: Collection[int], marker: Tombstone) -> None:
    """Rewrite a file of the landing zone, whole or not at all, with its permissions kept.

    Raises RowsNotTraced where this cannot be done, a landing zone that may only be read included.
    """
    content = with_tombstones(folder.read(*file.parts), file.file_name, descriptor, lines, marker)
    try:
        folder.replace_content(content, *file.parts)
    except OSError as error:
        raise RowsNotTraced(file=shown_name(file.file_name), problem=error.strerror or "it cannot be written") from None


def with_tombstones(
    content: bytes, file_name: str, descriptor: Descriptor, lines: Collection[int], marker: Tombstone
) -> bytes:
    """The content with the records that start on `lines` replaced, each by as many lines as it had."""
    layout = next(one for one in descriptor.layouts_for(file_name) if isinstance(one, TableLayout))
    try:
        encoding = encoding_of(Content.of(content), layout.encodings)
        text = content.decode(encoding)
        records = list(split(text, layout.delimiter))
    except FileRefused as refusal:
        raise RowsNotTraced(file=shown_name(file_name), problem=str(refusal).rstrip(".")) from None
    parts = []
    for record in records:
        own = record.text
        parts.append(marker + "".join(LINE_BREAK.findall(own)) if record.line in lines else own)
    if len(set(lines) & {record.line for record in records}) < len(set(lines)):
        raise RowsNotTraced(file=shown_name(file_name), problem="a row is no longer where it was found")
    for mark, codec in ((b"", encoding), *MARKED):
        if mark + text.encode(codec, errors="replace") == content:
            try:
                return mark + "".join(parts).encode(codec)
            except UnicodeEncodeError:  # the marker's own letters
                break
    raise RowsNotTraced(file=shown_name(file_name), problem=f"its bytes cannot be written again in {encoding}")
