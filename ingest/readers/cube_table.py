"""A cube as the rows that a sheet with years as columns would have, by the first layout whose dimensions it has."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from agreements.areas import normalise
from ingest.layouts import CubeLayout
from ingest.readers.cube import ABSENT, Cell, Cube, Variable
from ingest.readers.excel_file import PERIOD_LABEL
from ingest.readers.headings import CLOSE, is_misspelt
from ingest.readers.table import Table
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

MISSING = ".."


@dataclass(frozen=True)
class Fit:
    """Which variable is each dimension of a layout, and which dimensions the cube lacks.

    `surplus` are the variables over which the table would have to be added up to fit, `passed_over` those of a single
    value that no layout knows.
    """

    layout: CubeLayout
    places: dict[str, int]
    missing: list[str]
    surplus: list[int]
    passed_over: list[int]


def table_of(cube: Cube, layouts: Sequence[CubeLayout], number: int = 1, *, is_only: bool = True) -> Table:
    """`row_numbers` count the rows of the table; `number` is the place of the cube in the file.

    Raises FileRefused (missing_column, unknown_period) where no layout fits: a dimension is missing, a variable that no
    dimension declares has several values, or the values of time are no years or parts of years.
    """
    time = _place_of_time(cube, layouts)
    fits = [_fit(cube, layout, layouts, time) for layout in layouts]
    fit = next((one for one in fits if not one.missing and not one.surplus), None)
    if fit is None:
        raise _refusal(cube, fits, time)
    periods = _periods(cube.variables[time])
    order = sorted(range(len(periods)), key=periods.__getitem__)
    table = Table(
        layout=fit.layout,
        columns=list(fit.layout.dimensions),
        rows=[],
        row_numbers=[],
        sheet=None if is_only else f"table {number}",
        sheet_number=number,
        periods=[periods[at] for at in order],
        unknown_columns=[f"column {at + 1}" for at in fit.passed_over],
        notes=[text for text in (cube.title, *cube.notes) if text],
        headings={name: cube.variables[at].names[0] for name, at in fit.places.items()},
    )
    shown = _shown(cube, fit.layout)
    sizes = [len(variable.codes) for variable in cube.variables]
    strides = [prod(sizes[at + 1 :]) for at in range(len(sizes))]
    columns = [fit.places[name] for name in fit.layout.dimensions]
    for row in product(*(range(1) if at == time else range(size) for at, size in enumerate(sizes))):
        first = sum(place * stride for place, stride in zip(row, strides, strict=True))
        labels = [cube.variables[at].texts[row[at]] for at in columns]
        table.rows.append([*labels, *(shown[first + at * strides[time]] for at in order)])
    table.row_numbers = list(range(1, len(table.rows) + 1))
    return table


def _place_of_time(cube: Cube, layouts: Sequence[CubeLayout]) -> int:
    names = [name for layout in layouts for name in layout.time]
    found = [at for at, one in enumerate(cube.variables) if one.is_time]
    found = found or [at for at, one in enumerate(cube.variables) if one.is_called(names)]
    if len(found) != 1:
        raise FileRefused(
            problem=f"{'no variable' if not found else 'more than one variable'} of time (expected «{names[0]}»).",
            reason=FileReason.MISSING_COLUMN,
        )
    return found[0]


def _fit(cube: Cube, layout: CubeLayout, layouts: Sequence[CubeLayout], time: int) -> Fit:
    variables = {at: one for at, one in enumerate(cube.variables) if at != time}
    called = {
        name: [at for at, one in variables.items() if one.is_called(layout.dimensions[name])] for name in layout.names
    }
    places = {name: found[0] for name, found in called.items() if len(found) == 1}
    others = {at: one for at, one in variables.items() if at not in places.values()}
    # a single value of a known variable is a choice: men alone are not everybody
    known = [name for one in layouts for names in one.dimensions.values() for name in names]
    surplus = [at for at, one in others.items() if len(one.codes) > 1 or one.is_called(known)]
    passed_over = [at for at, one in others.items() if at not in surplus and not one.is_measure]
    return Fit(layout, places, [name for name in layout.names if name not in places], surplus, passed_over)


def _refusal(cube: Cube, fits: Sequence[Fit], time: int) -> FileRefused:
    """What the nearest layout lacks. No name is repeated but a declared one, or one that is a declared one misspelt."""
    nearest = max(fits, key=lambda fit: (-len(fit.missing) - len(fit.surplus), len(fit.places)))
    declared = [name for fit in fits for names in fit.layout.dimensions.values() for name in names]
    told = {at: _told(one, declared) for at, one in enumerate(cube.variables) if at != time}
    found = [name for name in told.values() if name]
    others = f" and {len(told) - len(found)} others" if len(found) < len(told) else ""
    if nearest.missing:
        problem = "missing " + ", ".join(_hint(nearest.layout.dimensions[name], found) for name in nearest.missing)
    else:
        problem = "; ".join(
            f"{f'«{told[at]}»' if told[at] else 'a variable that is not declared'} (variable {at + 1}) "
            f"has {len(cube.variables[at].codes)} values, which are never added up"
            for at in nearest.surplus
        )
    return FileRefused(
        problem=f"{problem}; found: {', '.join(found) or 'none'}{others}.", reason=FileReason.MISSING_COLUMN
    )


def _told(variable: Variable, declared: Sequence[str]) -> str | None:
    """The name that may be told. (A line that names time and values is a heading line, and no person's row.)"""
    known = {normalise(name) for name in declared}
    return next((name for name in variable.names if normalise(name) in known or is_misspelt(name, declared)), None)


def _hint(names: tuple[str, ...], told: Sequence[str]) -> str:
    close = [
        near for name in names for near in difflib.get_close_matches(name.casefold(), map(str.casefold, told), 1, CLOSE)
    ]
    return f"«{names[0]}»" + (f" (nearest: «{close[0]}»)" if close else "")


def _periods(variable: Variable) -> list[str]:
    """The labels of the periods, from texts, codes or what the file says of them, whichever are labels throughout."""
    for labels in (variable.texts, variable.codes, variable.labels):
        if labels and all(PERIOD_LABEL.match(label) for label in labels):
            if len(set(labels)) < len(labels):
                raise FileRefused(problem="a period stands twice.", reason=FileReason.DUPLICATE_COLUMN)
            return list(labels)
    raise FileRefused(
        problem="the values of time are no years or parts of years (2024, 2024K1, 2024M01, 2024H1, 2024U01).",
        reason=FileReason.UNKNOWN_PERIOD,
    )


def _shown(cube: Cube, layout: CubeLayout) -> list[Cell]:
    """Every cell as a Danish reader would type it: a missing one is a marker, and text that is no number stays."""
    spelt: dict[Cell, Cell] = {
        text: text if text is None or text in layout.missing_markers else text.replace(".", ",")
        for text in set(cube.cells)
    }
    spelt |= {None: MISSING, ABSENT: layout.absent_means}
    shown = [spelt[text] for text in cube.cells]
    for at, symbol in enumerate(cube.symbols):
        if symbol in layout.missing_markers and cube.cells[at] is None:
            shown[at] = symbol
    return shown
