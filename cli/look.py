"""The commands that look and change nothing: status, explain, peek."""

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.options import HomeOption, settings_for
from ingest.peek import FORMATS, headings
from ingest.peek import peek as peek_into
from nightly.explain import Explanation, explain_figure
from nightly.status import Status, look_up
from vocabulary.states import LABELS_DA, Severity
from vocabulary.wording import date_da, number_da
from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER

FLAGS_SHOWN = 15


def register(app: typer.Typer) -> None:
    for command in (status, explain, peek):
        app.command()(command)


def status(
    home: HomeOption = None,
    show_all: Annotated[bool, typer.Option("--all", help=f"Every flag, not the first {FLAGS_SHOWN}.")] = False,
) -> None:
    """Show what was delivered, what is due, and what is flagged."""
    console = Console(highlight=False, markup=False)
    found: Status = look_up(settings_for(home))
    deliveries = Table("Source", "Files", "Refused", "Latest", title="Delivered", title_justify="left")
    for source in found.sources:
        deliveries.add_row(source.source_id, str(source.files), str(source.refused), str(source.latest))
    console.print(deliveries)
    if found.as_of is None:
        console.print("Nothing has been built here yet: run `omraadetal nightly`.")
        return
    console.print(f"As of {found.as_of}; publication in force: {found.publication_id or 'none'}")
    due = Table("Indicator", "Year", "Areas", "State", "Due", title="Due and not there", title_justify="left")
    for row in found.due:
        due.add_row(row.indicator_id, row.year_label, row.areas, row.value_state, str(row.due_on))
    console.print(due if found.due else "Nothing that is due is missing.")
    shown = found.flags if show_all else found.flags[:FLAGS_SHOWN]
    console.print("Flags: " + ", ".join(f"{found.counts.get(severity, 0)} {severity}" for severity in Severity))
    for flag in shown:
        console.print(f"  {flag.severity:6} {flag.flag_code:22} {flag.message}", soft_wrap=True)
    if len(shown) < len(found.flags):
        console.print(f"  ... {len(found.flags) - len(shown)} more: omraadetal status --all")


def explain(
    indicator: Annotated[str, typer.Argument(help="Indicator id, for example brobygningssamtaler.")],
    area: Annotated[str, typer.Argument(help="Area id, for example ringparken or alle_omraader.")],
    year: Annotated[str, typer.Argument(help="2022, or 2021/22 for an agreement year.")],
    agreement: Annotated[str | None, typer.Option("--agreement", help="Which agreement, if several.")] = None,
    home: HomeOption = None,
) -> None:
    """Explain a published figure: its definition, its files and rows, its history."""
    console = Console(highlight=False, markup=False)
    found: Explanation = explain_figure(settings_for(home), indicator, area, year, agreement)
    value = number_da(found.value) if found.value is not None else LABELS_DA["value_state"][found.value_state]
    console.print(f"{found.indicator_name}, {found.area_name}, {found.year_label}: {value}", style="bold")
    if found.ci_low is not None:
        console.print(f"95 % interval {number_da(found.ci_low, 1)} to {number_da(found.ci_high, 1)}, n = {found.n}")
    console.print(f"Definition {found.definition_version}: {found.definition_da}", soft_wrap=True)
    if found.quote:
        console.print(f"Agreement: «{found.quote}»", soft_wrap=True)
    files = Table("Delivered", "File", "Rows behind the figure", title="Files", title_justify="left")
    for delivered_on, file_name, rows in found.files:
        files.add_row(str(delivered_on), file_name, number_da(rows))
    console.print(files if found.files else "No delivered row stands behind it.")
    history = Table("First published", "Value", "State", "Publication", title="History", title_justify="left")
    for published_at, old_value, state, publication_id in found.history:
        history.add_row(date_da(published_at), number_da(old_value), state, publication_id)
    console.print(history)
    for severity, message in found.flags:
        console.print(f"{severity}: {message}", soft_wrap=True)


def peek(
    files: Annotated[list[Path], typer.Argument(help="Files to look into.", exists=True, dir_okay=False)],
    file_format: Annotated[
        str | None, typer.Option("--format", help=f"Read as {', '.join(FORMATS)}. [default: by suffix]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", file_okay=False, help="Also write each table as UTF-8 CSV into this folder.")
    ] = None,
) -> None:
    """Show how files are read: format, dialect, columns, rows. Needs no warehouse; prints no cell.

    What --out writes is whole, personal data included; only you can read it.
    """
    for place, path in enumerate(files, 1):
        for number, table in enumerate(peek_into(path, file_format), 1):
            typer.echo(f"{path.name} [{table.table}]: {table.format} ({table.dialect}), {len(table.rows)} rows")
            typer.echo("  " + headings(table.columns))
            if out:
                out.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
                target = out / f"{path.stem}_{place}_{number}.csv"
                target.touch(mode=OWNER_ONLY_FILE)
                with target.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([table.columns, *table.rows])
