"""The stage `ingest`: find new deliveries, read each, write raw and quarantine, commit to the ledger."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa

from agreements.loader import Agreements, read_agreements
from ingest.descriptor import Descriptor, kept_columns, read_descriptors
from ingest.erasure_list import NOBODY, ErasureList
from ingest.landing import LandedFile, Landing, look, settled
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey, load_key, refuse_other_key
from ingest.reading import Context, Reading, raw_schema, read_content
from vocabulary.errors import FileRefused, OmraadetalError
from vocabulary.reasons import FILE_REASON_REMEDIES, FileReason
from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus
from warehouse.erased import ErasureLog
from warehouse.expiry import Expiry
from warehouse.ledger import Ledger, LedgerRecord
from warehouse.store import Folder

log = logging.getLogger(__name__)

SCHEMA_FILE = "_schema.parquet"
"""A zero-row file per source, so that a source without deliveries has its columns."""


@dataclass(frozen=True)
class NewFiles:
    """What tonight's reading will do: files to read, files already read, and what is passed over."""

    files: tuple[LandedFile, ...]
    unchanged: int
    passed_over: tuple[str, ...]


class Ingest:
    """Reads deliveries of one landing zone into one store."""

    def __init__(self, settings: Settings) -> None:
        """Raises DefinitionInvalid, ErasureListUnusable and ErasureListLost, before anything is written."""
        self.settings = settings
        self.erasures = ErasureList.of(settings)
        self.erasures.refuse_lost(ErasureLog.of(settings))
        self.expired = Expiry.of(settings).all()
        self.descriptors: dict[str, Descriptor] = read_descriptors(settings.sources)
        self.agreements: Agreements = read_agreements(settings.agreements, kept_columns(self.descriptors))
        self.ledger = Ledger.of(settings)
        self.landing = Folder.at(settings.landing)
        self._key: PseudonymKey | None = None

    def find_new(self, as_of: date) -> NewFiles:
        """Compare the landing zone with the ledger.

        Raises LandingNotFound, LandingEmpty, and KeyMismatch before anything is written.
        """
        landing: Landing = look(self.settings.landing, set(self.descriptors), as_of)
        records = self.ledger.records()
        if any(descriptor.has_pseudonyms for descriptor in self.descriptors.values()):
            self._key = load_key(self.settings)
            refuse_other_key(self._key, self.ledger, records)
        self._write_schemas()
        read = {(record.source_id, record.delivered_on, record.reading_id) for record in records}
        new, closed = [], []
        for file in landing.files:
            try:
                if not self._is_read(file, read):
                    new.append(file)
            except OSError:
                closed.append(file)
        still, growing = settled(landing.folder, new)
        passed_over = [
            *landing.passed_over,
            *(f"{file}: cannot be opened by this user" for file in closed),
            *(f"{file}: still being written" for file in growing),
        ]
        for line in passed_over:
            log.warning("passed over %s", line)
        return NewFiles(tuple(still), len(landing.files) - len(new) - len(closed), tuple(passed_over))

    def read_files(
        self, files: Iterable[LandedFile], progress: Callable[[LedgerRecord], None] = lambda record: None
    ) -> list[LedgerRecord]:
        """Read each file and commit it; a file that is refused leaves a record and the rest goes on.

        Every failure of a single file is a refusal with a reason.
        """
        records = []
        for file in files:
            record = self._read_file(file)
            records.append(record)
            progress(record)
        return records

    def file_id(self, file: LandedFile) -> str:
        """What the ledger knows the content of a delivered file by."""
        return _sha256(self.landing.read(*file.parts))[:16]

    def left_out_digest(self) -> str | None:
        """Tells what all readings leave out together; None where they leave out nothing."""
        digests = {one.source_id: self.left_out(one).digest for one in self.descriptors.values()}
        told = [f"{source_id} {digest}" for source_id, digest in sorted(digests.items()) if digest]
        return _sha256("\n".join(told).encode())[:16] if told else None

    def _is_read(self, file: LandedFile, read: set[tuple[str, date, str]]) -> bool:
        """Whether the ledger has this content on this day, read as it would be read now.

        A copy under another name in one folder is one delivery, unless the name makes it another reading.
        """
        reading_id = self.reading_id(file.source_id, self.file_id(file), file.file_name)
        return (file.source_id, file.delivered_on, reading_id) in read

    def reading_id(self, source_id: str, file_id: str, file_name: str) -> str:
        """The id of a reading of this content as it would be read now."""
        context = self._context(source_id)
        return context.reading_id(file_id, file_name) if context else file_id

    def _context(self, source_id: str) -> Context | None:
        descriptor = self.descriptors.get(source_id)
        if descriptor is None:
            return None
        if descriptor.has_pseudonyms and self._key is None:
            self._key = load_key(self.settings)
        return Context(
            descriptor,
            self.agreements.areas,
            self.agreements.span(source_id),
            self._key if descriptor.has_pseudonyms else None,
            self.left_out(descriptor),
        )

    def left_out(self, descriptor: Descriptor) -> LeftOut:
        """What a reading of a source leaves out."""
        applied = self.expired.get(descriptor.source_id)
        return LeftOut(
            descriptor.source_id,
            self.erasures if descriptor.has_pseudonyms else NOBODY,
            applied.expired_before if applied else None,
        )

    def _read_file(self, file: LandedFile) -> LedgerRecord:
        content = self.landing.read(*file.parts)
        sha256 = _sha256(content)
        file_id = sha256[:16]
        context = self._context(file.source_id)
        reading_id = self.reading_id(file.source_id, file_id, file.file_name)
        facts = {
            "source_id": file.source_id,
            "delivered_on": file.delivered_on,
            "file_name": file.file_name,
            "file_id": file_id,
            "sha256": sha256,
            "size_bytes": len(content),
            "reading_id": reading_id,
            "read_at": datetime.now(UTC),
        }
        try:
            if context is None:
                raise FileRefused(
                    problem=f"{file}: no descriptor is named «{file.source_id}».", reason=FileReason.UNKNOWN_SOURCE
                )
            reading = _read_or_refuse(content, file, context)
        except FileRefused as refusal:
            reason: FileReason = refusal.facts["reason"]
            log.warning("%s refused (%s): %s %s", file, reason, refusal, FILE_REASON_REMEDIES[reason])
            record = LedgerRecord(
                **facts, status=DeliveryStatus.REFUSED, reason_code=reason.value, problem=str(refusal)
            )
        else:
            self._write(file.source_id, reading_id, reading, context.descriptor)
            record = _loaded_record(facts, reading, context)
            log.info("%s: %d rows loaded, %d quarantined", file, record.rows_loaded, record.rows_quarantined)
        self.ledger.commit(record, landed=self.landing.names(*file.parts[:2]))
        return record

    def _write(self, source_id: str, reading_id: str, reading: Reading, descriptor: Descriptor) -> None:
        raw = pa.Table.from_pandas(reading.raw, schema=raw_schema(descriptor), preserve_index=False)
        self.ledger.store.write_parquet(raw.replace_schema_metadata(), "raw", source_id, f"{reading_id}.parquet")
        schema = pa.schema(
            [
                ("_row_number", pa.int64()),
                ("_sheet", pa.string()),
                ("reason_code", pa.string()),
                ("column", pa.string()),
            ]
        )
        refused = pa.Table.from_pandas(reading.refused[schema.names], schema=schema, preserve_index=False)
        self.ledger.store.write_parquet(
            refused.replace_schema_metadata(), "quarantine", source_id, f"{reading_id}.parquet"
        )

    def _write_schemas(self) -> None:
        for source_id, descriptor in self.descriptors.items():
            self.ledger.store.write_parquet(raw_schema(descriptor).empty_table(), "raw", source_id, SCHEMA_FILE)


