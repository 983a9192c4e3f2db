"""Consent to a pseudonym, over time: a withdrawal governs every earlier row of the person, in all files of the source.

A row is later than another by its day, then by the order of deliveries, then by its place in the file. A person's last
row without consent is the withdrawal: rows up to it lose their pseudonym and stay, rows after it keep theirs. Rows that
are quarantined for another reason still say what they say of consent.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.descriptor import Descriptor
from ingest.pseudonyms import Pseudonyms
from ingest.text_columns import whole
from vocabulary.states import DeliveryStatus
from warehouse.ledger import Ledger, LedgerRecord

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

APPLIED = "_applied.json"
"""Which readings the raw files of a source were last held against."""

PLACE = ["_period_on", "_sheet", "_row_number"]


def refusals_in(
    rows: Iterable[pa.Table], descriptor: Descriptor, pseudonyms: Iterable[Pseudonyms]
) -> pd.DataFrame | None:
    """The rows without consent, under each key; `rows` are checked ones with their day. None where there is none."""
    person, consent = descriptor.person_column, descriptor.consent_column
    found = []
    for table in rows:
        if consent not in table.column_names or person not in table.column_names:
            continue
        refused = pc.and_(pc.equal(table[consent], "false"), pc.is_valid(table[person]))
        said = table.filter(pc.and_(refused, pc.is_valid(table["_period_on"])))
        if said.num_rows:
            places = said.select(["_period_on", "_row_number"]).to_pandas()
            found += [
                places.assign(pseudonym=one.of(whole(said[person])).to_pandas(), key_id=one.key.key_id)
                for one in pseudonyms
            ]
    return pd.concat(found, ignore_index=True) if found else None


def withdrawals_of(refusals: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The last row without consent of each person, under each key; refusals have their place."""
    found = list(refusals)
    if not found:
        return WITHDRAWAL_SCHEMA.empty_table().to_pandas()
    every = pd.concat(found, ignore_index=True)
    every = every.assign(at=_places(every, 0)).sort_values("at").drop_duplicates("pseudonym", keep="last")
    return every.rename(columns={"_period_on": "day"})[WITHDRAWAL_SCHEMA.names].sort_values("pseudonym")


def latest_withdrawals(readings: Iterable[tuple[int, pd.DataFrame]]) -> dict[str, str]:
    """The place of each person's last withdrawal in readings with their order of delivery."""
    latest: dict[str, str] = {}
    for order, withdrawals in readings:
        places = _places(withdrawals.rename(columns={"day": "_period_on"}), order)
        for pseudonym, place in zip(withdrawals["pseudonym"], places, strict=True):
            latest[pseudonym] = max(place, latest.get(pseudonym, ""))
    return latest


def withdrawn(rows: pd.DataFrame, person_column: str, order: int, latest: Mapping[str, str]) -> pd.Series:
    """Which raw rows hold a pseudonym that a later withdrawal (or one of the same place) takes away."""
    until = rows[person_column].map(latest)
    return until.notna() & (_places(rows, order) <= until.fillna(""))


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
        (at, ledger.store.read_parquet(*state[:2], f"{reading_id}.parquet").to_pandas())
        for reading_id, at in order.items()
        if f"{reading_id}.parquet" in written
    )
    changed = sum(_rewrite(ledger, descriptor, reading_id, at, latest) for reading_id, at in order.items())
    ledger.store.write(json.dumps({"digest": digest}).encode(), *state)
    return changed


def _rewrite(ledger: Ledger, descriptor: Descriptor, reading_id: str, order: int, latest: Mapping[str, str]) -> int:
    name = ("raw", descriptor.source_id, f"{reading_id}.parquet")
    person = descriptor.person_column
    table = ledger.store.read_parquet(*name)
    if not latest or person is None or person not in table.column_names:
        return 0
    rows = table.select([person, *PLACE]).to_pandas()
    gone = withdrawn(rows, person, order, latest)
    if gone.any():
        kept = pa.array(rows[person].where(~gone, None), pa.string(), from_pandas=True)
        table = table.set_column(table.column_names.index(person), table.schema.field(person), kept)
        ledger.store.write_parquet(table, *name)
    return int(gone.sum())


def _places(rows: pd.DataFrame, order: int) -> pd.Series:
    """Text that sorts as the rows follow each other."""
    parts = rows["_period_on"].fillna("").astype(str), rows["_sheet"].fillna("").astype(str)
    return (
        parts[0] + f"\x00{order:08}\x00" + parts[1] + "\x00" + rows["_row_number"].astype(int).astype(str).str.zfill(12)
    )
