"""`omraadetal superset`: the dashboards over the publication in force, on this machine."""

import signal
import sys
from typing import Annotated

import typer

from cli.options import HomeOption, settings_for
from nightly.dashboards import open_dashboards


def register(app: typer.Typer) -> None:
    app.command()(superset)


def superset(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="On 127.0.0.1. [default: one that is free]")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Show the dashboards in Superset on this machine until Ctrl-C; `make superset` installs it first.

    It reads the database of OMRAADETAL_BI_URL, or an embedded PostgreSQL with the publication in force. Dashboards are
    brought up to date at every start; users and charts made by hand are kept in HOME.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    typer.echo("Superset starts; the first time takes some minutes ...")
    with open_dashboards(settings_for(home), port=port) as running:
        typer.echo(f"Dashboard: {running.dashboard_url}")
        typer.echo(f"User:      {running.user}")
        typer.echo(f"Password:  {running.password}")
        typer.echo("Ctrl-C ends it.")
        try:
            running.server.wait()
        except KeyboardInterrupt:
            typer.echo("")
