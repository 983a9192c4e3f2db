"""A table of statistics as a cube: variables with their values, and one cell for each combination of values."""

import re
from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from decimal import Decimal
from math import prod

from agreements.areas import normalise
from ingest.values import MOST_DIGITS
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

MOST_CELLS = 10_000_000
"""Ten times what StatBank gives at once; a few bytes can ask for billions."""

MOST_VARIABLES = 100

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
ABSENT = ""
"""The cell of a combination that has no row; what it stands for is the layout's to say."""

Cell = str | None
"""A number with a decimal point, another text that stands there, ABSENT, or None where nothing does."""


@dataclass(frozen=True, repr=False)
class Variable:
    """`names` are what it may be called, the first of them shown; `texts` and `codes` are its values, in one order.

    `labels` are the periods of a variable of time where neither its texts nor its codes say them.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    labels: tuple[str, ...] = ()
    is_time: bool = False
    is_measure: bool = False

    def is_called(self, names: Iterable[str]) -> bool:
        return not {normalise(name) for name in self.names}.isdisjoint(normalise(name) for name in names)


@dataclass(repr=False)
class Cube:
    """`cells` are in the order of the variables, of which the last changes fastest.

    `symbols`, empty or one per cell, say why a cell is empty or what is special about it.
    """

    kind: str
    title: str
    variables: list[Variable]
    cells: list[Cell]
    symbols: list[str | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def unreadable(problem: str) -> FileRefused:
    """The refusal of a damaged file. `problem` repeats nothing of the file."""
    return FileRefused(problem=problem, reason=FileReason.FILE_UNREADABLE)


def cell_count(sizes: Iterable[int]) -> int:
    """How many cells a cube has. Raises FileRefused for more than any delivery holds, and for none."""
    count = prod(sizes)
    if count == 0:
        raise unreadable("a variable has no values.")
    if count > MOST_CELLS:
        raise unreadable(f"a table of more than {MOST_CELLS} cells is no delivery: ask for fewer values.")
    return count


def refuse_many(variables: Sized) -> None:
    """Raises FileRefused for more variables than any table has; reading each takes longer the more there are."""
    if len(variables) > MOST_VARIABLES:
        raise unreadable(f"a table of more than {MOST_VARIABLES} variables is no delivery.")


def plain_number(text: str) -> str | None:
    """A number as it is kept: a decimal point, no exponent, no zeros at the end. None for what is no number."""
    if text.isascii() and text.isdigit() and (text[0] != "0" or text == "0") and len(text) <= MOST_DIGITS:
        return text
    if not NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if abs(number.adjusted()) > MOST_DIGITS:
        return None
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain.removeprefix("+")
