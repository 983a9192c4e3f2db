"""The ledger as tables of a build: schema `ledger`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from agreements.spine import DeliveredYears
from vocabulary.reason_catalogue import REASONS
from vocabulary.reasons import FileReason, RowReason
from warehouse.connections import create_tables, insert
from warehouse.corrections import CorrectionRule
from warehouse.ledger import LedgerRecord
from warehouse.raw_views import SourceShape

TABLES = {
    "ledger.source": (
        "source_id varchar, name varchar, owner varchar, cadence varchar, replacement varchar, is_wide boolean, "
        "has_event_dates boolean"
    ),
    "ledger.correction": (
        "correction_id varchar, source_id varchar, reason varchar, decided_by varchar, decided_on date"
    ),
    "ledger.delivery": (
        "delivery_number integer, source_id varchar, delivered_on date, file_name varchar, file_id varchar, "
        "reading_id varchar, status varchar, reason_code varchar, rows_read bigint, rows_loaded bigint, "
        "rows_quarantined bigint, rows_duplicate bigint, rows_conflicting bigint, values_invalid bigint, "
        "values_redacted bigint, control_total bigint, reason_da varchar, reasons varchar, unknown_count integer, "
        "rows_unknown_area bigint, rows_outside_period bigint, rows_unusable bigint, reasons_unusable varchar"
    ),
    "ledger.delivery_period": (
        "delivery_number integer, source_id varchar, dataset varchar, label varchar, area_id varchar, "
        "period_start date, period_end date, delivered_on date, file_name varchar, file_id varchar, reading_id varchar"
    ),
    "ledger.data_break": "delivery_number integer, source_id varchar, dataset varchar, year integer, note varchar",
    "ledger.question": (
        "source_id varchar, delivered_on date, file_name varchar, column_name varchar, heading varchar, "
        "wording varchar, answers varchar"
    ),
}

DATA_BREAK = re.compile(r"data\s?-?break|break in (the )?(series|data)|databrud|brud i (serien|data)", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d\d")
OWN_FLAG = (RowReason.UNKNOWN_AREA, RowReason.OUTSIDE_PERIOD)
"""Reasons of quarantine that a flag of their own tells."""


def load_ledger(
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[LedgerRecord],
    shapes: Sequence[SourceShape],
    corrections: Sequence[CorrectionRule],
) -> None:
    """Fill the schema `ledger`: what was delivered and how it was read, by sources and corrections as they are."""
    create_tables(connection, TABLES)
    insert(
        connection,
        "ledger.source",
        [
            (one.source_id, one.name, one.owner, one.cadence, one.replacement, one.is_wide, one.has_event_dates)
            for one in shapes
        ],
    )
    insert(
        connection,
        "ledger.correction",
        [(one.correction_id, one.source_id, one.reason, one.decided_by, one.decided_on) for one in corrections],
    )
    records = _with_names_apart(records)
    insert(connection, "ledger.delivery", [_delivery(number, record) for number, record in enumerate(records)])
    insert(
        connection,
        "ledger.delivery_period",
        [
            (
                number,
                record.source_id,
                period.dataset,
                period.label,
                period.area_id,
                period.start,
                period.end,
                record.delivered_on,
                record.file_name,
                record.file_id,
                record.reading_id,
            )
            for number, record in enumerate(records)
            for period in record.periods
        ],
    )
    insert(
        connection,
        "ledger.data_break",
        [(number, *found) for number, record in enumerate(records) for found in _data_breaks(record)],
    )
    _load_questions(connection, records)


def delivered_years(records: Iterable[LedgerRecord]) -> DeliveredYears:
    """The years that loaded deliveries contain, by source and dataset."""
    years: dict[tuple[str, str | None], set[int]] = {}
    for record in records:
        for period in record.periods:
            years.setdefault((record.source_id, period.dataset or None), set()).add(period.start.year)
    return {key: frozenset(found) for key, found in years.items()}


def _with_names_apart(records: Sequence[LedgerRecord]) -> list[LedgerRecord]:
    """Files of one delivery that are told by the same name, since a person was taken out of it, get their ids beside
    it: a flag and an acknowledgement name a file by its name and day.
    """
    count = Counter(record.order[:3] for record in records)
    return [
        record.model_copy(update={"file_name": f"{record.file_name} ({record.file_id} {record.reading_id})"})
        if count[record.order[:3]] > 1
        else record
        for record in records
    ]


def _delivery(number: int, record: LedgerRecord) -> tuple:
    reasons = {RowReason(reason): count for reason, count in record.quarantined_by_reason.items()}
    unusable = {reason: count for reason, count in reasons.items() if reason not in OWN_FLAG}
    return (
        number,
        record.source_id,
        record.delivered_on,
        record.file_name,
        record.file_id,
        record.reading_id,
        record.status.value,
        record.reason_code,
        record.rows_read,
        record.rows_loaded,
        record.rows_quarantined,
        record.rows_duplicate,
        record.rows_conflicting,
        record.values_invalid,
        record.values_redacted + record.texts_redacted,
        record.control_total,
        REASONS[FileReason(record.reason_code)].label_da if record.reason_code else None,
        _in_words(reasons),
        len(record.columns_unknown) + len(record.sheets_unknown),
        reasons.get(RowReason.UNKNOWN_AREA, 0),
        reasons.get(RowReason.OUTSIDE_PERIOD, 0),
        sum(unusable.values()),
        _in_words(unusable),
    )


def _in_words(reasons: dict[RowReason, int]) -> str | None:
    return ", ".join(f"{REASONS[reason].label_da}: {count}" for reason, count in reasons.items()) or None


def _data_breaks(record: LedgerRecord) -> Iterator[tuple]:
    """(source, dataset, first year after the break, footnote) of the breaks that the file's notes announce.

    «Between 2015 and 2016» is a break before 2016; a note that names one year is a break before that year.
    """
    datasets = sorted({period.dataset for period in record.periods})
    for note in record.notes:
        told = " ".join(one for one in re.split(r"(?<=[.;])\s", note) if DATA_BREAK.search(one))
        years = {int(year) for year in YEAR.findall(told)}
        first = sorted(year for year in years if year + 1 not in years)
        yield from ((record.source_id, dataset, year, note) for dataset in datasets for year in first)


def _load_questions(connection: duckdb.DuckDBPyConnection, records: Sequence[LedgerRecord]) -> None:
    """How each survey file asked: the wording and the answers, as delivered."""
    insert(
        connection,
        "ledger.question",
        [
            (
                record.source_id,
                record.delivered_on,
                record.file_name,
                question.column,
                question.heading,
                question.wording,
                " | ".join(question.answers),
            )
            for record in records
            for question in record.questions
        ],
    )
