"""Take a person out of everything that ingest keeps: the erasure list first, then delivered copies, then readings.

Who is on the list is left out of every later reading: a run that is stopped here is completed by the next night.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ingest.erasure_list import Entry, ErasureList
from ingest.finding import Found, refuse_wrong_key
from ingest.healing import heal
from ingest.key_store import keys_at_hand
from ingest.landing import LandedFile
from ingest.readers.tombstones import Tombstone
from ingest.stage import Ingest
from ingest.tombstoning import bury, can_be_rewritten
from vocabulary.errors import RowsNotTraced
from vocabulary.settings import Settings
from warehouse.erased import ErasedRows, ErasureLog
from warehouse.ledger import Ledger


@dataclass(frozen=True)
class TakenOut:
    """What was done: the entry of the list, the files rewritten, and those that hold the person still, and why."""

    entry: Entry
    rewritten: tuple[LandedFile, ...]
    left: tuple[tuple[LandedFile, str], ...]


def put_on_list(settings: Settings, found: Found, on: date, *, is_finished: bool) -> Entry:
    """Write the person to the erasure list. Raises ErasureListUnusable and KeyUnusable."""
    keys = keys_at_hand(settings, Ledger.of(settings).store)
    _, entry = ErasureList.of(settings).with_person(found.identity, found.scope, keys, on, is_finished=is_finished)
    return entry


def take_out(
    settings: Settings, found: Found, on: date, *, keep_files: bool, progress: Callable[[str], None]
) -> TakenOut:
    """List the person, bury their rows in delivered CSV files, read again what was read, and note it in the store.

    Raises KeyMismatch and ErasureListLost before anything is written.
    """
    refuse_wrong_key(Ingest(settings))
    entry = put_on_list(settings, found, on, is_finished=False)
    progress(f"on the erasure list as {entry.entry_id}")
    ingest = Ingest(settings)
    rewritten, left, voided = [], [], []
    for one in found.own:
        if keep_files or not can_be_rewritten(one.file):
            left.append((one.file, "kept as delivered" if keep_files else "no CSV file"))
            continue
        file_id = ingest.sha256_of(one.file)[:16]
        lines = {number for _, number in one.rows}
        try:
            bury(ingest.landing, one.file, ingest.descriptors[one.file.source_id], lines, Tombstone.ERASED)
        except RowsNotTraced as error:
            left.append((one.file, error.facts["problem"]))
        else:
            rewritten.append(one.file)
            voided.append((one.file, file_id))
            progress(f"rewritten {one.file}")
    read_again(ingest)
    for file, file_id in voided:
        ingest.ledger.forget(file.source_id, file.delivered_on, file_id)
    heal(ingest)
    ErasureLog(ingest.ledger.store).append(entry.entry_id, on, _rows(ingest, found))
    return TakenOut(entry, tuple(rewritten), tuple(left))


def read_again(ingest: Ingest) -> None:
    """Read those deliveries again that were read before and are not up to date; new ones wait for their night."""
    files = ingest.find_new(date.max).files
    read = ingest.records_of(files, ingest.ledger.records())
    ingest.read_files([file for file in files if file in read])


def finish(settings: Settings, entry: Entry) -> None:
    """Note on the list that an erasure went through to its end."""
    ErasureList.of(settings).finish(entry)


def _rows(ingest: Ingest, found: Found) -> list[ErasedRows]:
    """How many rows went, by delivery: of files that were never read nothing is noted."""
    now = ingest.ledger.records()
    records, by_delivery = ingest.records_of([one.file for one in found.own], now), {one.delivery: one for one in now}
    counts = [
        *((records.get(one.file), len(one.rows)) for one in found.own),
        *((by_delivery.get(record.delivery), len(rows)) for record, rows in found.gone),
    ]
    return [
        ErasedRows(source_id=one.source_id, delivered_on=one.delivered_on, file_id=one.file_id, rows=rows)
        for one, rows in counts
        if one
    ]
