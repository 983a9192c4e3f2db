"""`omraadetal up` and `down`: the real Airflow, standing on this machine."""

from typing import Annotated

import typer

from cli.options import HomeOption, LandingOption, settings_for


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(down)


def up(
    landing: LandingOption = None,
    home: HomeOption = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            help="Port of the web pages, on 127.0.0.1 alone. [default: the last one or 8080, else one that is free]",
        ),
    ] = None,
) -> None:
    """Start Airflow with its own PostgreSQL on this machine, in the background, and say how to log in.

    Database, logs and secrets lie in the folder airflow of HOME, for their owner alone. What runs already is left
    alone; what has died is started again. Nights run once the DAG `nightly_load` is switched on.
    """
    # psutil and httpx are imported by these commands alone
    from nightly.local_airflow.standing import up as start

    standing = start(settings_for(home, landing), port, typer.echo)
    if not standing.started:
        typer.echo("Airflow was running already.")
    password = standing.password or f"(in {standing.password_file})"
    typer.echo(f"\nAirflow:  {standing.url}\nuser:     {standing.user}\npassword: {password}")
    if standing.password:
        typer.echo(f"          shown this once; it is kept in {standing.password_file}")
    typer.echo("\nOpen «Natlig indlæsning» and switch it on, or trigger it now. `omraadetal down` stops Airflow.")


def down(home: HomeOption = None) -> None:
    """Stop the Airflow that `up` started, its tasks, and its database. Nothing that was written is lost."""
    from nightly.local_airflow.standing import down as stop

    if not stop(settings_for(home), typer.echo):
        typer.echo("Airflow was not running.")
