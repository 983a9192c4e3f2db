"""Whether a publication is whole, found out from its files alone and not with the product's own check."""

import hashlib
import json
from pathlib import Path

import duckdb
import psycopg

from warehouse.publications import RECORD_FILE

OWN_ID = "select distinct publication_id from marts.indicator_by_area_year"
SHOWN = "select publication_id from omraadetal.publication"


def problem_of_files(folder: Path) -> str | None:
    """What is not as publication.json says: its name, a Parquet file, rows, or the id that the DuckDB file tells."""
    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        if record["publication_id"] != folder.name:
            return f"{folder.name} calls itself {record['publication_id']}"
        for name, table in record["tables"].items():
            if hashlib.sha256((folder / table["file"]).read_bytes()).hexdigest() != table["sha256"]:
                return f"{folder.name}: {name} is not the Parquet file that was published"
        with duckdb.connect(str(folder / "omraadetal.duckdb"), read_only=True) as connection:
            ids = [row[0] for row in connection.execute(OWN_ID).fetchall()]
            if ids != [folder.name]:
                return f"{folder.name}: its DuckDB file holds {ids}"
            for name, table in record["tables"].items():
                if connection.execute(f"select count(*) from {name}").fetchone() != (table["rows"],):
                    return f"{folder.name}: {name} has another number of rows in DuckDB"
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        return f"{folder.name}: {type(error).__name__} {error}"
    return None


def problem_of_database(url: str, publications: Path) -> str | None:
    """What in PostgreSQL is not as the publication that it says it shows, in one transaction, as a BI tool sees it."""
    with psycopg.connect(url) as connection:
        # The marts first: what is read of them holds off the swap until this transaction ends. Each statement sees the
        # latest commits; a snapshot would be taken before the first name is looked up, which a swap may delay.
        connection.execute("set transaction isolation level read committed read only")
        ids = [row[0] for row in connection.execute(OWN_ID).fetchall()]
        (shown,) = connection.execute(SHOWN).fetchone()
        if ids != [shown]:
            return f"PostgreSQL shows {shown} with rows of {ids}"
        record = json.loads((publications / shown / RECORD_FILE).read_text(encoding="utf-8"))
        for name, table in record["tables"].items():
            if connection.execute(f"select count(*) from {name}").fetchone() != (table["rows"],):
                return f"PostgreSQL shows {shown} with another number of rows in {name}"
    return None
