"""Bring readings up to date with what is left out, where the delivered file is no longer there to be read again.

A reading made with another erasure list, or before retention was applied, loses its rows here. Rows without a pseudonym
name nobody and stay, and of quarantined rows only positions were ever kept.
"""

import hashlib
import logging
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from ingest.descriptor import Descriptor
from ingest.left_out import LeftOut
from ingest.stage import Ingest
from warehouse.ledger import READING_FOLDERS, Ledger, LedgerRecord, reading_file

log = logging.getLogger(__name__)


def heal(ingest: Ingest) -> None:
    """Rewrite every reading that is not up to date, and remove what no record names any more.

    Nothing is looked at while no person is on the erasure list and no retention was applied.
    """
    for descriptor in ingest.descriptors.values():
        left_out = ingest.contexts.left_out(descriptor)
        if left_out.digest is None:
            continue
        for record in ingest.ledger.records():
            if (
                record.source_id == descriptor.source_id
                and record.has_raw
                and record.left_out_digest != left_out.digest
            ):
                _rewrite(ingest.ledger, record, descriptor, left_out)
        ingest.ledger.remove_overwritten(descriptor.source_id)


def _rewrite(ledger: Ledger, record: LedgerRecord, descriptor: Descriptor, left_out: LeftOut) -> None:
    raw = _read(ledger, "raw", record)
    erased = _of_persons(raw, descriptor.person_column, left_out)
    if left_out.expired_before and record.period_end and record.period_end < left_out.expired_before:
        expired = pa.array([True] * raw.num_rows, pa.bool_())
        changes = {
            "rows_quarantined": 0,
            "quarantined_by_reason": {},
            "rows_duplicate": 0,
            "rows_conflicting": 0,
        }
    else:
        expired = _dated_before(raw, descriptor, left_out)
        changes = {}
    expired = pc.and_not(expired, erased)
    kept = pc.invert(pc.or_(erased, expired))
    rows_erased = record.rows_erased + (pc.sum(erased).as_py() or 0)
    rows_loaded = pc.sum(kept).as_py() or 0
    changed = record.model_copy(
        update={
            **changes,
            "rows_loaded": rows_loaded,
            "rows_erased": rows_erased,
            "left_out_digest": left_out.digest,
            "read_at": datetime.now(UTC),
        }
    )
    rows_expired = record.rows_read - rows_loaded - rows_erased - changed.rows_quarantined - changed.rows_duplicate
    changed = changed.model_copy(update={"rows_expired": rows_expired})
    if rows_loaded < record.rows_loaded or changes:
        reading_id = hashlib.sha256(f"{record.reading_id}\x1f{left_out.digest}".encode()).hexdigest()[:16]
        changed = changed.model_copy(update={"reading_id": reading_id})
        _write(ledger, record, changed, raw.filter(kept), left_out)
    log.info("%s of %s rewritten without %d rows", record.file_id, record.delivered_on, raw.num_rows - rows_loaded)
    ledger.amend(record, changed)


def _write(ledger: Ledger, record: LedgerRecord, changed: LedgerRecord, raw: pa.Table, left_out: LeftOut) -> None:
    ledger.store.write_parquet(raw, "raw", record.source_id, reading_file(changed.reading_id))
    for folder in READING_FOLDERS[1:]:
        if reading_file(record.reading_id) not in ledger.store.names(folder, record.source_id):
            continue
        table = _read(ledger, folder, record)
        if folder == "withdrawals":
            table = table.filter(pc.invert(_of_persons(table, "pseudonym", left_out)))
        elif folder == "quarantined_values":
            table = table.filter(_at_rows_of(table, raw))
        elif not changed.rows_quarantined:
            table = table.slice(0, 0)
        ledger.store.write_parquet(table, folder, record.source_id, reading_file(changed.reading_id))


def _read(ledger: Ledger, folder: str, record: LedgerRecord) -> pa.Table:
    return ledger.store.read_parquet(folder, record.source_id, reading_file(record.reading_id))


def _of_persons(table: pa.Table, column: str | None, left_out: LeftOut) -> pa.Array:
    """Which rows carry a pseudonym that is on the erasure list."""
    if column is None or table.schema.field(column).type != pa.string():
        return pa.array([False] * table.num_rows, pa.bool_())
    cells = table[column].combine_chunks()
    listed = left_out.erasures.holds_pseudonyms(left_out.source_id, cells.drop_null().unique().to_pylist())
    return pc.is_in(cells, pa.array(sorted(listed), pa.string()))


def _dated_before(raw: pa.Table, descriptor: Descriptor, left_out: LeftOut) -> pa.Array:
    if left_out.expired_before is None or descriptor.event_column is None:
        return pa.array([False] * raw.num_rows, pa.bool_())
    days = raw["_period_on"].combine_chunks()
    return pc.fill_null(pc.less(days, left_out.expired_before.isoformat()), False)


def _at_rows_of(table: pa.Table, raw: pa.Table) -> pa.Array:
    """Which positions are of rows that are still there."""
    there = set(zip(raw["_sheet"].to_pylist(), raw["_row_number"].to_pylist(), strict=True))
    sheets = table["_sheet"].to_pylist() if "_sheet" in table.column_names else [None] * table.num_rows
    at = zip(sheets, table["_row_number"].to_pylist(), strict=True)
    return pa.array([place in there for place in at], pa.bool_())
