"""Consent to a pseudonym, over time: a withdrawal governs every earlier row of the person, in all files of the source.

A row is later than another by its day, then by the order of deliveries, then by its place in the file. A person's last
row without consent is the withdrawal: rows up to it lose their pseudonym and stay, rows after it keep theirs. Rows that
are quarantined for another reason still say what they say of consent.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.descriptor import Descriptor
from ingest.pseudonyms import Pseudonyms
from ingest.text_columns import constant, mask, whole
from vocabulary.states import DeliveryStatus
from warehouse.ledger import Ledger, LedgerRecord, reading_file

WITHDRAWALS = "withdrawals"
WITHDRAWAL_SCHEMA = pa.schema(
    [
        ("pseudonym", pa.string()),
        ("key_id", pa.string()),
        ("day", pa.string()),
        ("_sheet", pa.string()),
        ("_row_number", pa.int64()),
    ]
)
"""STORE/withdrawals/<source>/<reading_id>.parquet: a person's last row without consent, under each key."""

IN_FILE = ("day", "_sheet", "_row_number")
MOST_REFUSALS = 200_000
APPLIED = "_applied.json"
"""Which readings the raw files of a source were last held against."""

PLACE = ["_period_on", "_order", "_sheet", "_row_number"]
"""By which one row is later than another; `_order` is that of deliveries."""


def refusals_in(rows: Iterable[pa.Table], descriptor: Descriptor, pseudonyms: Iterable[Pseudonyms]) -> list[pa.Table]:
    """The rows without consent (`pseudonym`, `key_id`, day and row), under each key; `rows` are checked ones with their
    day.
    """
    person, consent = descriptor.person_column, descriptor.consent_column
    found = []
    for table in rows:
        if consent not in table.column_names or person not in table.column_names:
            continue
        refused = pc.and_(pc.equal(table[consent], "false"), pc.is_valid(table[person]))
        said = table.select([person, "_period_on", "_row_number"]).filter(
            pc.and_(refused, pc.is_valid(table["_period_on"]))
        )
        if said.num_rows:
            found += [
                said.select(["_period_on", "_row_number"])
                .append_column("pseudonym", one.of(whole(said[person])))
                .append_column("key_id", constant(one.key.key_id, said.num_rows))
                for one in pseudonyms
            ]
    return found


def withdrawals_of(refusals: Iterable[pa.Table]) -> pa.Table:
    """The last row without consent of each person, under each key; refusals have their place.

    They are put together now and then, so that it does not matter for memory how many there are.
    """
    last, waiting = WITHDRAWAL_SCHEMA.empty_table(), []
    for one in refusals:
        waiting.append(
            one.rename_columns({"_period_on": "day"}).select(WITHDRAWAL_SCHEMA.names).cast(WITHDRAWAL_SCHEMA)
        )
        if sum(map(len, waiting)) > MOST_REFUSALS:
            last, waiting = _last_of_each(pa.concat_tables([last, *waiting]), IN_FILE), []
    return _last_of_each(pa.concat_tables([last, *waiting]), IN_FILE)


def latest_withdrawals(readings: Iterable[tuple[int, pa.Table]]) -> pa.Table:
    """Each person's last withdrawal in readings with their order of delivery: `pseudonym` and PLACE."""
    placed = [
        withdrawals.rename_columns({"day": "_period_on"}).append_column("_order", pa.repeat(order, len(withdrawals)))
        for order, withdrawals in readings
    ]
    empty = WITHDRAWAL_SCHEMA.empty_table().rename_columns({"day": "_period_on"})
    rows = pa.concat_tables([empty.append_column("_order", pa.array([], pa.int64())), *placed])
    return _last_of_each(rows.select(["pseudonym", *PLACE]), PLACE)


def _last_of_each(rows: pa.Table, place: Sequence[str]) -> pa.Table:
    # no sheet comes before any
    rows = rows.take(pc.sort_indices(rows, [(name, "ascending", "at_start") for name in place]))
    coded = whole(rows["pseudonym"]).dictionary_encode()
    last = np.empty(len(coded.dictionary), dtype=np.int64)
    last[coded.indices.to_numpy()] = np.arange(rows.num_rows)  # where an index is repeated the last value stays
    return rows.take(pa.array(last)).sort_by("pseudonym")


