"""Put everything a build starts from into its DuckDB file: agreements, ledger, journal, and views on raw Parquet."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from agreements.loader import Agreements
from agreements.spine import DeliveredYears
from vocabulary.reasons import ROW_REASON_LABELS_DA, RowReason
from warehouse.agreement_tables import load_agreements
from warehouse.connections import create_tables, insert
from warehouse.corrections import CorrectionRule
from warehouse.journal import FIGURES_FILE, FLAGS_FILE, SHOWN_FILE, Journal
from warehouse.ledger import Ledger, LedgerRecord
from warehouse.raw_views import SourceShape, create_raw_views

TABLES = {
    "ledger.source": (
        "source_id varchar, name varchar, owner varchar, cadence varchar, replacement varchar, is_wide boolean"
    ),
    "ledger.correction": (
        "correction_id varchar, source_id varchar, reason varchar, decided_by varchar, decided_on date"
    ),
    "ledger.delivery": (
        "delivery_number integer, source_id varchar, delivered_on date, file_name varchar, file_id varchar, "
        "reading_id varchar, status varchar, reason_code varchar, rows_read bigint, rows_loaded bigint, "
        "rows_quarantined bigint, rows_duplicate bigint, rows_conflicting bigint, values_invalid bigint, "
        "values_redacted bigint, control_total bigint, reasons varchar, unknown_count integer"
    ),
    "ledger.delivery_period": (
        "delivery_number integer, source_id varchar, dataset varchar, label varchar, area_id varchar, "
        "period_start date, period_end date, delivered_on date, file_name varchar, file_id varchar, reading_id varchar"
    ),
    "ledger.question": (
        "source_id varchar, delivered_on date, file_name varchar, column_name varchar, heading varchar, "
        "wording varchar, answers varchar"
    ),
    "journal.publication": (
        "published_order integer, publication_id varchar, as_of date, published_at timestamptz, build_id varchar"
    ),
}


def load_inputs(
    connection: duckdb.DuckDBPyConnection,
    *,
    agreements: Agreements,
    ledger: Ledger,
    journal: Journal,
    shapes: Sequence[SourceShape],
    rules: Sequence[CorrectionRule],
    as_of: date,
) -> None:
    """Fill the schemas agreement, ledger, journal and raw of a new build, as the world stood on `as_of`."""
    records = ledger.records(as_of=as_of)
    decided = [rule for rule in rules if rule.decided_on <= as_of]
    load_agreements(connection, agreements, as_of, delivered_years(records))
    create_tables(connection, TABLES)
    insert(
        connection,
        "ledger.source",
        [(one.source_id, one.name, one.owner, one.cadence, one.replacement, one.is_wide) for one in shapes],
    )
    insert(
        connection,
        "ledger.correction",
        [(one.correction_id, one.source_id, one.reason, one.decided_by, one.decided_on) for one in decided],
    )
    _load_ledger(connection, records)
    _load_questions(connection, records)
    _load_journal(connection, journal, as_of)
    create_raw_views(connection, ledger, shapes, records, measures=agreements.measures(as_of), rules=decided)


def delivered_years(records: Iterable[LedgerRecord]) -> DeliveredYears:
    """The years that loaded deliveries contain, by source and dataset."""
    years: dict[tuple[str, str | None], set[int]] = {}
    for record in records:
        for period in record.periods:
            years.setdefault((record.source_id, period.dataset or None), set()).add(period.start.year)
    return {key: frozenset(found) for key, found in years.items()}


def _load_ledger(connection: duckdb.DuckDBPyConnection, records: Sequence[LedgerRecord]) -> None:
    insert(
        connection,
        "ledger.delivery",
        [
            (
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
                record.values_redacted,
                record.control_total,
                ", ".join(
                    f"{ROW_REASON_LABELS_DA[RowReason(reason)]}: {count}"
                    for reason, count in record.quarantined_by_reason.items()
                )
                or None,
                len(record.columns_unknown) + len(record.sheets_unknown),
            )
            for number, record in enumerate(records)
        ],
    )
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


def _load_journal(connection: duckdb.DuckDBPyConnection, journal: Journal, as_of: date) -> None:
    entries = journal.entries(as_of=as_of)
    insert(
        connection,
        "journal.publication",
        [(order, e.publication_id, e.as_of, e.published_at, e.build_id) for order, e in enumerate(entries)],
    )
    grain = "publication_id varchar, agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar"
    state = "year integer, value double, value_state varchar, definition_version varchar"
    promise = "agreement_version integer, target_value double, target_status varchar"
    connection.execute(f"create table journal.figure ({grain}, {state}, is_closed boolean)")
    connection.execute(f"create table journal.shown ({grain}, {state}, {promise})")
    connection.execute(
        "create table journal.flag (publication_id varchar, flag_code varchar, agreement_id varchar, "
        "indicator_id varchar, area_id varchar, year_kind varchar, year integer, source_id varchar, "
        "file_name varchar, first_seen date)"
    )
    for table, file_name in (("figure", FIGURES_FILE), ("shown", SHOWN_FILE), ("flag", FLAGS_FILE)):
        names = [row[0] for row in connection.execute(f"describe journal.{table}").fetchall()]
        for entry in entries:
            path = str(journal.path(entry, file_name))
            known = {row[0] for row in connection.execute("describe select * from read_parquet(?)", [path]).fetchall()}
            # the first is the entry's own id; what an entry of an earlier version does not tell stays null
            read = ", ".join(name for name in names[1:] if name in known)
            connection.execute(
                f"insert into journal.{table} (publication_id, {read}) select ?, {read} from read_parquet(?)",
                [entry.publication_id, path],
            )
