"""Which dialect a text is written in: each that is possible is tried on a sample, and the one that gives the most even
table of the most telling cells is taken (after van den Burg, Nazábal, Sutton, «Wrangling messy CSV files», 2019).
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise

from ingest.detection.kinds import kind_of_value
from ingest.detection.records import USUAL, Dialect, Record, records_of
from ingest.detection.repair import read_again

RARE = (":", " ", "^", "~", "§", "¦", "#", "&", "*", "\x1f", "\x01")
SAMPLE_CHARACTERS = 60_000
MOST_RECORDS = 400
MOST_READ_AGAIN = 150
FINALISTS = 4
READ_AGAIN, STEADY = 0.9, 0.9
OFTEN = 0.8
"""Share of lines in which signs stand together that may be a delimiter of several."""

NEARLY_ALL = 0.95

TOGETHER = re.compile(r"[^\w\s\"'().\-/+%]{2,3}|[,;|:] (?! )|\t\t+")


def find_dialect(text: str) -> Dialect:
    """The dialect of a text; one column where no delimiter makes a table of it."""
    sample = _sample(text)
    tried = [(score(sample, dialect), dialect) for dialect in _possible(sample)]
    # sorting keeps the order of equals, in which the more usual comes first
    tried.sort(key=lambda one: -one[0])
    final = [one for at, (_, one) in enumerate(tried) if at < FINALISTS or one.delimiter in USUAL]
    return max(final, key=lambda one: score(sample, one, is_lenient=True))


def score(sample: str, dialect: Dialect, *, is_lenient: bool = False) -> float:
    """How good a table a sample becomes: 0 (none) to 1. With `is_lenient` a line that can be read again fits a little
    less than one that need not be.
    """
    records = [one for one in islice(records_of(sample, dialect), MOST_RECORDS) if not one.is_blank]
    if not records:
        return 0.0
    width, count = usual_width(records)
    rows = [one.cells for one in records if len(one.cells) == width]
    if is_lenient and count < len(records):
        others = (one for one in records if len(one.cells) != width)
        again = [cells for one in islice(others, MOST_READ_AGAIN) if (cells := read_again(one, dialect, width))]
        count += READ_AGAIN * len(again)
        rows += again
    if _is_halved(dialect, rows, width):
        return 0.0
    # of two tables in one file each is even
    steady = sum(len(one.cells) == len(next_one.cells) for one, next_one in pairwise(records)) + 1
    even = max(count, STEADY * steady if width > 1 else 0) / len(records)
    cells = [cell for row in rows for cell in row]
    telling = sum(map(_telling, cells)) / len(cells)
    loose = sum(cell != cell.strip() for cell in cells) / len(cells)
    faulty = sum(one.is_faulty for one in records) / len(records)
    wide = width / (width + 1) if dialect.delimiter else 0.5
    return even**2 * telling * wide * (1 - 0.5 * loose) * (1 - 0.5 * faulty)


def usual_width(records: list[Record]) -> tuple[int, int]:
    """The number of cells that most records have, and how many have it; of equals the one that comes first."""
    return Counter(len(one.cells) for one in records if not one.is_blank).most_common(1)[0]


def _is_halved(dialect: Dialect, rows: list[list[str]], width: int) -> bool:
    """Whether every other column is empty, headings and all: then the delimiter is twice the sign."""
    return bool(dialect.delimiter) and width > 1 and width % 2 == 1 and not any(any(row[1::2]) for row in rows)


def _telling(cell: str) -> float:
    """A known kind of value tells most; text in which a delimiter stands, or that is within quotes, tells that it was
    cut in the wrong places.
    """
    if not cell.strip():
        return 0.7
    if kind_of_value(cell):
        return 1.0
    if cell[0] == cell[-1] == "'" and len(cell) > 1:
        return 0.2
    if any(mark in cell for mark in ";|\t"):
        return 0.3
    return 0.6 if "," in cell else 0.7


def _possible(sample: str) -> Iterator[Dialect]:
    lines = [line for line in re.split(r"[\r\n]+", sample) if line.strip()]
    counted = Counter(mark for line in lines for mark in set(TOGETHER.findall(line)))
    several = [mark for mark, count in counted.most_common(6) if count >= OFTEN * len(lines)]
    doubled = {mark[0] for mark in several if set(mark) == {mark[0]} and _is_never_alone(mark, sample)}
    delimiters = [mark for mark in (*USUAL, *several, *RARE) if mark in sample and mark not in doubled]
    quotes = ('"', "'") if "'" in sample else ('"',)
    for quote in quotes:
        for escape in ("", "\\") if f"\\{quote}" in sample else ("",):
            for delimiter in delimiters:
                yield Dialect(delimiter, quote, escape)
    yield Dialect("")


def _is_never_alone(mark: str, sample: str) -> bool:
    return sample.count(mark) * len(mark) >= NEARLY_ALL * sample.count(mark[0])


def _sample(text: str) -> str:
    """The beginning of a text, cut at the end of a line."""
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    end = max(text.rfind("\n", 0, SAMPLE_CHARACTERS), text.rfind("\r", 0, SAMPLE_CHARACTERS))
    return text[: end if end > 0 else SAMPLE_CHARACTERS]
