"""`omraadetal watch`: whether the night was done in time."""

import typer

from cli.options import AsOfOption, HomeOption, day, settings_for
from nightly.watching import require_ended


def register(app: typer.Typer) -> None:
    app.command()(watch)


def watch(home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Ask whether the night of a day was published, blocked or held; if not, tell where notices go, and exit with 1.

    Waits for no run that is at work. For cron, an hour or two after the night begins.
    """
    asked = day(as_of)
    require_ended(settings_for(home), asked)
    typer.echo(f"The night of {asked} has come to an end.")
