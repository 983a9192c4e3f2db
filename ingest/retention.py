"""What is past its time, source by source, and its removal: from delivered files and from what was read of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow.compute as pc

from ingest.content import Content
from ingest.descriptor import Descriptor
from ingest.erasing import read_again
from ingest.finding import reading_rows
from ingest.healing import heal
from ingest.isolation import Limits, apart
from ingest.landing import LandedFile, look
from ingest.left_out import expired_rows
from ingest.periods import Span, periods_of
from ingest.readers.tombstones import Tombstone
from ingest.stage import Ingest
from ingest.tables import delivered_tables
from ingest.tombstoning import bury, can_be_rewritten
from vocabulary.errors import FileRefused, RowsNotTraced
from vocabulary.settings import Settings
from warehouse.expiry import Applied, Expiry
from warehouse.ledger import READING_FOLDERS, LedgerRecord, reading_file


@dataclass(frozen=True)
class PartlyPast:
    """A delivery of which some rows are past: their lines in a delivered file, or how many where that is gone."""

    record: LedgerRecord
    file: LandedFile | None
    lines: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class Past:
    """What goes of one source. `whole`: deliveries whose period is past, with their files where these are there."""

    source_id: str
    basis: str
    expired_before: date
    whole: tuple[tuple[LedgerRecord, LandedFile | None], ...]
    parts: tuple[PartlyPast, ...]

    @property
    def is_empty(self) -> bool:
        return not self.whole and not self.parts


def find_past(ingest: Ingest, as_of: date) -> list[Past]:
    """What is past on a day, for every source that has a retention. Nothing is written."""
    landing = look(ingest.settings.landing, set(ingest.descriptors), date.max)
    records = ingest.ledger.records()
    files = {record.delivery: file for file, record in ingest.records_of(landing.files, records).items()}
    found = []
    for descriptor in ingest.descriptors.values():
        if descriptor.retention is None:
            continue
        day = descriptor.retention.expired_before(as_of)
        own = [(one, files.get(one.delivery)) for one in records if one.source_id == descriptor.source_id]
        whole = tuple((one, file) for one, file in own if _is_past(one, day) and (file or one.expired_on is None))
        parts = tuple(
            part for one, file in own if not _is_past(one, day) and (part := _part(ingest, one, file, descriptor, day))
        )
        found.append(Past(descriptor.source_id, descriptor.retention.basis, day, whole, parts))
    return found


def remove_past(
    settings: Settings, as_of: date, on: date, progress: Callable[[str], None]
) -> list[tuple[LandedFile, str]]:
    """Remove it; the delivered files that still hold what is past, and why. Raises KeyMismatch and ErasureListLost.

    The day is noted first: whatever stops this, later readings leave out what is before it.
    """
    past = [one for one in find_past(Ingest(settings), as_of) if not one.is_empty]
    for one in past:
        Expiry.of(settings).apply(
            Applied(source_id=one.source_id, expired_before=one.expired_before, applied_on=on, basis=one.basis)
        )
    ingest, left, voided = Ingest(settings), [], []
    for one in past:
        for record, file in one.whole:
            if file and (why := _removed(ingest, file)):
                left.append((file, why))
            _expire(ingest, record, file, on)
            progress(f"removed {record.source_id}, delivered {record.delivered_on}: {record.rows_read} rows")
        for part in one.parts:
            if why := _buried(ingest, part):
                left.append((part.file, why))
            elif part.file:
                voided.append(part.record)
            progress(f"{part.record.source_id}, delivered {part.record.delivered_on}: {part.rows} rows")
    if past:
        read_again(ingest)
        for record in voided:
            ingest.ledger.forget(record.source_id, record.delivered_on, record.file_id)
        heal(ingest)
    return left


def _is_past(record: LedgerRecord, day: date) -> bool:
    """Nothing in a file is dated after its delivery, which is all that is known of one without a period."""
    return (record.period_end or record.delivered_on) < day


def _part(
    ingest: Ingest, record: LedgerRecord, file: LandedFile | None, descriptor: Descriptor, day: date
) -> PartlyPast | None:
    if file is None:
        count = _raw_rows_before(ingest, record, descriptor, day)
        return PartlyPast(record, None, (), count) if count else None
    try:
        content, span = ingest.landing.read(*file.parts), ingest.contexts.agreements.span(file.source_id)
        limits = Limits.of(ingest.settings.reading, len(content))
        lines = apart(_lines_before, content, file.file_name, descriptor, span, day, limits=limits, what=str(file))
    except (FileRefused, OSError):
        return None
    # rows that were left out before are past too: of a workbook they stay in the delivered file
    applied = ingest.contexts.expired.get(descriptor.source_id)
    is_done = not can_be_rewritten(file) and applied is not None and applied.expired_before >= day
    return PartlyPast(record, file, lines, len(lines)) if lines and not is_done else None


def _lines_before(content: bytes, file_name: str, descriptor: Descriptor, span: Span, day: date) -> tuple[int, ...]:
    lines: list[int] = []
    for table in delivered_tables(Content.of(content), file_name, descriptor):
        _, periods = periods_of(table, descriptor, file_name, span)
        found = expired_rows(table, descriptor, max((one.end for one in periods), default=None), day)
        lines += (int(table.row_numbers[at]) for at in sorted(found.rows))
        lines += (table.ragged[at] for at in sorted(found.ragged))
    return tuple(lines)


def _raw_rows_before(ingest: Ingest, record: LedgerRecord, descriptor: Descriptor, day: date) -> int:
    if not record.has_raw or descriptor.event_column is None:
        return 0
    days = reading_rows(ingest, record)["_period_on"]
    return pc.sum(pc.less(days, day.isoformat())).as_py() or 0


def _removed(ingest: Ingest, file: LandedFile) -> str | None:
    """Remove a delivered file; why it could not be."""
    try:
        ingest.landing.remove(*file.parts)
    except OSError as error:
        return error.strerror or "it cannot be removed"
    return None


def _buried(ingest: Ingest, part: PartlyPast) -> str | None:
    """Put tombstones in place of the rows; why that could not be done."""
    if part.file is None:
        return None
    if not can_be_rewritten(part.file):
        return "no CSV file"
    try:
        bury(ingest.landing, part.file, ingest.descriptors[part.file.source_id], set(part.lines), Tombstone.EXPIRED)
    except RowsNotTraced as error:
        return error.facts["problem"]
    return None


def _expire(ingest: Ingest, record: LedgerRecord, file: LandedFile | None, on: date) -> None:
    """Leave of a delivery its record: what it was, and that its rows are past."""
    for folder in READING_FOLDERS:
        ingest.ledger.store.remove(folder, record.source_id, reading_file(record.reading_id))
    descriptor = ingest.descriptors[record.source_id]
    file = file or LandedFile(record.source_id, record.delivered_on, record.file_name)
    ingest.ledger.amend(
        record,
        record.model_copy(
            update={
                "reading_id": ingest.reading_id(file, record.file_id),
                "rows_loaded": 0,
                "rows_quarantined": 0,
                "rows_duplicate": 0,
                "rows_conflicting": 0,
                "rows_expired": record.rows_read - record.rows_erased,
                "quarantined_by_reason": {},
                "values_invalid": 0,
                "values_redacted": 0,
                "left_out_digest": ingest.contexts.left_out(descriptor).digest,
                "expired_on": on,
                "read_at": datetime.now(UTC),
            }
        ),
    )
