"""`omraadetal person`: what is held of a person, as an answer that can be sent (right of access)."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.identity import SourceOption, ask_identity
from cli.options import HomeOption, LandingOption, settings_for
from ingest.finding import Found
from ingest.holding import HeldRow
from nightly import persons
from nightly.behind import figures_behind
from vocabulary.spreadsheet import spreadsheet_safe
from vocabulary.wording import date_da
from warehouse.paths import OWNER_ONLY_FILE

HEADINGS = ("kilde", "leveret", "fil", "ark", "række", "status", "oplysning", "værdi")


def register(app: typer.Typer) -> None:
    app.command()(person)


def person(
    *,
    source: SourceOption = None,
    delivered: Annotated[
        bool, typer.Option("--delivered", help="Also the whole rows as delivered, names and notes included.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", dir_okay=False, help="Write a CSV file for a spreadsheet that only you can read."),
    ] = None,
    landing: LandingOption = None,
    home: HomeOption = None,
) -> None:
    """Show what is held of a person, row by row, in Danish, to be sent to that person.

    The CPR number, or a source's own id, is asked for or read from standard input. What is shown is personal data.
    """
    settings = settings_for(home, landing)
    found = persons.search_person(settings, ask_identity(), source)
    rows = persons.held_of_person(settings, found, with_delivered=delivered)
    lines = list(_lines(rows))
    if out:
        _write(out, lines)
        typer.echo(f"{len(rows)} rows of the person: {out}")
    else:
        for *place, name, value in lines:
            typer.echo(" · ".join([*(part for part in place if part), f"{name}: {value}" if name else ""]).rstrip(" ·"))
    for sentence in _summary(found, rows, figures_behind(settings, rows)):
        typer.echo(sentence)


def _lines(rows: list[HeldRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        status = f"{row.held} ({row.reason_da})" if row.reason_da else str(row.held)
        place = (
            row.source_id,
            row.delivered_on.isoformat(),
            row.file_name,
            row.sheet or "",
            str(row.row_number),
            status,
        )
        told = [*row.values.items(), *((f"leveret: {name}", value) for name, value in row.delivered.items())]
        for name, value in told or [("", "")]:
            yield *place, name, value


def _summary(found: Found, rows: list[HeldRow], figures: dict[str, int]) -> Iterator[str]:
    if not rows:
        yield "Der er ingen oplysninger om dig i de leverede filer eller i det, der er læst af dem."
    else:
        first, last = min(row.delivered_on for row in rows), max(row.delivered_on for row in rows)
        files = {(row.source_id, row.delivered_on, row.file_name) for row in rows}
        yield (
            f"Der er {len(rows)} rækker om dig i {len(files)} leverede filer, "
            f"leveret fra {date_da(first)} til {date_da(last)}."
        )
    if figures:
        told = ", ".join(f"{name} ({count})" for name, count in figures.items())
        yield f"Rækkerne er talt med i {sum(figures.values())} opgjorte tal: {told}. Ingen af tallene nævner dig."
    for one in found.mentioned:
        yield f"Dit nummer står i teksten i andre rækker ({len(one.mentions)}) i {one.file}; en medarbejder ser på dem."
    for file in found.unread:
        yield f"{file} kunne ikke gennemsøges."


def _write(path: Path, lines: list[tuple[str, ...]]) -> None:
    """For the owner only; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([spreadsheet_safe(cell) for cell in line] for line in lines)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.getvalue().encode("utf-8-sig"))
