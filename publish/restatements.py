"""Which final figures a build would restate if it were published now, and what may be told of each."""

from dataclasses import dataclass

import duckdb
import pandas as pd

from publish.disclosed import control_build
from publish.disclosure.hushing import hush_flags
from publish.grain import GRAIN, named_in
from vocabulary.flags import FlagCode
from warehouse.decisions import FigureChange

UNPUBLISHED = """
    select * from confidential.check_restatement where is_unpublished
    order by agreement_id, indicator_id, year_kind, year, area_id
"""


@dataclass(frozen=True)
class Restatement:
    """`change` holds the true values, `message_da` what may be shown of them."""

    change: FigureChange
    message_da: str


def unpublished_restatements(connection: duckdb.DuckDBPyConnection) -> list[Restatement]:
    """The restatements of a checked build that no publication has shown, with the message of their flags.

    A figure that is suppressed, tonight or in an earlier publication, is named without its numbers. One whose change is
    so small that it waits is not changed by publishing the build.
    """
    found = connection.sql(UNPUBLISHED).df()
    if found.empty:
        return []
    controlled = control_build(connection)
    found = found[~named_in(found, controlled.waiting)]
    flags = hush_flags(connection.sql("from quality.flag").df(), controlled)
    restated = flags.loc[flags["flag_code"].eq(FlagCode.RESTATED), [*GRAIN, "message", "observed"]]
    told = found.merge(restated, on=GRAIN, how="left")
    return [
        Restatement(FigureChange.model_validate({name: row[name] for name in FigureChange.model_fields}), _told(row))
        for row in told.to_dict("records")
    ]


def _told(row: dict[str, object]) -> str:
    """The flag's message; a hushed one does not say of which figure, so that is put before it."""
    if not pd.isna(row["observed"]):
        return str(row["message"])
    message = "Tallet er ændret." if pd.isna(row["message"]) else row["message"]
    return f"{row['indicator_name']}, {row['area_name']}, {row['year_label']}: {message}"
