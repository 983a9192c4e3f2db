"""What is held of a person: the answer to a request for access (right of access), row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ingest.content import Content
from ingest.every_row import Place, every_row
from ingest.finding import FileWithPerson, Found, reading_rows
from ingest.key_store import load_key
from ingest.raw_rows import LINEAGE
from ingest.stage import Ingest
from ingest.tables import delivered_tables
from vocabulary.errors import FileRefused
from vocabulary.reason_catalogue import REASONS
from vocabulary.reasons import RowReason
from warehouse.ledger import LedgerRecord


class Held(StrEnum):
    """What became of a delivered row, in words for the person it is about."""

    LINKED = "opbevaret, knyttet til dig ved et pseudonym"
    UNLINKED = "opbevaret uden tilknytning til dig"
    SET_ASIDE = "ikke opbevaret, fordi rækken havde en fejl"
    NOT_KEPT = "ikke opbevaret (gentagelse, slettet, eller filen er ikke læst)"


@dataclass(frozen=True)
class HeldRow:
    """One row of the person. `values` are what is kept of it, `delivered` all of it as it was delivered."""

    source_id: str
    delivered_on: date
    file_name: str
    sheet: str | None
    row_number: int
    held: Held
    reason_da: str | None
    values: dict[str, str]
    delivered: dict[str, str]
    reading_id: str | None


def held_rows(ingest: Ingest, found: Found, *, with_delivered: bool) -> list[HeldRow]:
    """Every row, in the order of deliveries; of files that are gone those that carry the person's pseudonym."""
    records = ingest.records_of([one.file for one in found.own], ingest.ledger.records())
    rows = []
    for one in found.own:
        record = records.get(one.file)
        delivered = dict(_delivered(ingest, one)) if with_delivered else {}
        rows += _of_file(ingest, one, record, delivered, found.identity)
    for record, places in found.gone:
        kept = _kept(ingest, record)
        rows += [_held(record, place, Held.LINKED, kept[place]) for place in places]
    return rows


def _of_file(
    ingest: Ingest,
    one: FileWithPerson,
    record: LedgerRecord | None,
    delivered: dict[Place, dict[str, str]],
    identity: str,
) -> Iterator[HeldRow]:
    kept = _kept(ingest, record) if record and record.has_raw else {}
    refused = _refused(ingest, record) if record and record.has_raw else {}
    person = ingest.descriptors[one.file.source_id].person_column or ""
    pseudonym = load_key(ingest.settings).pseudonym(identity)
    for place in one.rows:
        values, reason = kept.get(place), refused.get(place)
        if values is not None:
            held = Held.LINKED if values.get(person) == pseudonym else Held.UNLINKED
        else:
            held = Held.SET_ASIDE if reason else Held.NOT_KEPT
        yield HeldRow(
            source_id=one.file.source_id,
            delivered_on=one.file.delivered_on,
            file_name=one.file.file_name,
            sheet=place[0],
            row_number=place[1],
            held=held,
            reason_da=REASONS[RowReason(reason)].label_da if reason else None,
            values=values or {},
            delivered=delivered.get(place, {}),
            reading_id=record.reading_id if record and values is not None else None,
        )


def _held(record: LedgerRecord, place: Place, held: Held, values: dict[str, str]) -> HeldRow:
    return HeldRow(
        record.source_id,
        record.delivered_on,
        record.file_name,
        place[0],
        place[1],
        held,
        None,
        values,
        {},
        record.reading_id,
    )


def _kept(ingest: Ingest, record: LedgerRecord) -> dict[Place, dict[str, str]]:
    return {
        (row["_sheet"], row["_row_number"]): {
            name: value for name, value in row.items() if name not in LINEAGE and value is not None
        }
        for row in reading_rows(ingest, record).to_pylist()
    }


def _refused(ingest: Ingest, record: LedgerRecord) -> dict[Place, str]:
    rows = reading_rows(ingest, record, "quarantine").to_pylist()
    return {(row["_sheet"], row["_row_number"]): row["reason_code"] for row in rows}


def _delivered(ingest: Ingest, one: FileWithPerson) -> Iterator[tuple[Place, dict[str, str]]]:
    """The person's rows with every cell, under the headings of the file where the row is a whole one."""
    descriptor = ingest.descriptors[one.file.source_id]
    content = ingest.landing.read(*one.file.parts)
    try:
        tables = delivered_tables(Content.of(content), one.file.file_name, descriptor)
    except FileRefused:
        tables = []
    spelt = [set(table.headings.values()) for table in tables]
    headings: list[str] = []
    for place, cells in every_row(content, one.file.file_name, descriptor):
        if not headings and any(names <= {(cell or "").strip() for cell in cells} for names in spelt if names):
            headings = [cell or "" for cell in cells]
        elif place in one.rows:
            named = headings if len(headings) == len(cells) else [f"felt {at}" for at in range(1, len(cells) + 1)]
            yield place, {name: cell for name, cell in zip(named, cells, strict=True) if cell}
