"""Read an SPSS file: value labels instead of codes, with the wordings and the values it declares as missing."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyreadstat

from ingest.layouts import TableLayout
from ingest.readers.headings import find_headings
from ingest.readers.table import Table, cell_text
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from warehouse.paths import OWNER_ONLY_FILE

LAYOUT_AT, CASES_AT = slice(64, 68), slice(80, 84)
LAYOUTS = (2, 3)
"""Where the header of a file has its layout code, which tells the order of bytes, and its number of cases."""


def read_spss(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """The one table of the file; `row_numbers` are case numbers.

    Raises FileRefused (file_unreadable, missing_column, duplicate_column).
    """
    frame, metadata = read_sav(content)
    match = find_headings([list(frame.columns)], layouts)
    variables = {column: frame.columns[at] for column, at in match.positions.items()}
    labels = {column: metadata.variable_value_labels.get(name, {}) for column, name in variables.items()}
    wordings = {column: metadata.column_names_to_labels.get(name) for column, name in variables.items()}
    columns = [_labelled(frame[name], labels[column]) for column, name in variables.items()]
    table = Table(
        layout=match.layout,
        columns=list(match.positions),
        rows=[list(cells) for cells in zip(*columns, strict=True)],
        row_numbers=list(range(1, len(frame) + 1)),
        unknown_columns=match.unknown,
        headings=match.headings,
        wordings={column: wording for column, wording in wordings.items() if wording},
        value_labels={column: tuple(dict(sorted(found.items())).values()) for column, found in labels.items() if found},
        user_missing={
            column: _missing_texts(frame[name], labels[column], metadata.missing_ranges.get(name, []))
            for column, name in variables.items()
        },
    )
    return [table]


def read_sav(content: bytes) -> tuple[pd.DataFrame, pyreadstat.metadata_container]:
    """The values as coded, and what the file says of its variables.

    Raises FileRefused (file_unreadable), also where the file holds another number of cases than it says.
    """
    says = _cases_said(content)
    # pyreadstat reads from a path only; the copy is for the owner alone and goes with the block
    with tempfile.TemporaryDirectory(prefix="omraadetal-") as folder:
        path = Path(folder) / "delivery.sav"
        path.touch(mode=OWNER_ONLY_FILE)
        path.write_bytes(content)
        if says is not None:
            _say_nothing_of_cases(path)
        try:
            frame, metadata = pyreadstat.read_sav(path, user_missing=True)
            if says in (None, len(frame)):
                return frame, metadata
            what = f"{len(frame)} cases, where it says {says}"
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
            what = type(error).__name__  # and not its message, which may quote the file
    raise FileRefused(problem=f"is no readable SPSS file ({what}).", reason=FileReason.FILE_UNREADABLE)


def _cases_said(content: bytes) -> int | None:
    """The number of cases in the header of a file; None where it leaves it open."""
    if len(content) < CASES_AT.stop:
        return None
    order = "little" if int.from_bytes(content[LAYOUT_AT], "little") in LAYOUTS else "big"
    cases = int.from_bytes(content[CASES_AT], order, signed=True)
    return cases if cases >= 0 else None


def _say_nothing_of_cases(path: Path) -> None:
    """Leave the number open, so that all cases are read: a smaller one would end the reading early."""
    with path.open("r+b") as file:
        file.seek(CASES_AT.start)
        file.write(b"\xff" * (CASES_AT.stop - CASES_AT.start))


def labelled_columns(content: bytes) -> dict[str, list[str | None]]:
    """The texts of every variable, labels instead of codes. Raises FileRefused (file_unreadable)."""
    frame, metadata = read_sav(content)
    return {name: _labelled(frame[name], metadata.variable_value_labels.get(name, {})) for name in frame.columns}


def _labelled(values: pd.Series, labels: dict[object, str]) -> list[str | None]:
    return [_text(value, labels) for value in values]


def _text(value: object, labels: dict[object, str]) -> str | None:
    return None if pd.isna(value) else cell_text(labels.get(value, value))


def _missing_texts(
    values: pd.Series, labels: dict[object, str], ranges: list[dict[str, float | str]]
) -> frozenset[str]:
    """The texts of the values that the file declares as missing (single values have equal ends)."""
    found = [value for value in values.dropna().unique() if any(_within(value, span) for span in ranges)]
    return frozenset(text for text in (_text(value, labels) for value in found) if text)


def _within(value: object, span: dict[str, float | str]) -> bool:
    # dates arrive as dates, their ranges as seconds: those are left to the type of the column
    is_comparable = isinstance(value, str) if isinstance(span["lo"], str) else isinstance(value, int | float)
    return is_comparable and span["lo"] <= value <= span["hi"]
