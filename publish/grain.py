"""What tells one figure from another, wherever figures are joined."""

from collections.abc import Sequence

import pandas as pd

GRAIN = ["agreement_id", "indicator_id", "area_id", "year_kind", "year"]

FAMILY = ["agreement_id", "indicator_id"]
"""The figures of one indicator: what can be subtracted from one another."""

AREA_ROW = [name for name in GRAIN if name != "area_id"]
"""The areas and their total in one year."""

SERIES = [name for name in GRAIN if name != "year"]
"""One area over the years."""


def named_in(rows: pd.DataFrame, names: pd.DataFrame, columns: Sequence[str] = GRAIN) -> pd.Series:
    """Which rows stand in `names`, by `columns`: those of the grain of a figure, or some of them."""
    marked = names[list(columns)].drop_duplicates().assign(_named=True)
    found = rows.merge(marked, on=list(columns), how="left")["_named"].eq(True)
    return pd.Series(found.to_numpy(), index=rows.index)
