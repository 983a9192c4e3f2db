"""Which of the first records are headings, which stand before the table, and which are data."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.detection.kinds import are_periods, is_missing, is_period, kind_of_value
from ingest.detection.records import Record

LOOKED_AT = 500
SKIPPED = 10
"""The kinds of a column are told from what comes after the first records, which may be headings."""

MOSTLY = 0.8
MOST_HEADINGS = 5
MOST_LOOKED_THROUGH = 10
"""Of a table without values the headings are looked for in so many lines."""


@dataclass(frozen=True)
class Layout:
    """Places in the list of records: `headings` from `first` up to `data`, and what stands before is no part of the
    table.
    """

    first: int
    data: int


def find_layout(records: Sequence[Record], width: int) -> Layout:
    """Where the table begins, and where its data do. Blank records count as standing before it.

    The headings are the first line that names nearly as many columns as any that comes before the first values; further
    lines of names may follow. What comes after them and holds no values is data that lack them.
    """
    kinds = _kinds(records, width)
    values = next((at for at, one in enumerate(records) if _is_data(one.cells, kinds, width)), None)
    zone = records[: MOST_LOOKED_THROUGH if values is None else values]
    least = _least_filled(records, width)
    filled = {at: _filled(one) for at, one in enumerate(zone) if _fits(one, width) and _filled(one) >= least}
    if not filled:
        return _without_headings(records, width, values)
    blank = max((at for at, one in enumerate(zone) if one.is_blank), default=-1)
    filled = {
        at: count for at, count in filled.items() if at > blank
    } or filled  # an empty line parts a table from words
    first = next(at for at, count in filled.items() if count >= MOSTLY * max(filled.values()))
    if values is None:  # text in every column
        return Layout(first, first + 1)
    body = [one.cells for one in records[values : values + LOOKED_AT]]
    last = min(values, first + MOST_HEADINGS)
    data = next((at for at in range(first + 1, last) if not _names(records[at].cells, kinds, body)), last)
    return Layout(first, data)


def _without_headings(records: Sequence[Record], width: int, values: int | None) -> Layout:
    """The table begins with its values, or with rows just before them that lack some; of a text that is no table the
    first line is taken for its heading.
    """
    if values is None:
        first = next(at for at, one in enumerate(records) if not one.is_blank)
        return Layout(first, first + 1)
    while values > 0 and _near(records[values - 1].cells, width) and _filled(records[values - 1]) > 1:
        values -= 1
    return Layout(values, values)


def joined(headings: Sequence[Sequence[str]], width: int) -> list[str]:
    """One heading per column, several lines of them joined with a space; col_0, col_1 … where there is none."""
    if not headings:
        return [f"col_{at}" for at in range(width)]
    wide = max(width, *map(len, headings))
    columns = ([row[at] for row in headings if at < len(row)] for at in range(wide))
    return [column[0] if len(column) == 1 else " ".join(filter(str.strip, column)) for column in columns]


def _kinds(records: Sequence[Record], width: int) -> dict[int, str]:
    """The columns most of whose values are of one kind."""
    rows = [one.cells for one in records[: LOOKED_AT + SKIPPED] if len(one.cells) == width]
    body = rows[min(SKIPPED, len(rows) // 2) :]
    found = {}
    for at in range(width):
        values = [row[at] for row in body if not is_missing(row[at])]
        kinds = [kind_of_value(value) for value in values]
        usual = max(set(kinds), key=kinds.count, default=None)
        if usual and kinds.count(usual) >= MOSTLY * len(kinds):
            found[at] = "year" if sum(map(is_period, values)) >= MOSTLY * len(values) else usual
    return found


def _is_data(cells: Sequence[str], kinds: dict[int, str], width: int) -> bool:
    """Whether the cells hold as many values as the columns have that are of one kind, half of them at least; values may
    stand beside their columns where a delimiter is missing. Years over other numbers are headings.
    """
    if not kinds or not _near(cells, width):
        return False
    told = [cell for cell in cells if kind_of_value(cell)]
    missing = [at for at in kinds if at < len(cells) and is_missing(cells[at])]
    over_others = any(kind != "year" and at < len(cells) and kind_of_value(cells[at]) for at, kind in kinds.items())
    if not told or (are_periods(told) and over_others):
        return False
    return 2 * (len(told) + len(missing)) >= len(kinds)


def _fits(record: Record, width: int) -> bool:
    return not record.is_blank and _near(record.cells, width)


def _least_filled(records: Sequence[Record], width: int) -> int:
    """How many columns a line of headings names at the least: half of those that a well filled row fills."""
    counts = sorted(_filled(one) for one in records[:LOOKED_AT] if _fits(one, width)) or [width]
    return 1 if width == 1 else max(2, -(-counts[int(MOSTLY * (len(counts) - 1))] // 2))


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _names(cells: Sequence[str], kinds: dict[int, str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a further line of headings holds names: text over the values, and nothing that is a value below."""
    over = sum(at < len(cells) and not is_missing(cells[at]) for at in kinds)
    below = any(
        cell.strip() and any(at < len(row) and row[at] == cell for row in body)
        for at, cell in enumerate(cells)
        if at not in kinds
    )
    return 2 * over >= len(kinds) and not below


def _near(cells: Sequence[str], width: int) -> bool:
    return abs(len(cells) - width) <= max(1, width // 10) and (width == 1 or len(cells) > 1)
