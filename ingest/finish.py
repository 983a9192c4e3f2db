"""Bring checked rows into the form of raw Parquet, by what the whole file tells."""

import numpy as np
import pyarrow as pa

from ingest.consent import latest_withdrawals, without_withdrawn
from ingest.descriptor import Descriptor
from ingest.personal_data import without_personal_data
from ingest.persons import Persons
from ingest.raw_rows import HIT_SCHEMA, as_raw, raw_schema
from ingest.readers.table import Table
from ingest.text_columns import constant


class Finish:
    """Finishes the parts of one file."""

    def __init__(self, descriptor: Descriptor, persons: Persons, withdrawals: pa.Table) -> None:
        self.descriptor, self.persons, self.schema = descriptor, persons, raw_schema(descriptor)
        self.latest = latest_withdrawals([(0, withdrawals)])

    def rows(self, rows: pa.Table, table: Table, lost: np.ndarray) -> tuple[pa.Table, pa.Table]:
        """The raw rows of a part without those that lose, and where a value was taken out of them."""
        rows = _without(rows, lost)
        rows = rows.append_column("_sheet", constant(table.sheet, rows.num_rows))
        rows = rows.append_column("_dataset", constant(table.dataset, rows.num_rows))
        kept = without_personal_data(rows, self.descriptor, self.persons)
        hits = pa.concat_tables([HIT_SCHEMA.empty_table(), *(hit.cast(HIT_SCHEMA) for hit in kept.hits)])
        raw, person = as_raw(kept.rows, self.schema), self.descriptor.person_column
        if person:  # those who withdraw their consent later in the file
            raw, _ = without_withdrawn(raw, person, 0, self.latest)
        return raw, hits.sort_by("_row_number")


def _without(rows: pa.Table, lost: np.ndarray) -> pa.Table:
    if not len(lost):
        return rows
    keep = np.ones(rows.num_rows, dtype=bool)
    keep[lost] = False
    return rows.filter(pa.array(keep))
