"""What the ledger says of a file that was read."""

from collections import Counter
from typing import TYPE_CHECKING

from ingest.context import Context
from vocabulary.states import DeliveryStatus
from warehouse.ledger import LedgerRecord

if TYPE_CHECKING:  # the readers are imported where there is something to read
    from ingest.reading import Reading


def loaded_record(facts: dict[str, object], reading: "Reading", context: Context) -> LedgerRecord:
    """The record of a reading. `facts` are those of the file and its name."""
    by_reason = Counter(reading.refused["reason_code"].to_pylist())
    made_with = {"pseudonym_key_id": context.key.key_id} if context.key else {}
    return LedgerRecord(
        **(facts | made_with),
        status=DeliveryStatus.LOADED,
        reader=reading.reader,
        layout=reading.layout,
        period_start=min((period.start for period in reading.periods), default=None),
        period_end=max((period.end for period in reading.periods), default=None),
        periods=tuple(reading.periods),
        quarantined_by_reason=dict(sorted(by_reason.items())),
        columns_unknown=tuple(reading.columns_unknown),
        sheets_unknown=tuple(reading.sheets_unknown),
        notes=tuple(reading.notes),
        questions=tuple(reading.questions),
        control_total=reading.control_total,
        left_out_digest=context.left_out_digest,
        **reading.counts,
    )
