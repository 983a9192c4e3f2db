"""The table quality.flag of a build: findings as rows, each with the day it was first seen."""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from vocabulary.flags import FLAG_KEY
from warehouse.connections import insert
from warehouse.flag_key import FLAG_KEY_DEFINITION, same_flag

WRITTEN = (*FLAG_KEY, "severity", "message", "observed", "expected")
"""What a finding says of itself; first_seen is looked up, the rest comes later."""

COLUMNS = (
    f"{FLAG_KEY_DEFINITION}, severity varchar, message varchar, observed varchar, expected varchar, first_seen date, "
    "publication_id varchar, acknowledged_until date, acknowledged_by varchar, acknowledged_reason varchar"
)

Flag = Mapping[str, object]


def create_flag_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make quality.flag anew, empty."""
    connection.execute("create schema if not exists quality")
    connection.execute(f"create or replace table quality.flag ({COLUMNS})")


def add_flags(connection: duckdb.DuckDBPyConnection, flags: Sequence[Flag], as_of: date) -> None:
    """Append to quality.flag.

    `first_seen`: a flag that the latest publication had keeps its day; any other is first seen on as-of, one that
    had been resolved in between too. So the day names the stretch of time that a flag has been open without a break.
    """
    written = ", ".join(WRITTEN)
    connection.execute(f"create temp table found as select {written} from quality.flag limit 0")
    insert(connection, "found", [tuple(flag[name] for name in WRITTEN) for flag in flags])
    connection.execute(
        f"""
        insert into quality.flag by name
        with latest as (
            select {", ".join(FLAG_KEY)}, min(first_seen) as first_seen
            from journal.flag
            where publication_id = (select max_by(publication_id, published_order) from journal.publication)
            group by all
        )
        select found.*, coalesce(latest.first_seen, ?) as first_seen
        from found left join latest on {same_flag("latest", "found")}
        """,
        [as_of],
    )
    connection.execute("drop table found")
