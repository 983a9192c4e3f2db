"""Figures whose records are past: up to which day each source has lost them, and what the journal last recorded.

Tables of a build: `ledger.expiry` and `journal.last_figure`, which is filled only where a source has lost records.
"""

from collections.abc import Iterable
from datetime import date

import duckdb

from warehouse.connections import create_tables, insert
from warehouse.expiry import Applied
from warehouse.journal import FIGURES_FILE, Journal

KEY = "agreement_id, indicator_id, area_id, year_kind, year"
TOLD = (
    "value",
    "value_state",
    "numerator",
    "denominator",
    "denominator_year",
    "n",
    "n_effective",
    "ci_low",
    "ci_high",
    "hits_count",
    "contributors",
    "cumulative_value",
    "is_closed",
    "definition_version",
)
TABLES = {
    "ledger.expiry": "source_id varchar, expired_before date",
    "journal.last_figure": (
        "agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, year integer, value double, "
        "value_state varchar, numerator double, denominator double, denominator_year integer, n bigint, "
        "n_effective double, ci_low double, ci_high double, hits_count bigint, contributors bigint, "
        "cumulative_value double, is_closed boolean, definition_version varchar"
    ),
}


def load_kept_figures(
    connection: duckdb.DuckDBPyConnection, journal: Journal, applied: Iterable[Applied], as_of: date
) -> None:
    """Fill both tables; a figure is told by the last publication, for a day up to `as_of`, that had it."""
    create_tables(connection, TABLES)
    expiry = [(one.source_id, one.expired_before) for one in applied]
    insert(connection, "ledger.expiry", expiry)
    files = [str(journal.path(entry, FIGURES_FILE)) for entry in journal.entries(as_of=as_of)] if expiry else []
    if not files:
        return
    told = "read_parquet(?, union_by_name = true, filename = true)"
    known = {row[0] for row in connection.execute(f"describe select * from {told}", [files]).fetchall()}
    columns = ", ".join(name if name in known else f"null as {name}" for name in TOLD)
    connection.execute(
        f"insert into journal.last_figure select {KEY}, {columns} from {told} as told "
        "inner join (select unnest(?) as filename, unnest(?) as place) as entry using (filename) "
        f"qualify row_number() over (partition by {KEY} order by place desc) = 1",
        [files, files, list(range(len(files)))],
    )
