"""Take a person out of everything that ingest keeps: the erasure list first, then delivered copies, then readings.

Who is on the list is left out of every later reading: a run that is stopped here is completed by the next night.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ingest.erasure_list import Entry, ErasureList
from ingest.finding import Found, refuse_wrong_key
from ingest.healing import heal
from ingest.landing import LandedFile
from ingest.pseudonyms import load_key
from ingest.readers.tombstones import Tombstone
from ingest.stage import Ingest
from ingest.tombstoning import bury, can_be_rewritten
from vocabulary.errors import RowsNotTraced
from vocabulary.settings import Settings
from warehouse.erased import ErasedRows, ErasureLog


@dataclass(frozen=True)
class TakenOut:
    """What was done: the entry of the list, the files rewritten, and those that hold the person still, and why."""

    entry: Entry
    rewritten: tuple[LandedFile, ...]
    left: tuple[tuple[LandedFile, str], ...]


def put_on_list(settings: Settings, found: Found, on: date, *, is_finished: bool) -> Entry:
    """Write the person to the erasure list. Raises ErasureListUnusable and KeyUnusable."""
    _, entry = ErasureList.of(settings).with_person(
        found.identity, found.scope, load_key(settings), on, is_finished=is_finished
    )
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
        file_id = ingest.file_id(one.file)
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
    read = {record.delivery for record in ingest.ledger.records()}
    stale = [
        file for file in ingest.find_new(date.max).files if (file.source_id, file.delivered_on, file.file_name) in read
    ]
    ingest.read_files(stale)


def finish(settings: Settings, entry: Entry) -> None:
    """Note on the list that an erasure went through to its end."""
    ErasureList.of(settings).finish(entry)


def _rows(ingest: Ingest, found: Found) -> list[ErasedRows]:
    """How many rows went, by delivery: of files that were never read nothing is noted."""
    records = {record.delivery: record for record in ingest.ledger.records()}
    counts = [
        *(((one.file.source_id, one.file.delivered_on, one.file.file_name), len(one.rows)) for one in found.own),
        *((record.delivery, len(rows)) for record, rows in found.gone),
    ]
    return [
        ErasedRows(source_id=delivery[0], delivered_on=delivery[1], file_id=records[delivery].file_id, rows=rows)
        for delivery, rows in counts
        if delivery in records
    ]
