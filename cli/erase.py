"""`omraadetal erase`: take a person out of everything that is kept."""

from typing import Annotated

import typer

from cli.identity import SourceOption, ask_identity, confirm
from cli.options import AsOfOption, HomeOption, LandingOption, settings_for
from ingest.erasing import TakenOut
from ingest.erasure_list import is_cpr
from ingest.finding import Found
from nightly import persons
from nightly.erasing import erase as erase_person
from vocabulary.errors import BuildBlocked, RestatementsHeld, RestatementsRejected
from vocabulary.settings import local_date


def register(app: typer.Typer) -> None:
    app.command()(erase)


def erase(
    *,
    source: SourceOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    keep_files: Annotated[
        bool, typer.Option("--keep-files", help="Leave delivered files as they are, and name those with the person.")
    ] = False,
    also_later: Annotated[
        bool,
        typer.Option("--also-later", help="Put a person of whom nothing is found on the list, so that none comes in."),
    ] = False,
    landing: LandingOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Erase a person from delivered files, readings and builds, for good, and publish without that person.

    The CPR number, or a source's own id, is asked for or read from standard input. Whoever is erased is on the erasure
    list: neither a new delivery nor a restored backup brings the person back. --as-of defaults to the day of the
    publication in force.
    """
    settings = settings_for(home, landing)
    identity = ask_identity()
    found = persons.search_person(settings, identity, source)
    _tell_found(found)
    if not found.rows_by_source and not persons.unfinished_erasure(settings, found):
        if dry_run or not also_later:
            typer.echo("Nothing is kept of this person. --also-later keeps out what may be delivered later.")
        elif found.scope is None and not is_cpr(identity):
            raise typer.BadParameter("an id that is no CPR number belongs to a source", param_hint="--source")
        else:
            entry = persons.list_person(settings, found, local_date())
            typer.echo(f"On the erasure list as {entry.entry_id}: what is delivered later is not read.")
        return
    if dry_run or not confirm("Erase this person for good?", yes):
        typer.echo("Nothing was changed.")
        return
    try:
        erased = erase_person(
            settings,
            identity,
            found.scope,
            as_of=as_of.date() if as_of else None,
            keep_files=keep_files,
            progress=typer.echo,
            done=_tell_done,
        )
    except (BuildBlocked, RestatementsHeld, RestatementsRejected):
        typer.echo("The erasure is done. What follows holds the new publication only.")
        raise
    if erased.publication:
        typer.echo(f"publication: {erased.publication}")
    if erased.undone:
        raise erased.undone[0]


def _tell_found(found: Found) -> None:
    for source_id, count in sorted(found.rows_by_source.items()):
        typer.echo(f"{source_id}: {count} rows")
    for one in found.own:
        typer.echo(f"  {one.file}: {len(one.rows)} rows")
    for record, rows in found.gone:
        typer.echo(f"  delivered {record.delivered_on}, no longer in the landing zone: {len(rows)} rows")
    for one in found.mentioned:
        places = ", ".join(f"{sheet} {number}".strip() for sheet, number in ((s or "", n) for s, n in one.mentions))
        typer.echo(f"  {one.file}: the number stands in the text of other rows, for a person to look at: {places}")
    for file in found.unread:
        typer.echo(f"  {file}: could not be searched")


def _tell_done(taken_out: TakenOut) -> None:
    for file, why in taken_out.left:
        typer.echo(f"still holds the person: {file} ({why}); tell its owner")
    typer.echo("Nothing else that is kept here holds the person any more.")
