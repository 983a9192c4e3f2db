"""Read an SPSS file: value labels instead of codes, user-missing answers kept as the answers they are."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyreadstat

from ingest.descriptor import TableLayout
from ingest.readers.headings import find_headings
from ingest.readers.table import Table, cell_text
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason


def read_spss(content: bytes, layouts: Sequence[TableLayout], file_name: str) -> tuple[str, list[Table]]:
    """Layout name and the one table of the file; `row_numbers` are case numbers.

    Raises FileRefused (file_unreadable, missing_column, duplicate_column).
    """
    frame, labels = _open(content, file_name)
    match = find_headings([list(frame.columns)], layouts, file_name)
    positions = match.positions.values()
    columns = [_labelled(frame.iloc[:, at], labels.get(frame.columns[at], {})) for at in positions]
    table = Table(
        dataset=match.layout.dataset,
        columns=list(match.positions),
        rows=[list(cells) for cells in zip(*columns, strict=True)],
        row_numbers=list(range(1, len(frame) + 1)),
        unknown_columns=match.unknown,
    )
    return match.layout.layout, [table]


def _open(content: bytes, file_name: str) -> tuple[pd.DataFrame, dict[str, dict[object, str]]]:
    # pyreadstat reads from a path only; the copy is for the owner alone and goes with the block
    with tempfile.TemporaryDirectory(prefix="omraadetal-") as folder:
        path = Path(folder) / "delivery.sav"
        path.write_bytes(content)
        try:
            frame, metadata = pyreadstat.read_sav(path, user_missing=True)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, UnicodeDecodeError) as error:
            raise FileRefused(
                problem=f"{file_name}: is no readable SPSS file ({type(error).__name__}).",
                reason=FileReason.FILE_UNREADABLE,
            ) from None
    return frame, metadata.variable_value_labels


def _labelled(values: pd.Series, labels: dict[object, str]) -> list[str | None]:
    return [None if pd.isna(value) else cell_text(labels.get(value, value)) for value in values]
