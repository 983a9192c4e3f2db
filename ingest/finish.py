"""Bring checked rows into the form of raw Parquet, by what the whole file tells."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.consent import PLACE, latest_withdrawals, withdrawn
from ingest.descriptor import Descriptor
from ingest.personal_data import without_personal_data
from ingest.persons import Persons
from ingest.raw_rows import HIT_SCHEMA, as_raw, raw_schema
from ingest.readers.table import Table
from ingest.text_columns import constant, mask


class Finish:
    """Finishes the parts of one file."""

    def __init__(self, descriptor: Descriptor, persons: Persons, withdrawals: pd.DataFrame) -> None:
        self.descriptor, self.persons, self.schema = descriptor, persons, raw_schema(descriptor)
        self.latest = latest_withdrawals([(0, withdrawals)])
        self.withdrawn = pa.array(self.latest, pa.string())

    def rows(self, rows: pa.Table, table: Table, lost: np.ndarray) -> tuple[pa.Table, pa.Table]:
        """The raw rows of a part without those that lose, and where a value was taken out of them."""
        rows = _without(rows, lost)
        rows = rows.append_column("_sheet", constant(table.sheet, rows.num_rows))
        rows = rows.append_column("_dataset", constant(table.dataset, rows.num_rows))
        kept = without_personal_data(rows, self.descriptor, self.persons)
        hits = pa.concat_tables([HIT_SCHEMA.empty_table(), *(hit.cast(HIT_SCHEMA) for hit in kept.hits)])
        return self._without_withdrawn(as_raw(kept.rows, self.schema)), hits.sort_by("_row_number")

    def _without_withdrawn(self, raw: pa.Table) -> pa.Table:
        """The rows without the pseudonyms of those who withdraw their consent later in the file."""
        person = self.descriptor.person_column
        if not self.latest or person is None:
            return raw
        at = np.flatnonzero(mask(pc.is_in(raw[person], self.withdrawn)))
        if not len(at):
            return raw
        gone = np.zeros(raw.num_rows, dtype=bool)
        gone[at] = withdrawn(raw.select([person, *PLACE]).take(at).to_pandas(), person, 0, self.latest)
        left = pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), raw[person])
        return raw.set_column(raw.column_names.index(person), raw.schema.field(person), left)


def _without(rows: pa.Table, lost: np.ndarray) -> pa.Table:
    if not len(lost):
        return rows
    keep = np.ones(rows.num_rows, dtype=bool)
    keep[lost] = False
    return rows.filter(pa.array(keep))
