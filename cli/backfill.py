"""`omraadetal backfill`: nights that were missed, and past years as they stood when all was due."""

from typing import Annotated

import typer

from cli.options import HomeOption, LandingOption, settings_for
from nightly.backfill import Backfilled, backfill, missed_nights, require_areas, years_when_due
from vocabulary.settings import local_date
from vocabulary.states import YearKind


def register(app: typer.Typer) -> None:
    app.command("backfill")(run)


def run(
    landing: LandingOption = None,
    home: HomeOption = None,
    *,
    year: Annotated[
        list[int] | None,
        typer.Option("--year", help="A past year, again as it stood when all of it was due; may be repeated."),
    ] = None,
    year_kind: Annotated[YearKind, typer.Option("--year-kind", help="What --year counts.")] = YearKind.AGREEMENT,
    area: Annotated[
        list[str] | None, typer.Option("--area", help="Count the figures of this area only; may be repeated.")
    ] = None,
) -> None:
    """Catch up the nights since the last publication; with --year, run past years again.

    A past year is a replay: a publication in the folder replays/, beside the one in force. Every area is built; --area
    says of which the states are counted. A night that is blocked or held is told, and the next goes on (exit code 3).
    """
    settings, today = settings_for(home, landing), local_date()
    if area and not year:
        raise typer.BadParameter("it counts the figures of --year", param_hint="--area")
    require_areas(settings, area or ())
    nights = years_when_due(settings, year_kind, year, today) if year else missed_nights(settings, today)
    if not nights:
        typer.echo(f"Nothing was missed: the last publication is as of {today}.")
    failed = [one for one in backfill(settings, nights, area or (), typer.echo) if _tell(one).problem]
    if failed:
        raise failed[-1].problem


def _tell(one: Backfilled) -> Backfilled:
    if one.problem:
        typer.echo(f"{one.asked.as_of}: {one.problem}", err=True)
        return one
    what = f"{one.asked.year_kind} year {one.asked.year}: " if one.asked.year_kind else ""
    counts = ", ".join(f"{count} {state}" for state, count in one.states.items())
    typer.echo(f"{one.asked.as_of}: {one.publication}  {what}{counts}".rstrip())
    return one
