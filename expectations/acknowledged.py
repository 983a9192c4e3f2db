"""Acknowledgements held against the flags of a build: which flags they cover, and which have run out.

A second pass, since it judges what the other suites found.
"""

from datetime import date

import duckdb
import great_expectations.expectations as gxe

from expectations.checks import Check, Suite
from vocabulary.flags import CATALOGUE, FlagCode
from vocabulary.states import Severity
from warehouse.acknowledgement_table import SCOPE_COLUMNS
from warehouse.connections import literal

MEANT = " and ".join(
    [
        f"flag.severity <> {literal(Severity.BLOCKS)}",
        "flag.flag_code = acknowledgement.flag_code",
        "flag.observed is not distinct from acknowledgement.observed",
        *(
            f"(acknowledgement.{column} is null or flag.{column} = acknowledgement.{column})"
            for column in SCOPE_COLUMNS.values()
        ),
    ]
)
"""The SQL condition that a flag is one that an acknowledgement was given for: a number that changed is not."""

TITLE = (
    "case acknowledgement.flag_code "
    + " ".join(f"when {literal(code)} then {literal(text.title_da)}" for code, text in CATALOGUE.items())
    + " end"
)

ACKNOWLEDGEMENTS_HOLD = Suite(
    name="acknowledgements_hold",
    # a flag that a later acknowledgement covers is taken care of, whatever ran out before
    query=f"""
        select
            acknowledgement.acknowledgement_id,
            acknowledgement.acknowledgement_id as detail,
            {TITLE} as flag_title,
            acknowledgement.until,
            {", ".join(f"acknowledgement.{column}" for column in SCOPE_COLUMNS.values() if column != "detail")},
            min(date_diff('day', run.as_of, coalesce(flag.acknowledged_until, acknowledgement.until))) as days_left
        from agreement.acknowledgement as acknowledgement
        inner join quality.flag as flag on {MEANT}
        cross join agreement.run as run
        group by all
    """,
    checks=(
        Check(
            FlagCode.ACKNOWLEDGEMENT_EXPIRED,
            lambda: gxe.ExpectColumnValuesToBeBetween(column="days_left", min_value=0),
            observed="until",
        ),
    ),
)


def acknowledge(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Say in quality.flag who let a flag stand, why and until when; of several acknowledgements the longest counts."""
    connection.execute(
        f"""
        update quality.flag as covered
        set
            acknowledged_until = longest.until,
            acknowledged_by = longest.acknowledged_by,
            acknowledged_reason = longest.reason
        from (
            select flag.rowid as flag_row, acknowledgement.*
            from quality.flag as flag
            inner join agreement.acknowledgement as acknowledgement on {MEANT}
            where ? between acknowledgement.decided_on and acknowledgement.until
            qualify row_number() over (
                partition by flag.rowid
                order by acknowledgement.until desc, acknowledgement.decided_on desc, acknowledgement.acknowledgement_id
            ) = 1
        ) as longest
        where covered.rowid = longest.flag_row
        """,
        [as_of],
    )
