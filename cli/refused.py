"""`omraadetal refused`: the nights that a blocking flag kept from being published, and their flags."""

from typing import Annotated

import typer
from rich.console import Console

from cli.options import HomeOption, settings_for
from vocabulary.settings import local_date
from vocabulary.states import Severity
from warehouse.paths import Paths
from warehouse.refusals import Refusals


def register(app: typer.Typer) -> None:
    app.command()(refused)


def refused(
    build_id: Annotated[
        str | None, typer.Argument(help="A refused night. [default: a list of them]", show_default=False)
    ] = None,
    home: HomeOption = None,
) -> None:
    """List the nights that were refused, or the flags of one of them."""
    console = Console(highlight=False, markup=False)
    refusals = Refusals(Paths.of(settings_for(home)))
    if build_id:
        for flag in refusals.get(build_id).worst_first:
            console.print(f"{flag.severity:6} {flag.flag_code:22} {flag.message}", soft_wrap=True)
        return
    nights = refusals.all()
    for night in nights:
        count = sum(flag.severity is Severity.BLOCKS for flag in night.flags)
        when = local_date(night.refused_at)
        console.print(f"{night.build_id}  as of {night.as_of}, refused on {when}: {count} blocking", soft_wrap=True)
    if not nights:
        console.print("No night was refused.")