def _read_or_refuse(content: bytes, file: LandedFile, context: Context) -> Reading:
    """Read a content; whatever a damaged file makes a reader raise becomes a refusal, so that the other files load.

    Only the kind of the error is told: a library's message may quote the file.
    """
    try:
        return read_content(content, file.file_name, context)
    except OmraadetalError:
        raise
    except Exception as error:  # noqa: BLE001  every library has errors of its own, and a refusal hides none
        raise FileRefused(
            problem=f"{file}: could not be read ({type(error).__name__}).", reason=FileReason.FILE_UNREADABLE
        ) from None


def _loaded_record(facts: dict[str, object], reading: Reading, context: Context) -> LedgerRecord:
    by_reason = reading.refused["reason_code"].value_counts().to_dict()
    return LedgerRecord(
        **facts,
        status=DeliveryStatus.LOADED,
        reader=reading.reader,
        layout=reading.layout,
        period_start=min((period.start for period in reading.periods), default=None),
        period_end=max((period.end for period in reading.periods), default=None),
        periods=tuple(reading.periods),
        quarantined_by_reason={str(reason): int(count) for reason, count in sorted(by_reason.items())},
        columns_unknown=tuple(reading.columns_unknown),
        sheets_unknown=tuple(reading.sheets_unknown),
        notes=tuple(reading.notes),
        questions=tuple(reading.questions),
        control_total=reading.control_total,
        pseudonym_key_id=context.key.key_id if context.key else None,
        left_out_digest=context.left_out_digest,
        **reading.counts,
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
