"""`omraadetal keys`: which pseudonym key is in force, and how to change it."""

import sys
from typing import Annotated

import typer

from cli.options import HomeOption, LandingOption, settings_for
from nightly import stages


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Show or change the key of the pseudonyms.", rich_markup_mode=None)
    for command in (show, rotate):
        group.command()(command)
    app.add_typer(group, name="keys")


def show(home: HomeOption = None) -> None:
    """Print the id of the key in force, where it lies, and how many readings were made with which key."""
    found = stages.show_keys(settings_for(home))
    typer.echo(f"key {found.key_id} in {found.where}" if found.key_id else f"no key; it would lie in {found.where}")
    for key_id, count in sorted(found.readings.items()):
        typer.echo(
            f"{count} readings with key {key_id}" + ("" if key_id == found.key_id else ", which is not in force")
        )
    for one in found.rotations:
        when = f"finished on {one.finished_at:%Y-%m-%d}" if one.finished_at else "not finished: run `keys rotate`"
        typer.echo(f"{one.old_key_id} was replaced by {one.new_key_id}, {when}; {len(one.left_behind)} left behind")


def rotate(
    landing: LandingOption = None,
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and change nothing.")] = False,
    leave_behind: Annotated[
        bool,
        typer.Option(
            "--leave-behind",
            help="Go on without deliveries that are no longer in the landing zone: they keep the old key, and their "
            "persons can no longer be linked with those of other deliveries.",
        ),
    ] = False,
    from_stdin: Annotated[
        bool,
        typer.Option("--from-stdin", help="Ask for the new key, or read it from standard input. [default: make one]"),
    ] = False,
) -> None:
    """Put a new pseudonym key in force: every delivery with pseudonyms is read again from the landing zone.

    Not while a night runs. Stopped half-way, the same command goes on. Back the new key up apart from the data.
    """
    settings = settings_for(home, landing)
    if dry_run:
        plan = stages.plan_key_rotation(settings)
        typer.echo(f"{len(plan.files)} files would be read again, {len(plan.gone)} deliveries are gone")
        for file in plan.files:
            typer.echo(f"  read {file}")
        for name in plan.deliveries_gone:
            typer.echo(f"  gone {name}")
        return
    done = stages.rotate_key(settings, _offered() if from_stdin else None, leave_behind=leave_behind)
    typer.echo(f"key {done.new_key_id} is in force in {settings.key_file}; {done.old_key_id} is out of force")
    if done.left_behind:
        typer.echo(
            f"{len(done.left_behind)} readings keep the old key: their persons can no longer be linked with those of "
            "other deliveries"
        )
    typer.echo("Run `omraadetal nightly`; figures of persons are counted with the new pseudonyms from then on.")


def _offered() -> str:
    """A key as it was typed, never shown; or the first line of standard input."""
    if sys.stdin.isatty():
        return typer.prompt("New key (at least 32 characters)", hide_input=True, confirmation_prompt=True).strip()
    return sys.stdin.readline().strip()
