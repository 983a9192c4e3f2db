"""Read StatBank's CSV and BULK as a cube: a heading line, then one row per combination of values, in any order.

Neither says which of the two it is. A combination without a row is ABSENT.
"""

import csv
import io
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from agreements.areas import normalise
from ingest.layouts import ENCODINGS, CubeLayout
from ingest.readers.cube import ABSENT, Cell, Cube, Variable, cell_count, plain_number, refuse_many, unreadable
from ingest.readers.encoding import decode
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

DELIMITER = ";"
NUMERIC = re.compile(r"[+-]?\d[\d.,]*")
BATCH = 50_000
"""Rows that are turned into columns at once."""


class Column(dict[str, int]):
    """The different texts of a column, in the order of their first rows, and the place of each row's text in them.

    As a dictionary it knows the place of each text as it is written.
    """

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.places = array("q")

    def __missing__(self, cell: str) -> int:
        self[cell] = place = self.texts.setdefault(cell.strip(), len(self.texts))
        return place

    def add(self, cells: Iterable[str]) -> None:
        self.places.extend(map(self.__getitem__, cells))


def read_statbank_csv(content: bytes, layouts: Sequence[CubeLayout]) -> Cube:
    """Raises FileRefused: undecodable, missing_column where no column is named as the one of values, and
    file_unreadable for a row that is too short or too long, a combination that stands twice, or numbers with a
    separator of thousands. Of such a file nothing is read: a row left out would stand for what `absent_means` says.
    """
    records = _records(decode(content, ENCODINGS))
    _, heading = next(records, (1, list[str]()))
    refuse_many(heading)
    at_values = _place_of_values(heading, layouts)
    columns = [Column() for _ in heading]
    lines = array("q")
    while batch := list(islice(records, BATCH)):
        for line, row in batch:
            if len(row) != len(heading):
                raise unreadable(f"line {line} has {len(row)} fields rather than {len(heading)}.")
        lines.extend(line for line, _ in batch)
        for column, cells in zip(columns, zip(*(row for _, row in batch), strict=True), strict=True):
            column.add(cells)
    if not lines:
        raise FileRefused(problem="it has a heading line and no rows.", reason=FileReason.EMPTY_FILE)
    others = [at for at in range(len(heading)) if at != at_values]
    variables = [Variable((heading[at].strip(),), tuple(columns[at].texts), tuple(columns[at].texts)) for at in others]
    return Cube("CSV", "", variables, _laid_out([columns[at] for at in others], columns[at_values], lines))


def _laid_out(labels: Sequence[Column], values: Column, lines: Sequence[int]) -> list[Cell]:
    cells: list[Cell] = [ABSENT] * cell_count(len(column.texts) for column in labels)
    spelt = _spelt(values.texts)
    places = np.zeros(len(lines), dtype=np.int64)
    for column in labels:
        places = places * len(column.texts) + np.asarray(column.places)
    for at, (place, value) in enumerate(zip(places.tolist(), values.places, strict=True)):
        if cells[place] != ABSENT:
            raise unreadable(f"the combination in line {lines[at]} stands twice.")
        cells[place] = spelt[value]
    return cells


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of each record that is not blank, the heading line first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITER, strict=True)
    line = 1
    try:
        for row in reader:
            if row and (row[0] or any(row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        problem = f"a quote on line {line} is never closed, or something stands behind it."
    else:
        return
    raise unreadable(problem)


def _place_of_values(heading: list[str], layouts: Sequence[CubeLayout]) -> int:
    names = list(dict.fromkeys(name for layout in layouts for name in layout.values))
    known = {normalise(name) for name in names}
    found = [at for at, cell in enumerate(heading) if normalise(cell) in known]
    if len(found) != 1:
        raise FileRefused(
            problem=f"{'no column' if not found else 'more than one column'} of values (expected «{names[0]}», after "
            f"«{DELIMITER}»).",
            reason=FileReason.MISSING_COLUMN,
        )
    return found[0]


def _spelt(texts: Iterable[str]) -> list[Cell]:
    """Each text as a cell. Danish files have a decimal comma and English ones a point; neither separates thousands.

    Raises FileRefused where both stand in one file, or one of them twice in a number: which it is cannot be known.
    """
    numeric = {text for text in texts if NUMERIC.fullmatch(text)}
    signs = {sign for text in numeric for sign in text if sign in ",."}
    if len(signs) > 1 or any(text.count(sign) > 1 for sign in signs for text in numeric):
        raise unreadable("the decimal sign cannot be told: some numbers have a separator of thousands.")
    return [plain_number(text.replace(",", ".")) or text or None for text in texts]
