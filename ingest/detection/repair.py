"""Read a line again that does not fit its table: in another delimiter, or with a stray quote or a missing delimiter.

A reading is only taken where it gives exactly the table's number of cells; else the line stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.detection.records import USUAL, Dialect, Record, cells_of_line

MOST_PIECES = 400
LEAST_WIDTH = 3
"""Of fewer cells another reading is too easily found."""

STRAY, MISSING = 1.0, 1.5
"""What it costs to take a quote for a part of its cell, or a delimiter to have been left out."""

MOST_COST = 3.0


def read_again(record: Record, dialect: Dialect, width: int, *, is_rare: bool = False) -> list[str] | None:
    """The cells of a record of one line in a table of so many columns, or None where no other reading fits it.

    A record with more cells whose quotes all hold is what it is. One cell too few is a delimiter that was left out
    only where that `is_rare`: many such records are rows of another table.
    """
    line = record.text
    if width < LEAST_WIDTH or not dialect.delimiter or (len(record.cells) > width and not record.is_faulty):
        return None
    for delimiter in (*USUAL, " "):
        other = replace(dialect, delimiter=delimiter)
        if delimiter != dialect.delimiter and delimiter in line and not _stands_outside(dialect, line):
            found = cells_of_line(line, other)
            if len(found.cells) == width and not found.is_faulty and len(found.text) == len(line):
                return found.cells
    if dialect.quote and dialect.quote in line:
        costs = {0.0, *((STRAY,) if record.is_faulty else ()), *((MISSING,) if is_rare else ())}
        return _grouped(line, dialect, width, costs)
    return None


def _stands_outside(dialect: Dialect, line: str) -> bool:
    """Whether a table's own delimiter stands in a line outside of quotes: then it is that which it was written with."""
    outside = re.sub(f"{dialect.quote}[^{dialect.quote}]*{dialect.quote}", "", line) if dialect.quote else line
    return dialect.delimiter in outside


def _grouped(line: str, dialect: Dialect, width: int, costs: set[float]) -> list[str] | None:
    """The cheapest way to make so many cells of the pieces between delimiters."""
    pieces = line.split(dialect.delimiter)
    if len(pieces) > MOST_PIECES:
        return None
    best: list[dict[int, tuple[float, list[str]]]] = [{} for _ in range(len(pieces) + 1)]
    best[0][0] = (0.0, [])
    for start in range(len(pieces)):
        if not best[start]:
            continue
        for end in range(start + 1, len(pieces) + 1):
            text = dialect.delimiter.join(pieces[start:end])
            for cost, cells in _readings(text, dialect, is_single=end == start + 1):
                if cost not in costs:
                    continue
                for count, (spent, before) in best[start].items():
                    total, number = spent + cost, count + len(cells)
                    known = best[end].get(number)
                    if number <= width and total <= MOST_COST and (known is None or total < known[0]):
                        best[end][number] = (total, before + cells)
    found = best[-1].get(width)
    return found[1] if found else None


def _readings(text: str, dialect: Dialect, *, is_single: bool) -> Iterator[tuple[float, list[str]]]:
    """What the text between two delimiters may be, and at which cost."""
    quote = dialect.quote
    if quote not in text:
        if is_single:
            yield 0.0, [text]
        return
    whole = dialect.quoted.fullmatch(text)
    if whole:
        yield 0.0, [dialect.unquoted(whole[1])]
    elif text.startswith(quote) and text.endswith(quote) and len(text) > 2 * len(quote) - 1:
        yield STRAY, [dialect.unquoted(text[1:-1])]
    if not whole and is_single:
        yield STRAY, [text]
    yield from ((MISSING, cells) for cells in _apart(text, dialect))


def _apart(text: str, dialect: Dialect) -> Iterator[list[str]]:
    """Two cells between which no delimiter stands: one of them is quoted, so that their border can be seen."""
    quote = dialect.quote
    first = text.find(quote)
    if first > 0 and (quoted := dialect.quoted.fullmatch(text, first)):
        yield [text[:first], dialect.unquoted(quoted[1])]
    if first == 0:
        last = text.rfind(quote)
        head = dialect.quoted.fullmatch(text, 0, last + 1)
        if head and last + 1 < len(text):
            yield [dialect.unquoted(head[1]), text[last + 1 :]]
        at = text.find(quote * 2, 1) if quote == '"' else -1  # an apostrophe stands within words
        while 0 < at < len(text) - 2:
            head, tail = dialect.quoted.fullmatch(text, 0, at + 1), dialect.quoted.fullmatch(text, at + 1)
            if head and tail and _is_border(head[1], tail[1]):
                yield [dialect.unquoted(head[1]), dialect.unquoted(tail[1])]
            at = text.find(quote * 2, at + 2)


def _is_border(before: str, after: str) -> bool:
    """Whether a doubled quote may be two: a quote within a text has a space or an end beside it."""
    return before[-1:].strip() != "" and after[:1].strip() != ""
