"""A delivered content as tables of text, by the reader of its format and the layouts that its name fits."""

import codecs
from collections.abc import Callable, Iterator, Sequence

from ingest.content import Content
from ingest.descriptor import Descriptor
from ingest.layouts import SUFFIXES, TableLayout, WideLayout
from ingest.periods import years_in
from ingest.readers.csv_file import read_csv
from ingest.readers.cube_file import read_cube
from ingest.readers.excel_file import read_excel, read_wide_excel
from ingest.readers.spss_file import read_spss
from ingest.readers.table import Table, joined
from ingest.unpacking import is_packed, unpacked
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

BLANK = codecs.BOM_UTF8 + b" \t\r\n"

Reader = Callable[[Content, Sequence[TableLayout | WideLayout]], Iterator[Table]]


def _of_whole(read: Callable[[bytes, Sequence], list[Table]]) -> Reader:
    """A reader of a format that has to be there whole."""
    return lambda content, layouts: iter(read(content.whole(), layouts))


READERS: dict[str, Reader] = {
    "csv": read_csv,
    "excel": _of_whole(read_excel),
    "spss": _of_whole(read_spss),
    "wide_excel": _of_whole(read_wide_excel),
    "cube": _of_whole(read_cube),
}


def delivered_pieces(content: Content, file_name: str, descriptor: Descriptor) -> Iterator[Table]:
    """The tables of a content, as delivered, in pieces that follow each other; at least one. Of a packed file they are
    those of the file inside it.

    Raises FileRefused.
    """
    _refuse_blank(content)
    name = file_name
    if is_packed(file_name):
        name, inside = unpacked(content.whole(), file_name)
        content = Content.of(inside)
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
    pieces = READERS[first](content, [one for one in layouts if one.format == first])
    piece = next(pieces, None)
    if piece is None:
        raise FileRefused(problem="holds no table.", reason=FileReason.EMPTY_FILE)
    yield piece
    yield from pieces


def delivered_tables(content: Content, file_name: str, descriptor: Descriptor) -> list[Table]:
    """The tables of a content, as delivered, each whole. Raises FileRefused."""
    return joined(delivered_pieces(content, file_name, descriptor))


def _refuse_blank(content: Content) -> None:
    if not any(chunk.strip(BLANK) for chunk in content.chunks()):
        raise FileRefused(problem="the file is empty.", reason=FileReason.EMPTY_FILE)


def _refuse_contradiction(name: str, file_name: str, descriptor: Descriptor) -> None:
    """The year is that of the delivered file's name: an archive whose file is of another year is not guessed at."""
    inside, outside = years_in(name), years_in(file_name)
    if descriptor.period.origin == "file_name" and inside and outside and inside != outside:
        raise FileRefused(
            problem="the archive and the file inside it name different years.", reason=FileReason.UNKNOWN_PERIOD
        )
