"""`omraadetal flags`: the published flags with their life. Changes nothing."""

import csv
import sys
from collections import Counter
from enum import StrEnum
from typing import Annotated, Any

import duckdb
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli.options import HomeOption, settings_for
from vocabulary.errors import PublicationOutdated
from vocabulary.flags import FLAG_KEY, FLAG_PLACE, FlagCode
from vocabulary.spreadsheet import spreadsheet_safe
from vocabulary.states import FlagState
from warehouse.connections import reading
from warehouse.flag_key import same_flag
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force, read_publication

LIVES = f"""
    select
        life.state, life.severity, {", ".join(f"life.{name}" for name in FLAG_KEY)},
        life.first_seen, life.last_seen, life.resolved_on, life.times_published,
        flag.message, flag.observed, flag.expected,
        flag.acknowledged_until, flag.acknowledged_by, flag.acknowledged_reason
    from quality.flag_history as life
    left join quality.flag as flag on life.resolved_on is null and {same_flag("flag", "life")}
    where coalesce(life.state = $state, true) and coalesce(life.flag_code = $code, true)
    order by
        list_position($states, life.state), life.severity <> 'warns', life.resolved_on desc,
        {", ".join(f"life.{name}" for name in FLAG_KEY)}, life.first_seen, flag.message
"""

Row = dict[str, Any]


class Format(StrEnum):
    """How flags are printed."""

    TABLE = "table"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    app.command()(flags)


def flags(
    state: Annotated[FlagState | None, typer.Option("--state", help="Only flags in this state. [default: all]")] = None,
    code: Annotated[
        FlagCode | None, typer.Option("--code", metavar="FLAG_CODE", help="Only flags of this code. [default: all]")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="csv has every column, for a spreadsheet.")] = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """List the published flags with their life: first seen, still open, acknowledged, resolved.

    Reads the publication in force. How to acknowledge a flag: agreements/acknowledgements/README.md.
    """
    publication = in_force(Paths.of(settings_for(home)))
    with reading(publication / PUBLICATION_FILE) as connection:
        names, rows = _read(connection, publication.name, state, code)
    if form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([names, *([_cell(row[name]) for name in names] for row in rows)])
        return
    console = Console(highlight=False, markup=False)
    as_of = read_publication(publication)["as_of"]
    counts = Counter(row["state"] for row in rows)
    shown = ", ".join(f"{counts[one]} {one}" for one in FlagState if state in (None, one))
    console.print(f"Flags of {publication.name}, as of {as_of}: {shown}", soft_wrap=True)
    if rows:
        console.print(_table(rows))


def _read(
    connection: duckdb.DuckDBPyConnection, publication: str, state: FlagState | None, code: FlagCode | None
) -> tuple[list[str], list[Row]]:
    """Column names and rows, the open ones first. Raises PublicationOutdated."""
    wanted = {"state": state and state.value, "code": code and code.value, "states": [one.value for one in FlagState]}
    try:
        cursor = connection.execute(LIVES, wanted)
    except (duckdb.CatalogException, duckdb.BinderException):
        raise PublicationOutdated(publication=publication, table="quality.flag_history") from None
    names = [column[0] for column in cursor.description]
    return names, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _table(rows: list[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("State", "Severity", "Flag"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Since", no_wrap=True)
    table.add_column("Finding", overflow="fold", min_width=30)
    for row in rows:
        table.add_row(row["state"], row["severity"], row["flag_code"], str(row["first_seen"]), _finding(row))
    return table


def _cell(value: object) -> object:
    """What stands in a delivered file may stand in a message; it must not become a formula."""
    return spreadsheet_safe(value) if isinstance(value, str) else value


def _finding(row: Row) -> str:
    """The message of a flag that is there, the place of one that is not, and what became of it."""
    place = ", ".join(str(row[name]) for name in FLAG_PLACE if row[name] is not None)
    if row["state"] == FlagState.RESOLVED:
        return f"{place}\nlast seen {row['last_seen']}, resolved {row['resolved_on']}"
    if row["state"] == FlagState.ACKNOWLEDGED:
        reason = f": {row['acknowledged_reason']}" if row["acknowledged_reason"] else ""
        until, role = row["acknowledged_until"], row["acknowledged_by"]
        return f"{row['message']}\nacknowledged until {until} by {role}{reason}"
    return row["message"]
