"""`omraadetal source …`: the first descriptor of a source that nobody has described yet."""

from pathlib import Path
from typing import Annotated

import typer

from agreements.areas import read_areas
from cli.options import settings_for
from ingest.drafts.draft import draft as drafted
from vocabulary.errors import DraftExists

app = typer.Typer(name="source", no_args_is_help=True, rich_markup_mode=None, help="Descriptors of sources.")


def register(parent: typer.Typer) -> None:
    parent.add_typer(app)


@app.callback()
def sources() -> None:
    """Descriptors of sources: how partners' files look, and what may become of each column (docs/sources.md)."""


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="A file as a partner delivers it.", exists=True, dir_okay=False)],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file, or the folder for <source_id>.yaml. [default: standard output]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a descriptor that exists.")] = False,
) -> None:
    """Write a first descriptor for a file, for you to edit: format, headings, types, and a careful treatment.

    What may be personal is drop, free_text or pseudonymise until you say otherwise. No cell is written but codes that
    stand in several rows and name no person. A night reads the file with it as it is.
    """
    text, source_id = drafted(file, read_areas(settings_for().agreements).housing_names)
    if out is None:
        typer.echo(text, nl=False)
        return
    target = out / f"{source_id}.yaml" if out.is_dir() else out
    if target.exists() and not force:
        raise DraftExists(path=target)
    target.write_text(text, encoding="utf-8")
    typer.echo(f"{target}: read every line, then deliver into <landing>/{source_id}/<YYYY-MM-DD>/.")
