"""`omraadetal refresh-statbank`: tables of StatBank into the landing zone."""

import json
from typing import Annotated

import typer

from cli.options import HomeOption, LandingOption, settings_for
from ingest.statbank.refresh import Plan
from nightly.refreshing import plan_table, refresh_table, tables_to_ask
from vocabulary.errors import OmraadetalError


def register(app: typer.Typer) -> None:
    app.command("refresh-statbank")(run)


def run(
    *,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", help="A table that a descriptor asks for; may be repeated. [default: all]"),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option("--since", min=1900, max=2100, help="From this year on. [default: as the descriptor says]"),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Look the tables up and print what would be asked; write nothing."),
    ] = False,
    landing: LandingOption = None,
    home: HomeOption = None,
) -> None:
    """Fetch the tables that descriptors ask StatBank for (`fetch`), as a delivery of today that the next night reads.

    Needs the network (OMRAADETAL_STATBANK_URL). What has not changed since the latest delivery is not delivered again.
    A table that cannot be fetched is told, and the next is asked; the exit code is then that of the last one.
    """
    settings = settings_for(home, landing)
    failed = []
    for source_id, name in tables_to_ask(settings, table or ()):
        try:
            if dry_run:
                _tell(plan_table(settings, source_id, name, since, typer.echo))
            else:
                refresh_table(settings, source_id, name, since, typer.echo)
        except OmraadetalError as error:
            typer.echo(f"{name}: {error}", err=True)
            failed.append(error)
    if failed:
        raise typer.Exit(failed[-1].exit_code)


def _tell(plan: Plan) -> None:
    info, question = plan.info, plan.question
    typer.echo(f"{question.table}: {info.text}; updated {info.updated}, unit {info.unit or 'not said'}")
    if not info.active:
        typer.echo("  StatBank no longer updates this table")
    for variable in question.variables:
        values = variable.values
        span = f"{values[0].id} ({values[0].label}) … {values[-1].id} ({values[-1].label})"
        typer.echo(f"  {variable.code} ({variable.label}): {len(values)} values, {span}")
    for number, (name, piece) in enumerate(plan.pieces.items(), 1):
        typer.echo(f"  piece {number} of {len(plan.pieces)}: {name}, {piece.rows} observations, {piece.cells} cells")
        typer.echo(f"    {json.dumps(piece.body(plan.fetch), ensure_ascii=False)}")
