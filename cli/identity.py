"""How a command is told which person it is about: hidden, or from standard input, never as an argument.

What stands in an argument is read by every user of the machine and kept in the shell's history.
"""

import sys
from typing import Annotated

import typer

SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        help="The source that the id belongs to, and the only one that is searched. A CPR number needs none.",
    ),
]


def ask_identity() -> str:
    """A CPR number in any notation, or a source's own id: one line."""
    told = typer.prompt("CPR number or id", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not told.strip():
        raise typer.BadParameter("give a CPR number or an id, on standard input or at the prompt")
    return told.strip()


def confirm(question: str, is_agreed: bool) -> bool:
    """Ask, unless it was agreed to with --yes; without a terminal nobody can be asked."""
    if is_agreed:
        return True
    if not sys.stdin.isatty():
        raise typer.BadParameter("without a terminal say --yes; --dry-run shows what would be done", param_hint="--yes")
    return typer.confirm(question)
