"""`omraadetal retention`: what is past its time, and its removal."""

from typing import Annotated

import typer

from cli.options import AsOfOption, HomeOption, LandingOption, day, settings_for
from ingest.retention import Past
from nightly.retaining import past_retention, retain
from vocabulary.settings import local_date


def register(app: typer.Typer) -> None:
    app.command()(retention)


def retention(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Remove it. Without this, it is only listed.")] = False,
    landing: LandingOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """List the files and records that are past their source's retention; with --apply, remove them for good.

    Past is what is dated before 1 January, as many years back as the descriptor keeps. Published figures stay.
    """
    settings = settings_for(home, landing)
    asked = day(as_of)
    if apply and asked > local_date():
        raise typer.BadParameter("what is not past yet is not removed", param_hint="--as-of")
    past = past_retention(settings, asked)
    for one in past:
        _tell(one)
    if not past:
        typer.echo("No source has a retention in its descriptor.")
    if all(one.is_empty for one in past):
        typer.echo("Nothing is past.")
        return
    if not apply:
        typer.echo("Nothing was changed; --apply removes this.")
        return
    for file, why in retain(settings, asked, typer.echo):
        typer.echo(f"still holds what is past: {file} ({why}); tell its owner")
    typer.echo("What was past is removed.")


def _tell(past: Past) -> None:
    typer.echo(f"{past.source_id}: before {past.expired_before} ({past.basis})")
    for record, file in past.whole:
        where = "" if file else ", no longer in the landing zone"
        typer.echo(f"  whole file  {record.delivered_on} {record.file_name}: {record.rows_read} rows{where}")
    for part in past.parts:
        typer.echo(f"  some rows   {part.record.delivered_on} {part.record.file_name}: {part.rows} rows")
