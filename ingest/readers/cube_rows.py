"""A cube as one row per cell, for who wants to see all of it."""

from itertools import product

from ingest.layouts import TIME_NAMES
from ingest.readers.cube import Cube
from ingest.readers.table import Cells


def long_table(cube: Cube) -> tuple[list[str], list[Cells]]:
    """Columns and rows: a label per variable, `value`, and `status` where the file has any."""
    columns = [variable.names[0] for variable in cube.variables] + ["value"] + ["status"] * bool(cube.symbols)
    labels = product(*(variable.texts for variable in cube.variables))
    if cube.symbols:
        return columns, [[*row, *told] for row, *told in zip(labels, cube.cells, cube.symbols, strict=True)]
    return columns, [[*row, cell] for row, cell in zip(labels, cube.cells, strict=True)]


def told_of(cube: Cube) -> list[str]:
    """Title, variables with the number of their values, first and last period, notes."""
    told = [f"title: {cube.title}"] if cube.title else []
    for variable in cube.variables:
        count = len(variable.texts)
        told.append(f"{variable.names[0]}: {count} value" + ("s" if count > 1 else ""))
        if variable.is_time or variable.is_called(TIME_NAMES):
            told[-1] += f", {variable.texts[0]} to {variable.texts[-1]}"
    return [*told, *(f"it notes: {' '.join(note.split())}" for note in cube.notes)]
