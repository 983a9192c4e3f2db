"""`omraadetal report`: the board's reports of the publication in force, and the edition that the board approved."""

from typing import Annotated

import typer

from cli.options import HomeOption, settings_for
from nightly import stages
from publish.pages import QUALITY_FILE
from vocabulary.states import YearKind


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    home: HomeOption = None,
    *,
    agreement_id: Annotated[
        str | None, typer.Option("--agreement", help="Which agreement. [default: the newest]", show_default=False)
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Which year; for an agreement year the one it starts in. [default: the current]"),
    ] = None,
    year_kind: Annotated[
        YearKind | None,
        typer.Option("--year-kind", help="What --year counts. [default: agreement]", show_default=False),
    ] = None,
    is_final: Annotated[
        bool, typer.Option("--final", help="Freeze the report as the edition that the board approved; needs --minutes.")
    ] = False,
    minutes: Annotated[
        str | None,
        typer.Option("--minutes", help="Where the approval stands, e.g. 'Bestyrelsesmøde 9.12.2025, punkt 4'."),
    ] = None,
) -> None:
    """Write the board's report of the publication in force as web page, PDF and Excel annex, and print where.

    Without a year: the current year of every agreement, and the quality page, as at the end of each night. Exit code 4
    when a report cannot be made; what is published stands.
    """
    if is_final != bool(minutes and minutes.strip()):
        raise typer.BadParameter("--final and --minutes belong together: an edition says where its approval stands.")
    settings = settings_for(home)
    asked = {"agreement_id": agreement_id, "year_kind": year_kind, "year": year}
    if is_final:
        edition, folder = stages.approve_report(settings, minutes.strip(), **asked)
        typer.echo(f"edition {edition.number} of {edition.year_label}, approved by: {edition.minutes}\n{folder}")
    elif any(value is not None for value in asked.values()):
        for path in stages.report_year(settings, **asked):
            typer.echo(path)
    else:
        page = stages.report(settings)
        for path in (page, page.with_suffix(".pdf"), page.with_suffix(".xlsx"), page.with_name(QUALITY_FILE)):
            typer.echo(path)