def without_withdrawn(rows: pa.Table, person_column: str, order: int, latest: pa.Table) -> tuple[pa.Table, int]:
    """Raw rows without the pseudonyms that a later withdrawal (or one of the same place) takes away, and how many."""
    persons, theirs = whole(rows[person_column]), latest
    if len(theirs) > len(persons):  # the smaller set is the one that is made ready for the search
        theirs = latest.filter(pc.is_in(latest["pseudonym"], persons))
    which = pc.index_in(persons, whole(theirs["pseudonym"]))
    at = np.flatnonzero(mask(pc.is_valid(which)))
    named = rows.append_column("_order", pa.repeat(order, rows.num_rows)).select(PLACE).take(pa.array(at))
    until = theirs.take(which.drop_null())
    gone = np.zeros(rows.num_rows, dtype=bool)
    gone[at] = ~_is_after(named, until)
    if not gone.any():
        return rows, 0
    left = pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), persons)
    place = rows.column_names.index(person_column)
    return rows.set_column(place, rows.schema.field(person_column), left), int(gone.sum())


def _is_after(rows: pa.Table, others: pa.Table) -> np.ndarray:
    """Whether each row's place comes after that of the other row beside it."""
    after, is_same = np.zeros(rows.num_rows, dtype=bool), np.ones(rows.num_rows, dtype=bool)
    for name in PLACE:
        least = "" if rows.schema.field(name).type == pa.string() else 0
        one, other = (pc.fill_null(whole(table[name]), least) for table in (rows, others))
        after |= is_same & mask(pc.greater(one, other))
        is_same &= mask(pc.equal(one, other))
    return after


def apply_withdrawals(ledger: Ledger, descriptors: Mapping[str, Descriptor]) -> int:
    """Take the pseudonyms of withdrawn consent out of raw Parquet; how many rows lost theirs.

    To be called under the run lock. Files are replaced whole, so that a stop leaves old or new ones, and the next call
    does what is left; where no reading is new since the last call nothing is read.
    """
    records = ledger.records()
    return sum(
        _apply(ledger, descriptor, [one for one in records if one.source_id == source_id])
        for source_id, descriptor in descriptors.items()
        if descriptor.consent_column
    )


def _apply(ledger: Ledger, descriptor: Descriptor, records: list[LedgerRecord]) -> int:
    loaded = [record for record in records if record.status is DeliveryStatus.LOADED]
    digest = hashlib.sha256(
        "\n".join(f"{record.reading_id} {record.read_at.isoformat()}" for record in loaded).encode()
    ).hexdigest()
    state = (WITHDRAWALS, descriptor.source_id, APPLIED)
    if APPLIED in ledger.store.names(*state[:2]) and json.loads(ledger.store.read(*state))["digest"] == digest:
        return 0
    # a content that was delivered twice is one reading, of the day it first came
    order: dict[str, int] = {}
    for record in loaded:
        order.setdefault(record.reading_id, len(order))
    written = set(ledger.store.names(*state[:2]))
    latest = latest_withdrawals(
        (at, ledger.store.read_parquet(*state[:2], reading_file(reading_id)))
        for reading_id, at in order.items()
        if reading_file(reading_id) in written
    )
    changed = sum(_rewrite(ledger, descriptor, reading_id, at, latest) for reading_id, at in order.items())
    ledger.store.write(json.dumps({"digest": digest}).encode(), *state)
    return changed


def _rewrite(ledger: Ledger, descriptor: Descriptor, reading_id: str, order: int, latest: pa.Table) -> int:
    name = ("raw", descriptor.source_id, reading_file(reading_id))
    person = descriptor.person_column
    table = ledger.store.read_parquet(*name)
    if not len(latest) or person is None or person not in table.column_names:
        return 0
    kept, gone = without_withdrawn(table, person, order, latest)
    if gone:
        ledger.store.write_parquet(kept, *name)
    return gone
