"""Find a person: in delivered files, with and without pseudonym, and in what was read of files that are gone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ingest.content import Content
from ingest.descriptor import Descriptor
from ingest.erasure_list import is_cpr
from ingest.every_row import Place, every_row
from ingest.isolation import Limits, apart
from ingest.key_store import key_in_force, keys_at_hand
from ingest.landing import LandedFile, look
from ingest.left_out import own_rows
from ingest.pseudonyms import normalise_identity
from ingest.readers.table import Table
from ingest.stage import Ingest
from ingest.surroundings import kept_sheet
from ingest.tables import delivered_tables
from vocabulary.errors import FileRefused, IdentityAmbiguous, SourceWithoutPersons
from warehouse.ledger import LedgerRecord, reading_file

SHORTEST_WORD = 5
"""An id that is no CPR number and shorter than this is not searched for in text: it would be found everywhere."""


@dataclass(frozen=True)
class FileWithPerson:
    """`rows` are the person's own; in `mentions` the number stands in the text of other rows, or of one not read."""

    file: LandedFile
    rows: tuple[Place, ...] = ()
    mentions: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found of a person. `scope`: the source that the id belongs to, None for a CPR number in all of them.

    `gone`: readings of delivered files that are no longer there, with the rows that carry the person's pseudonym.
    `unread`: delivered files that could not be searched.
    """

    identity: str = field(repr=False)
    scope: str | None
    files: tuple[FileWithPerson, ...]
    gone: tuple[tuple[LedgerRecord, tuple[Place, ...]], ...]
    unread: tuple[LandedFile, ...]

    @property
    def own(self) -> tuple[FileWithPerson, ...]:
        return tuple(one for one in self.files if one.rows)

    @property
    def mentioned(self) -> tuple[FileWithPerson, ...]:
        return tuple(one for one in self.files if one.mentions)

    @property
    def rows_by_source(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for source_id, rows in [
            *((one.file.source_id, one.rows) for one in self.own),
            *((record.source_id, rows) for record, rows in self.gone),
        ]:
            counts[source_id] = counts.get(source_id, 0) + len(rows)
        return counts


def find_person(ingest: Ingest, identity: str, source_id: str | None = None) -> Found:
    """Search every delivery, whenever it came. A CPR number is looked for in all sources unless one is named.

    Raises SourceWithoutPersons, IdentityAmbiguous where another id is found in several sources and none is named,
    LandingNotFound, LandingEmpty and KeyMismatch.
    """
    persons = {name: one for name, one in ingest.descriptors.items() if one.has_pseudonyms}
    if source_id is not None and source_id not in persons:
        raise SourceWithoutPersons(source_id=source_id, known=", ".join(sorted(persons)))
    searched = {source_id: persons[source_id]} if source_id else ingest.descriptors if is_cpr(identity) else persons
    landing = look(ingest.settings.landing, set(ingest.descriptors), date.max)
    files, unread = [], []
    for file in landing.files:
        if file.source_id not in searched:
            continue
        try:
            content = ingest.landing.read(*file.parts)
            limits = Limits.of(ingest.settings.reading, len(content))
            # refused files are searched too, whatever they did to their reader
            found = apart(_in_file, content, file, searched[file.source_id], identity, limits=limits, what=str(file))
        except (FileRefused, OSError):
            unread.append(file)
        else:
            files += [found] if found.rows or found.mentions else []
    records = ingest.ledger.records()
    there = {record.delivery for record in ingest.records_of(landing.files, records).values()}
    gone = tuple(
        (record, rows)
        for record in records
        if record.source_id in searched and record.has_raw and record.delivery not in there
        if (rows := _in_raw(ingest, record, ingest.descriptors[record.source_id], identity))
    )
    result = Found(identity, source_id, tuple(files), gone, tuple(unread))
    if is_cpr(identity) or source_id:
        return result
    return _placed(result)


def refuse_wrong_key(ingest: Ingest) -> None:
    """Raise KeyMismatch where pseudonyms of the key at hand are not those of the store, KeyLost where there is none."""
    key_in_force(ingest.settings, ingest.ledger, ingest.ledger.records())


def _placed(found: Found) -> Found:
    sources = sorted(found.rows_by_source)
    if len(sources) > 1:
        raise IdentityAmbiguous(sources=", ".join(sources))
    files = tuple(one for one in found.files if one.file.source_id in sources)
    return Found(found.identity, sources[0] if sources else None, files, found.gone, found.unread)


def _is_theirs(identity: str) -> Callable[[set[str]], set[str]]:
    wanted = normalise_identity(identity)
    return lambda cells: {cell for cell in cells if normalise_identity(cell) == wanted}


def _in_file(content: bytes, file: LandedFile, descriptor: Descriptor, identity: str) -> FileWithPerson:
    rows, is_theirs = set(), _is_theirs(identity)
    if descriptor.has_pseudonyms:
        for table in _tables_or_none(content, file, descriptor):
            found = own_rows(table, descriptor, is_theirs)
            sheet = table.sheet and kept_sheet(table.sheet, table.sheet_number, descriptor)
            rows |= {(sheet, int(table.row_numbers[at])) for at in found.rows}
            rows |= {(sheet, table.ragged[at]) for at in found.ragged}
    mention = _mention(identity)
    mentions = {
        place
        for place, cells in (every_row(content, file.file_name, descriptor) if mention else ())
        if place not in rows and any(mention.search(cell) for cell in cells if cell)
    }
    return FileWithPerson(file, tuple(sorted(rows, key=str)), tuple(sorted(mentions, key=str)))


def _tables_or_none(content: bytes, file: LandedFile, descriptor: Descriptor) -> Iterator[Table]:
    """A file that is refused was never read; whatever it holds of the person is a mention."""
    try:
        yield from delivered_tables(Content.of(content), file.file_name, descriptor)
    except FileRefused:
        return


def _mention(identity: str) -> re.Pattern[str] | None:
    """A pattern for the number in running text, as people and spreadsheets write it; None for a short id."""
    number = normalise_identity(identity)
    if not is_cpr(identity):
        return re.compile(rf"(?<!\w){re.escape(number)}(?!\w)", re.IGNORECASE) if len(number) >= SHORTEST_WORD else None
    digits = str(int(number))
    zero = "0?" if number.startswith("0") else ""
    birth, serial = digits[:-4], digits[-4:]
    power = len(digits) - 1
    scientific = rf"{digits[0]}[.,]?{digits[1:].rstrip('0')}0*E\+?0?{power}"
    return re.compile(rf"(?<!\d){zero}{birth}[\s.-]{{0,3}}{serial}(?!\d)|(?<!\d){scientific}(?!\d)", re.IGNORECASE)


def _in_raw(ingest: Ingest, record: LedgerRecord, descriptor: Descriptor, identity: str) -> tuple[Place, ...]:
    if descriptor.person_column is None:
        return ()
    raw = reading_rows(ingest, record)
    keys = keys_at_hand(ingest.settings, ingest.ledger.store)
    pseudonyms = pa.array([key.pseudonym(identity) for key in keys], pa.string())
    own = raw.filter(pc.is_in(raw[descriptor.person_column], pseudonyms))
    return tuple(zip(own["_sheet"].to_pylist(), own["_row_number"].to_pylist(), strict=True))


def reading_rows(ingest: Ingest, record: LedgerRecord, folder: str = "raw") -> pa.Table:
    """The raw Parquet of a record, or its quarantined rows."""
    return ingest.ledger.store.read_parquet(folder, record.source_id, reading_file(record.reading_id))
