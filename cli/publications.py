"""`omraadetal publications`: what is published and kept, and how to put an earlier one back in force."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli.options import HomeOption, settings_for
from nightly import serving
from vocabulary.errors import OmraadetalError
from vocabulary.settings import LOCAL_ZONE, Settings, local_date
from vocabulary.states import Severity
from warehouse.journal import Journal
from warehouse.paths import Paths
from warehouse.publications import Published, list_published
from warehouse.rollbacks import Rollbacks

MEGABYTE = 1_000_000
LEAST_WIDTH = 120
"""Columns of the table, on a narrower terminal too: a cut id could not be copied."""

PUBLISHED_SEVERITIES = [severity.value for severity in Severity if severity is not Severity.BLOCKS]


POSTGRES_WORDS = {True: "shown", False: "", None: "unknown"}


@dataclass(frozen=True)
class Database:
    """What the database says that it shows; `is_known`: it could be asked."""

    publication_id: str | None
    is_known: bool

    def shows(self, one: Published) -> bool | None:
        return self.publication_id == one.publication_id if self.is_known else None


class Format(StrEnum):
    """How publications are printed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        no_args_is_help=True,
        help="List what is published, or put an earlier publication in force.",
        rich_markup_mode=None,
    )
    group.command("list")(list_publications)
    group.command()(rollback)
    group.command()(load)
    app.add_typer(group, name="publications")


def list_publications(
    form: Annotated[Format, typer.Option("--format", help="json is for programmes.")] = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """List the publications that are kept, in the order of publication, and which one is in force.

    Where OMRAADETAL_POSTGRES_URL names a database, it is asked which one it shows. Where it does not answer, the list
    says `unknown` in that place (null in JSON), and standard error says why.
    """
    settings = settings_for(home)
    paths = Paths.of(settings)
    found = list_published(paths)
    database = _ask_postgres(settings)
    if form is Format.JSON:
        rows = [asdict(one) | {"is_in_postgres": database and database.shows(one)} for one in found]
        typer.echo(json.dumps(rows, default=str, indent=1))
        return
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, LEAST_WIDTH)
    if found:
        console.print(_table(found, database))
    else:
        console.print("Nothing has been published here yet: run `omraadetal nightly`.")
    if removed := len(Journal(paths.journal).entries()) - len(found):
        console.print(f"{removed} more were removed; the journal still knows what they showed.", soft_wrap=True)
    if database and (told := _told(database, found)):
        console.print(told, soft_wrap=True)
    if made := Rollbacks(paths).in_effect():
        console.print(
            f"Rolled back on {local_date(made.rolled_back_at)} by {made.role}, from {made.replaced_id}: {made.reason}",
            soft_wrap=True,
        )


def rollback(
    publication_id: Annotated[
        str, typer.Argument(metavar="ID", help="A publication, as `publications list` names it.")
    ],
    role: Annotated[str, typer.Option("--by", metavar="ROLE", help="Who decides, by role, not by name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown with the publication. No personal data.")],
    home: HomeOption = None,
) -> None:
    """Put another publication in force, for files and PostgreSQL, until the next night publishes anew."""
    for value, option in ((role, "--by"), (reason, "--reason")):
        if not value.strip():
            raise typer.BadParameter("say it in a few words", param_hint=option)
    settings = settings_for(home)
    made = serving.rollback(settings, publication_id, role=role.strip(), reason=reason.strip())
    typer.echo(f"in force: {made.publication_id}, in place of {made.replaced_id}")
    typer.echo("The next night publishes anew: put right what was wrong before, or it comes back.")
    if settings.postgres_url:
        typer.echo(f"PostgreSQL: {serving.load_postgres(settings)}")


def load(home: HomeOption = None) -> None:
    """Load the publication in force into the database of OMRAADETAL_POSTGRES_URL, as each night does.

    For the day after a night ended with exit code 4 because the database was away. Nothing is loaded twice.
    """
    typer.echo(serving.load_postgres(settings_for(home)))


def _ask_postgres(settings: Settings) -> Database | None:
    """None where no database is named; one that cannot be asked is told on standard error."""
    if settings.postgres_url is None:
        return None
    try:
        return Database(serving.shown_by_postgres(settings), is_known=True)
    except OmraadetalError as error:
        typer.echo(f"Which publication PostgreSQL shows is unknown. {error}", err=True)
        return Database(None, is_known=False)


def _told(database: Database, found: list[Published]) -> str | None:
    """What no row of the list can say."""
    if not database.is_known or any(database.shows(one) for one in found):
        return None
    shown = f"{database.publication_id}, which is not kept here" if database.publication_id else "no publication"
    return f"PostgreSQL shows {shown}: `omraadetal publications load` loads the one in force."


def _table(found: list[Published], database: Database | None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Publication", "As of", "Published"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Figures", *(one.capitalize() for one in PUBLISHED_SEVERITIES), "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("State", *(["PostgreSQL"] if database else [])):
        table.add_column(heading, no_wrap=True)
    for one in found:
        flags = (str(one.flags_by_severity.get(name, 0)) for name in PUBLISHED_SEVERITIES)
        table.add_row(
            one.publication_id,
            str(one.as_of),
            f"{one.published_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}",
            "?" if one.figures is None else str(one.figures),
            *flags,
            f"{one.size_bytes / MEGABYTE:.1f}",
            _state(one),
            *([POSTGRES_WORDS[database.shows(one)]] if database else []),
        )
    return table


def _state(one: Published) -> str:
    words = [word for word, holds in (("in force", one.is_in_force), ("damaged", not one.is_whole)) if holds]
    return ", ".join(words) or "kept"
