"""Check one piece of a delivered table by itself: what it gives, and what waits until all of the file is known."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ingest.consent import refusals_in
from ingest.context import Context
from ingest.derivations import with_derivations
from ingest.descriptor import Descriptor
from ingest.duplicates import DIGESTS, with_digests
from ingest.layouts import WideLayout
from ingest.periods import periods_of
from ingest.personal_data import without_identities
from ingest.pseudonyms import Pseudonyms
from ingest.quarantine import check_rows
from ingest.questions import answers_in
from ingest.raw_rows import cells_as_json
from ingest.readers.table import Table
from ingest.text_columns import constant
from warehouse.ledger import Period


@dataclass(repr=False)
class Piece:
    """What a piece gave beside its good rows.

    `table` is the table without its rows, `keys` the first digest of each good row's key, `refusals` the rows in which
    consent is refused, and `answers` the codes of each column.
    """

    table: Table
    refused: pa.Table
    refusals: list[pa.Table]
    keys: np.ndarray | None
    periods: list[Period]
    answers: dict[str, set[str]]
    counts: dict[str, int]


class Pieces:
    """Checks the pieces of one file."""

    def __init__(self, context: Context, file_name: str, area_id: str | None) -> None:
        self.context, self.file_name, self.area_id = context, file_name, area_id
        self._own = Pseudonyms(context.key) if context.key else None
        self._retired = [Pseudonyms(key) for key in context.retired] if context.key else []

    def check(self, delivered: Table) -> tuple[Piece, pa.Table]:
        """The piece and its good rows: the kept columns, `_row_number`, the period, and the digests of a row."""
        context, descriptor = self.context, self.context.descriptor
        listed = context.left_out.without_persons(delivered, descriptor)
        # the years of sheets stand in their true names
        period, periods = periods_of(listed.table, descriptor, self.file_name, context.span)
        last_day = max((one.end for one in periods), default=None)
        without = context.left_out.without_expired(listed, descriptor, last_day)
        table = without.table
        checked = check_rows(table, descriptor, context.areas, period, self.area_id)
        good, values_invalid = with_derivations(checked.good, table.layout), checked.values_invalid
        if self.area_id and descriptor.area_column not in table.columns:
            good = good.append_column(descriptor.area_column, constant(self.area_id, good.num_rows))
        if isinstance(table.layout, WideLayout):
            good, bad_cells = cells_as_json(good, table.periods, table.layout)
            values_invalid += bad_cells
        else:
            good = good.append_column("_period", constant(period.label if period else None, good.num_rows))
            good = _with_days(good, descriptor, period)
        good = with_digests(good, descriptor)
        pseudonyms = [self._own, *self._retired] if self._own else []
        set_aside = _with_days(checked.set_aside, descriptor, period)
        is_new = not delivered.continues
        piece = Piece(
            table=replace(table, rows=[], row_numbers=[], ragged=[], ragged_cells=[], tombstones=[]),
            refused=checked.refused.sort_by("_row_number"),
            refusals=refusals_in((good, set_aside), descriptor, pseudonyms),
            # a copy, which does not hold the other digests
            keys=good[DIGESTS[0]].to_numpy().copy() if DIGESTS[0] in good.column_names else None,
            periods=[one.model_copy(update={"area_id": self.area_id}) for one in periods] if is_new else [],
            answers=answers_in(checked.good, descriptor),
            counts={
                "rows_read": len(table.rows) + len(table.ragged) + without.rows_erased + without.rows_expired,
                "rows_quarantined": checked.refused.num_rows,
                "rows_erased": without.rows_erased,
                "rows_expired": without.rows_expired,
                "values_invalid": values_invalid,
            },
        )
        return piece, without_identities(good, descriptor, self._own)


def _with_days(rows: pa.Table, descriptor: Descriptor, period: Period | None) -> pa.Table:
    """The rows with the day of each, or the first of the period where rows have none."""
    event = descriptor.event_column
    day = period.start.isoformat() if period else None
    days = rows[event] if event in rows.column_names else constant(day, rows.num_rows)
    return rows.append_column("_period_on", days)
