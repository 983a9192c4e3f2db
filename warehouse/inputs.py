"""Put everything a build starts from into its DuckDB file: agreements, ledger, journal, and views on raw Parquet."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from agreements.acknowledgements import Acknowledgement
from agreements.comments import Comment
from agreements.loader import Agreements
from warehouse.acknowledgement_table import load_acknowledgements
from warehouse.agreement_tables import load_agreements
from warehouse.board_tables import load_board_tables
from warehouse.corrections import CorrectionRule
from warehouse.editions import Editions
from warehouse.expiry import Expiry
from warehouse.journal import Journal
from warehouse.journal_tables import load_editions, load_journal
from warehouse.kept_figures import load_kept_figures
from warehouse.ledger import Ledger
from warehouse.ledger_tables import delivered_years, load_ledger
from warehouse.raw_views import SourceShape, create_raw_views


def load_inputs(
    connection: duckdb.DuckDBPyConnection,
    *,
    agreements: Agreements,
    acknowledgements: Iterable[Acknowledgement],
    comments: Iterable[Comment],
    ledger: Ledger,
    journal: Journal,
    editions: Editions,
    shapes: Sequence[SourceShape],
    rules: Sequence[CorrectionRule],
    as_of: date,
) -> None:
    """Fill the schemas agreement, ledger, journal and raw of a new build, as the world stood on `as_of`."""
    records = ledger.records(as_of=as_of)
    decided = [rule for rule in rules if rule.decided_on <= as_of]
    load_agreements(connection, agreements, as_of, delivered_years(records))
    load_acknowledgements(connection, acknowledgements, as_of)
    load_board_tables(connection, agreements, comments, as_of)
    load_ledger(connection, records, shapes, decided)
    load_journal(connection, journal, as_of)
    load_editions(connection, editions, as_of)
    load_kept_figures(connection, journal, Expiry(ledger.store).all().values(), as_of)
    create_raw_views(connection, ledger, shapes, records, measures=agreements.measures(as_of), rules=decided)
