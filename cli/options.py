"""The options that several commands share, each with one wording."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from vocabulary.settings import Settings, local_date

LandingOption = Annotated[
    str | None,
    typer.Option(
        "--landing", help="Landing zone: SOURCE/YYYY-MM-DD/FILE. [default: OMRAADETAL_LANDING or samples/landing]"
    ),
]
HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Where everything is written. [default: OMRAADETAL_HOME or data/]"),
]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="The day on which the system is asked: what is due, and which deliveries exist yet. [default: today]",
    ),
]
BuildOption = Annotated[
    str | None, typer.Option("--build-id", help="Which build, as `build` printed it. [default: the latest]")
]


HoldOption = Annotated[
    bool | None,
    typer.Option(
        "--hold-restatements/--no-hold-restatements",
        help="Let a night that would change a figure published as final wait for `approve`. "
        "[default: OMRAADETAL_HOLD_RESTATEMENTS or no]",
        show_default=False,
    ),
]


def settings_for(home: Path | None = None, landing: str | None = None, hold: bool | None = None) -> Settings:
    return Settings.from_environment(home=home, landing=landing, hold_restatements=hold)


def day(as_of: datetime | None) -> date:
    """The asked day, or today. A day to come is allowed, and every earlier night is then a replay: so it is said."""
    asked = as_of.date() if as_of else local_date()
    if asked > local_date():
        typer.echo(f"Note: {asked} lies ahead; until then every night for an earlier day is only a replay.", err=True)
    return asked
