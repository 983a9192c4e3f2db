"""The acknowledgements as a table of a build: `agreement.acknowledgement`, with the names that flags have."""

from collections.abc import Iterable
from datetime import date

import duckdb

from agreements.acknowledgements import Acknowledgement
from warehouse.connections import create_tables, insert

SCOPE_COLUMNS = {
    "agreement": "agreement_id",
    "indicator": "indicator_id",
    "area": "area_id",
    "year_kind": "year_kind",
    "year": "year",
    "source": "source_id",
    "file": "file_name",
    "detail": "detail",
}
"""Key of a scope -> the column of a flag that it is held against; a null there stands for any."""

TABLES = {
    "agreement.acknowledgement": (
        "acknowledgement_id varchar, flag_code varchar, observed varchar, reason varchar, acknowledged_by varchar, "
        "decided_on date, until date, agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, "
        "year integer, source_id varchar, file_name varchar, detail varchar"
    ),
}


def load_acknowledgements(
    connection: duckdb.DuckDBPyConnection, acknowledgements: Iterable[Acknowledgement], as_of: date
) -> None:
    """Fill `agreement.acknowledgement` with those that were decided by `as_of`, expired ones included."""
    create_tables(connection, TABLES)
    insert(
        connection,
        "agreement.acknowledgement",
        [
            (
                one.acknowledgement_id,
                one.flag.value,
                one.observed,
                one.reason,
                one.by,
                one.decided_on,
                one.until,
                *(getattr(one.scope, key) for key in SCOPE_COLUMNS),
            )
            for one in acknowledgements
            if one.decided_on <= as_of
        ],
    )
