"""Put everything a build starts from into its DuckDB file: agreements, ledger, journal, and views on raw Parquet."""

from collections.abc import Sequence
from datetime import date

import duckdb

from agreements.loader import Agreements
from warehouse.agreement_tables import load_agreements
from warehouse.connections import create_tables, insert
from warehouse.corrections import CorrectionRule
from warehouse.journal import FIGURES_FILE, FLAGS_FILE, SHOWN_FILE, Journal
from warehouse.ledger import Ledger
from warehouse.ledger_tables import delivered_years, load_ledger
from warehouse.raw_views import SourceShape, create_raw_views

TABLES = {
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
    load_ledger(connection, records, shapes, decided)
    _load_journal(connection, journal, as_of)
    create_raw_views(connection, ledger, shapes, records, measures=agreements.measures(as_of), rules=decided)


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
        "file_name varchar, detail varchar, first_seen date)"
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
