"""`omraadetal serve`: the publication in force on this machine, in a browser and for BI tools."""

import signal
import sys
from typing import Annotated

import typer

from cli.options import HomeOption, settings_for
from nightly import serving


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="On 127.0.0.1. [default: 8765, or a free one where it is taken]"),
    ] = None,
    no_postgres: Annotated[bool, typer.Option("--no-postgres", help="Pages and files only, no database.")] = False,
    home: HomeOption = None,
) -> None:
    """Show the publication in force on this machine until Ctrl-C: report, quality page, files and documentation.

    For BI tools a PostgreSQL is started in HOME, with the publication in it, and its connection string is printed.
    Where OMRAADETAL_POSTGRES_URL names a database, that is left to the nights.

    Everyone who is logged in on this machine can read it meanwhile; nobody else can.
    """
    # what was started is stopped, also where the process is asked to end without a terminal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with serving.open_site(settings_for(home), port=port, with_database=not no_postgres) as site:
        typer.echo(f"Pages and files: {site.url}")
        if site.connection:
            typer.echo(f"PostgreSQL:      {site.connection}")
        typer.echo("Ctrl-C ends it.")
        site.run()
