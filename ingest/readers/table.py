"""What every reader returns: rows of text with the place each stands in the delivered file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Context, Decimal
from functools import lru_cache

import numpy as np
import pyarrow as pa

from agreements.areas import normalise
from ingest.layouts import TableLayout, WideLayout
from ingest.readers.tombstones import Tombstone

READER_VERSION = "4"
"""Part of every reading_id: raise it when any reader or check would read the same content differently."""

EXACT = 2**53
"""Whole numbers below it are what they were before they became binary."""

SPREADSHEET_DIGITS = Context(prec=15)
NOISE_BEYOND = 12
"""A number of so many digits at the most once it has those of a spreadsheet was no longer before it was calculated."""

Cells = list[str | None]


class ColumnarRows(Sequence[Cells]):
    """Rows that are held as columns of text."""

    def __init__(self, data: pa.Table) -> None:
        self.data = data

    def __len__(self) -> int:
        return self.data.num_rows

    def __getitem__(self, at: int) -> Cells:
        return [column[at].as_py() for column in self.data.columns]

    def __iter__(self) -> Iterator[Cells]:
        return map(list, zip(*(column.to_pylist() for column in self.data.columns), strict=True))


@dataclass(repr=False)
class Table:
    """One table of a file (a CSV, a sheet): canonical columns, rows of text, and what stood around them.

    `row_numbers` are 1-based lines of the file or rows of the sheet; `ragged` are rows with too many or too few
    fields, which are never repaired. For a wide sheet `periods` are the labels of the year columns and each row
    holds its dimensions first, then one cell per period. `headings` are the headings as delivered, by column;
    `wordings` and `value_labels` (in the order of the codes) what an SPSS file says of a variable, and `user_missing`
    the texts of the values that it declares as missing. Of a CSV file, `ragged_cells` are what stands in the ragged
    rows, in their order, `positions` and `width` where each column stands in a whole one, and `tombstones` mark the
    rows that were taken out of the delivered file. A piece of a table that `continues` the one before it has that
    one's columns.
    """

    layout: TableLayout | WideLayout
    columns: list[str]
    rows: Sequence[Cells]
    row_numbers: Sequence[int]
    ragged: list[int] = field(default_factory=list)
    sheet: str | None = None
    sheet_number: int = 1
    periods: list[str] = field(default_factory=list)
    control_total: int | None = None
    unknown_columns: list[str] = field(default_factory=list)
    unknown_sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    user_missing: dict[str, frozenset[str]] = field(default_factory=dict)
    ragged_cells: list["Cells"] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    width: int = 0
    tombstones: list[Tombstone] = field(default_factory=list)
    continues: bool = False

    @property
    def dataset(self) -> str:
        return self.layout.dataset

    @property
    def data(self) -> pa.Table:
        """The rows as one column of text for each of `columns` and `periods`."""
        if isinstance(self.rows, ColumnarRows):
            return self.rows.data
        names = [*self.columns, *self.periods]
        cells = zip(*self.rows, strict=True) if self.rows else [[] for _ in names]
        return pa.table([pa.array(column, pa.string()) for column in cells], names=names)


def joined(pieces: Iterable[Table]) -> list[Table]:
    """Each table whole, of pieces of which those of one sheet follow each other."""
    tables: list[Table] = []
    for piece in pieces:
        if piece.continues:
            tables[-1] = _together(tables[-1], piece)
        else:
            tables.append(piece)
    return tables


def _together(before: Table, after: Table) -> Table:
    totals = [one.control_total for one in (before, after) if one.control_total is not None]
    return replace(
        before,
        rows=ColumnarRows(pa.concat_tables([before.data, after.data])),
        row_numbers=np.concatenate([before.row_numbers, after.row_numbers]),
        ragged=[*before.ragged, *after.ragged],
        ragged_cells=[*before.ragged_cells, *after.ragged_cells],
        tombstones=[*before.tombstones, *after.tombstones],
        control_total=sum(totals) if totals else None,
    )


def cell_text(value: object) -> str | None:
    """A spreadsheet cell as a Danish reader would type it; None for an empty one.

    Dates become ISO 8601 and numbers get a decimal comma, so that typed and hand-written cells are read alike. A
    duration is hours:minutes:seconds, also of more than a day.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, int | float):
        return number_text(value)
    return str(value).strip() or None  # of a date and a time it is ISO 8601


def number_text(value: float | Decimal) -> str:
    """A number in Danish, never with an exponent, and without the noise of binary arithmetic (0,30000000000000004)."""
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < EXACT):
        return str(int(value))
    number = Decimal(repr(float(value))) if isinstance(value, float) else value
    if not number.is_finite():
        return str(value)
    rounded = SPREADSHEET_DIGITS.plus(number).normalize()
    if len(rounded.as_tuple().digits) <= NOISE_BEYOND:
        number = rounded
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def duration_text(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("", minutes)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"


@lru_cache
def _normalised(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalise(label) for label in labels)


def is_footer(cells: Cells, labels: tuple[str, ...]) -> bool:
    """Whether the row's first filled cell is one of the labels of a total («I alt», also «I alt: 12»)."""
    first = next((cell for cell in cells if cell and cell.strip()), "")
    return normalise(first.split(":")[0]) in _normalised(labels)


def is_blank(cells: Cells) -> bool:
    return all(cell is None or not cell.strip() for cell in cells)
