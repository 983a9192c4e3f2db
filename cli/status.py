"""The command `omraadetal status`: what was delivered, which figures are there, what is due, what is flagged."""

from itertools import chain, islice
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.coverage import legend, lines
from cli.options import HomeOption, settings_for
from nightly.deliveries import refusal_of, remedy_of
from nightly.status import Scope, Status, look_up
from publish.coverage import arrange
from vocabulary.reason_catalogue import DOCUMENTED_IN
from vocabulary.states import Severity, YearKind

FLAGS_SHOWN = 15
GRID_LINES_SHOWN = 150


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(
    *,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only the figures of this agreement.")] = None,
    indicator: Annotated[str | None, typer.Option("--indicator", help="Only this indicator.")] = None,
    area: Annotated[str | None, typer.Option("--area", help="Only this area, for example alle_omraader.")] = None,
    year_kind: Annotated[YearKind | None, typer.Option("--year-kind", help="Only years of this kind.")] = None,
    grid: Annotated[
        bool, typer.Option("--grid/--no-grid", help="Indicator, area and year with state and flag.")
    ] = True,
    show_all: Annotated[
        bool, typer.Option("--all", help=f"Every flag, not the first {FLAGS_SHOWN}, and the whole grid.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Show what was delivered, which figures are there, what is due, and what is flagged."""
    console = Console(highlight=False, markup=False)
    found = look_up(settings_for(home), Scope(agreement, indicator, area, year_kind))
    deliveries = Table("Source", "Files", "Refused", "Latest", title="Delivered", title_justify="left")
    for source in found.sources:
        deliveries.add_row(source.source_id, str(source.files), str(len(source.refused)), str(source.latest))
    console.print(deliveries)
    _print_refusals(console, found, None if show_all else FLAGS_SHOWN)
    if found.as_of is None:
        console.print("Nothing has been built here yet: run `omraadetal nightly`.")
        return
    console.print(f"As of {found.as_of}; publication in force: {found.publication_id or 'none'}")
    if grid:
        _print_grids(console, found, None if show_all else GRID_LINES_SHOWN)
    due = Table("Indicator", "Year", "Areas", "State", "Due", title="Due and not there", title_justify="left")
    for row in found.due:
        due.add_row(row.indicator_id, row.year_label, row.areas, row.value_state, str(row.due_on))
    console.print(due if found.due else "Nothing that is due is missing.")
    _print_flags(console, found, None if show_all else FLAGS_SHOWN)


def _print_refusals(console: Console, found: Status, most: int | None) -> None:
    """Files that were refused and rows that were set aside, by their codes."""
    refused = [record for source in found.sources for record in source.refused]
    for record in refused[:most]:
        console.print(f"Refused {refusal_of(record)}\n  {remedy_of(record)}", soft_wrap=True)
    if len(refused[:most]) < len(refused):
        console.print(f"... {len(refused) - len(refused[:most])} more: omraadetal status --all")
    for source in found.sources:
        if source.set_aside:
            told = ", ".join(f"{count} {reason}" for reason, count in source.set_aside.items())
            console.print(f"Rows set aside of {source.source_id}: {told}", soft_wrap=True)
    if refused or any(source.set_aside for source in found.sources):
        console.print(f"What each code means: {DOCUMENTED_IN}")


def _print_grids(console: Console, found: Status, most: int | None) -> None:
    """The grids, cut after `most` lines."""
    told = list(islice(chain.from_iterable(lines(one, console.width) for one in arrange(found.coverage)), most))
    for line in told:
        console.print(line, no_wrap=True, crop=False, overflow="ignore")
    if len(told) == most:
        console.print("... more with --indicator, --area or --year-kind, or all of it with --all")
    for line in legend():
        console.print(line)


def _print_flags(console: Console, found: Status, most: int | None) -> None:
    shown = found.flags[:most]
    console.print("Flags: " + ", ".join(f"{found.counts.get(severity, 0)} {severity}" for severity in Severity))
    for flag in shown:
        console.print(f"  {flag.severity:6} {flag.flag_code:22} {flag.message}", soft_wrap=True)
    if len(shown) < len(found.flags):
        console.print(f"  ... {len(found.flags) - len(shown)} more: omraadetal status --all")
