"""The journal as tables of a build: schema `journal`, what earlier publications held."""

from datetime import date

import duckdb

from warehouse.connections import create_tables, insert
from warehouse.editions import FIGURES_FILE as EDITION_FIGURES_FILE
from warehouse.editions import Editions
from warehouse.flag_key import FLAG_KEY_DEFINITION
from warehouse.journal import FIGURES_FILE, FLAGS_FILE, SHOWN_FILE, Journal

FIGURE = (
    "publication_id varchar, agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, "
    "year integer, value double, value_state varchar, definition_version varchar"
)
TABLES = {
    "journal.publication": (
        "published_order integer, publication_id varchar, as_of date, published_at timestamptz, build_id varchar"
    ),
    "journal.figure": (
        f"{FIGURE}, is_closed boolean, measure_kind varchar, numerator double, denominator double, n bigint, "
        "n_effective double, ci_low double, ci_high double, hits_count bigint, contributors bigint, "
        "baseline_trend varchar"
    ),
    "journal.shown": f"{FIGURE}, agreement_version integer, target_value double, target_status varchar",
    "journal.flag": f"publication_id varchar, {FLAG_KEY_DEFINITION}, severity varchar, first_seen date",
    "journal.edition": (
        "edition_order integer, edition_id varchar, agreement_id varchar, year_kind varchar, year integer, "
        "year_label varchar, number integer, minutes varchar, approved_on date, publication_id varchar, as_of date"
    ),
    "journal.edition_figure": (
        "edition_id varchar, agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, "
        "year integer, value double, value_state varchar, definition_version varchar"
    ),
}
FILES = {"journal.figure": FIGURES_FILE, "journal.shown": SHOWN_FILE, "journal.flag": FLAGS_FILE}


def load_journal(connection: duckdb.DuckDBPyConnection, journal: Journal, as_of: date) -> None:
    """Fill the schema `journal` with the publications for days up to `as_of`."""
    create_tables(connection, TABLES)
    entries = journal.entries(as_of=as_of)
    insert(
        connection,
        "journal.publication",
        [(order, e.publication_id, e.as_of, e.published_at, e.build_id) for order, e in enumerate(entries)],
    )
    for table, file_name in FILES.items():
        _insert_files(connection, table, {str(journal.path(one, file_name)): one.publication_id for one in entries})


def load_editions(connection: duckdb.DuckDBPyConnection, editions: Editions, as_of: date) -> None:
    """Fill `journal.edition` and `journal.edition_figure`: what the board approved of days up to `as_of`."""
    found = editions.all(as_of=as_of)
    columns = ("agreement_id", "year_kind", "year", "year_label", "number", "minutes", "approved_on", "publication_id")
    insert(
        connection,
        "journal.edition",
        [
            (order, one.edition_id, *(getattr(one, name) for name in columns), one.as_of)
            for order, one in enumerate(found)
        ],
    )
    _insert_files(
        connection,
        "journal.edition_figure",
        {str(editions.path(one, EDITION_FIGURES_FILE)): one.edition_id for one in found},
    )


def _insert_files(connection: duckdb.DuckDBPyConnection, table: str, files: dict[str, str]) -> None:
    """Append what the entries of the journal hold, `files` being path -> id of the entry.

    The first column is the entry's own id; what an entry of an earlier version does not tell stays null.
    """
    if not files:
        return
    told = "read_parquet(?, union_by_name = true, filename = true)"
    known = {row[0] for row in connection.execute(f"describe select * from {told}", [list(files)]).fetchall()}
    own_id, *columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    read = [name for name in columns if name in known]
    connection.execute(
        f"insert into {table} ({own_id}, {', '.join(read)}) "
        f"select entry.own_id, {', '.join(f'told.{name}' for name in read)} from {told} as told "
        "inner join (select unnest(?) as filename, unnest(?) as own_id) as entry using (filename)",
        [list(files), list(files), list(files.values())],
    )
