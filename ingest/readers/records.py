"""Cut a text into records with a strict reader: what is malformed is named, never repaired."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.readers.table import Cells
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

FIELD_LIMIT = csv.field_size_limit()
"""Characters; no cell of a delivery is longer, but what follows a stray quote is."""


@dataclass(frozen=True, repr=False)
class Record:
    """One record of a file: the line on which it starts, its cells (None where its quoting is broken), and its text."""

    line: int
    cells: Cells | None
    text: str

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return sum(1 for _ in io.StringIO(self.text, newline=""))


def split(text: str, delimiter: str, first_line: int = 1, quote: str = '"') -> Iterator[Record]:
    """Every record of the text, blank lines included. One whose quoting is broken has no cells.

    Raises FileRefused where a quote that is never closed would swallow the rest of the file.
    """
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, quotechar=quote, strict=True)
    line = first_line
    while True:
        cells: Cells | None = None
        try:
            cells = list(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                break
        yield Record(line, cells, "".join(taken))
        taken.clear()
        line = first_line + reader.line_num
    raise FileRefused(
        problem=f"a quote opened on line {line} is never closed.",
        reason=FileReason.FILE_UNREADABLE,
    )
