"""What the head of the programme says and what the board decided, as tables of a build: comment and decision."""

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb

from agreements.areas import AreaList
from agreements.comments import Comment
from agreements.difference import differences, lines_da
from agreements.living import LivingAgreement
from agreements.loader import Agreements
from warehouse.connections import create_tables, insert

TABLES = {
    "agreement.comment": (
        "place integer, agreement_id varchar, indicator_id varchar, year_kind varchar, year integer, comment varchar, "
        "role varchar, written_on date"
    ),
    "agreement.decision": (
        "place integer, agreement_id varchar, revision_id varchar, decided_on date, effective_from date, "
        "minutes varchar, reason varchar, changes varchar, is_in_force boolean"
    ),
}


def load_board_tables(
    connection: duckdb.DuckDBPyConnection, agreements: Agreements, comments: Iterable[Comment], as_of: date
) -> None:
    """Fill both tables with what was written and decided by `as_of`; `changes` are lines of Danish text."""
    create_tables(connection, TABLES)
    written = [one for one in comments if one.written_on <= as_of]
    insert(
        connection,
        "agreement.comment",
        [
            (place, one.agreement, one.indicator, one.year_kind.value, one.year, one.text, one.by, one.written_on)
            for place, one in enumerate(written)
        ],
    )
    for living in agreements.agreements:
        insert(connection, "agreement.decision", _decisions(living, agreements.areas, as_of))


def _decisions(living: LivingAgreement, areas: AreaList, as_of: date) -> Iterator[tuple]:
    done = {
        step.revision.revision_id: "\n".join(
            line.removeprefix("- ") for line in lines_da(differences(step.before, step.after, areas))
        )
        for step in living.steps(as_of)
    }
    for place, one in enumerate(living.known(as_of)):
        yield (
            place,
            living.agreement_id,
            one.revision_id,
            one.decided_on,
            one.effective_from,
            one.minutes,
            one.reason,
            done.get(one.revision_id),
            one.revision_id in done and one.effective_from <= as_of,
        )
