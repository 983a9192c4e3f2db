"""The ledger: one record per delivery of a content, written last. It is the commit point of reading a file."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus
from warehouse.store import Folder

LEDGER_SCHEMA_VERSION = 1

READING_FOLDERS = ("raw", "quarantine", "quarantined_values", "withdrawals")
"""Folders of the store in which a reading has a file, <folder>/<source>/<reading_id>.parquet."""


class Period(BaseModel):
    """A stretch of time that a delivered file (or one of its sheets, or year columns) stands for.

    `area_id` is the one area that it stands for, in a source that delivers a file per area.
    """

    model_config = ConfigDict(frozen=True)

    label: str
    dataset: str
    start: date
    end: date
    area_id: str | None = None


class Question(BaseModel):
    """How a file asked for a column of answers: heading, wording if it carries one, and the answers it gives.

    `answers` are labels as delivered in the order of their codes, or the codes found in the order of the descriptor.
    """

    model_config = ConfigDict(frozen=True)

    column: str
    heading: str
    wording: str | None = None
    answers: tuple[str, ...] = ()


class LedgerRecord(BaseModel):
    """How one delivered file was read. Every row is accounted for, exactly:

    rows_read = rows_loaded + rows_quarantined + rows_duplicate + rows_erased + rows_expired

    `file_name` is the name without personal data; where something was taken out of it, `name_key` (a keyed hash of the
    true name) tells the file from others that now have the same name. `values_redacted` counts cells in which personal
    data was found, `texts_redacted` the texts around the rows, the file's name included. `left_out_digest` tells which
    persons and which time the reading left out; None where it left out nobody and no time. `expired_on`: the day on
    which retention removed the file as a whole.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = LEDGER_SCHEMA_VERSION
    source_id: str
    delivered_on: date
    file_name: str
    name_key: str | None = None
    file_id: str
    sha256: str
    size_bytes: int
    status: DeliveryStatus
    reason_code: str | None = None
    problem: str | None = None
    reading_id: str
    reader: str | None = None
    layout: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    periods: tuple[Period, ...] = ()
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    rows_erased: int = 0
    rows_expired: int = 0
    rows_conflicting: int = 0
    quarantined_by_reason: dict[str, int] = {}
    values_invalid: int = 0
    values_redacted: int = 0
    texts_redacted: int = 0
    columns_unknown: tuple[str, ...] = ()
    sheets_unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    control_total: int | None = None
    pseudonym_key_id: str | None = None
    left_out_digest: str | None = None
    expired_on: date | None = None
    read_at: datetime

    @property
    def delivered_as(self) -> str:
        """What tells the file from the others of its folder."""
        return self.name_key or self.file_name

    @property
    def delivery(self) -> tuple[str, date, str]:
        """Source, delivery date and file: a later record of the same delivery takes the place of the earlier."""
        return self.source_id, self.delivered_on, self.delivered_as

    @property
    def place(self) -> str:
        """Where the file lies in the landing zone, by the name that may be told."""
        return f"{self.source_id}/{self.delivered_on}/{self.file_name}"

    @property
    def order(self) -> tuple[str, date, str, str, str]:
        """Sorts in the order of deliveries within a source; files of one shown name by their content."""
        return self.source_id, self.delivered_on, self.file_name, self.file_id, self.reading_id

    @property
    def has_raw(self) -> bool:
        """Whether there is raw Parquet of it: it was read, and retention has not removed it as a whole."""
        return self.reader is not None and self.expired_on is None

    @property
    def name(self) -> str:
        return f"{self.delivered_on.isoformat()}_{self.file_id}.json"


@dataclass(frozen=True)
class Ledger:
    """The ledger, raw and quarantine folders of one store."""

    store: Folder

    @classmethod
    def of(cls, settings: Settings) -> "Ledger":
        return cls(Folder.at(settings.store))

    def records(self, *, as_of: date | None = None) -> list[LedgerRecord]:
        """Every record, in the order of deliveries (delivery date, then shown file name); up to `as_of` if given.

        A file that was overwritten in its folder counts with its last content only; the earlier record stays on disk.
        """
        found = [record for source_id in self.store.names("ledger") for _, record in self._on_disk(source_id, as_of)]
        return _last_of_each_delivery(found)

    def _on_disk(self, source_id: str, as_of: date | None = None) -> list[tuple[str, LedgerRecord]]:
        """File name and record, those of overwritten contents included."""
        return [
            (name, LedgerRecord.model_validate_json(self.store.read("ledger", source_id, name)))
            for name in self.store.names("ledger", source_id)
            if name.endswith(".json") and (as_of is None or name[:10] <= as_of.isoformat())
        ]

    def remove_overwritten(self, source_id: str) -> None:
        """Delete the records of a source that a later content of the same delivery made void, and every file of a
        reading that no record names any more: what an earlier reading kept of a person must not outlive it.
        """
        on_disk = self._on_disk(source_id)
        kept = _last_of_each_delivery([record for _, record in on_disk])
        for name, record in on_disk:
            if record not in kept:
                self.store.remove("ledger", source_id, name)
        named = {reading_file(record.reading_id) for record in kept}
        for folder in READING_FOLDERS:
            for name in self.store.names(folder, source_id):
                if name not in named and not name.startswith("_"):
                    self.store.remove(folder, source_id, name)

    def forget(self, source_id: str, delivered_on: date, file_id: str) -> None:
        """Delete every record of a content: it was rewritten, and what was read of it is void."""
        for name in self.store.names("ledger", source_id):
            if name.startswith(f"{delivered_on.isoformat()}_{file_id}") and name.endswith(".json"):
                self.store.remove("ledger", source_id, name)

    def commit(self, record: LedgerRecord, landed: Callable[[], Collection[str]] = tuple) -> None:
        """Write a record in place of the earlier one of this day and content.

        Where that one is of another file of the folder (`landed` gives the other names in it, or their keys), the two
        are different readings of one content, such as two empty exports of different years, and both stay.
        """
        name, folder = record.name, ("ledger", record.source_id)
        if self.store.is_file(*folder, name):
            earlier = LedgerRecord.model_validate_json(self.store.read(*folder, name))
            others = set(landed()) - {record.delivered_as}
            if earlier.reading_id != record.reading_id and earlier.delivered_as in others:
                name = name.replace(".json", f"_{record.reading_id}.json")
        self.store.write(record.model_dump_json(indent=1).encode(), *folder, name)

    def amend(self, record: LedgerRecord, changed: LedgerRecord) -> None:
        """Write a record in place of the one that it was made from."""
        name = next(name for name, found in self._on_disk(record.source_id) if found == record)
        self.store.write(changed.model_dump_json(indent=1).encode(), "ledger", record.source_id, name)

    def raw_path(self, record: LedgerRecord) -> str:
        """Path or address of a record's raw file, for DuckDB."""
        return self.store.location("raw", record.source_id, reading_file(record.reading_id))

    def key_ids(self, records: Iterable[LedgerRecord]) -> set[str]:
        """The pseudonym keys that the readings were made with."""
        return {record.pseudonym_key_id for record in records if record.pseudonym_key_id}


def reading_file(reading_id: str) -> str:
    """The name of a reading's file in each of READING_FOLDERS."""
    return f"{reading_id}.parquet"


def _last_of_each_delivery(records: Iterable[LedgerRecord]) -> list[LedgerRecord]:
    last = {record.delivery: record for record in sorted(records, key=lambda record: record.read_at)}
    return sorted(last.values(), key=lambda record: record.order)
