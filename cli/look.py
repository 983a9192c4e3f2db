"""The commands that look and change nothing: status, explain, peek."""

import typer


def register(app: typer.Typer) -> None:
    for command in ():
        app.command()(command)
