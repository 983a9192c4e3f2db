"""`omraadetal peek`: how files are read, and their tables as one kind of CSV."""

import csv
import io
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from ingest.file_names import visible
from ingest.peek import FORMATS, Peek, column_kinds, headings
from ingest.peek import peek as peek_into
from vocabulary.errors import FormatUnknown, PeekNotWritten, PeekStopped
from vocabulary.settings import ReadingSettings
from warehouse.paths import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER

MOST_NAME_BYTES = 240
"""A file system takes 255, and a suffix is to come."""


class Output(StrEnum):
    """What to write."""

    CSV = "csv"


def register(app: typer.Typer) -> None:
    app.command()(peek)


def peek(
    files: Annotated[list[Path], typer.Argument(help="Files to look into, or folders of files.", exists=True)],
    output: Annotated[
        Output | None,
        typer.Option("--format", help="csv: the whole table as read, as UTF-8 CSV with commas, on standard output."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", file_okay=False, help="Write <file name>.csv for each into this folder.")
    ] = None,
    read_as: Annotated[
        str | None, typer.Option("--as", help=f"Read as {', '.join(FORMATS)}. [default: by content]")
    ] = None,
) -> None:
    """Show how files are read: format, dialect, columns, kinds, rows, what is odd. Needs no warehouse; prints no cell.

    With --format csv it writes the table instead: all cells as text, the headings first (col_0, col_1 … where there are
    none), rows with fewer cells filled up, rows with more kept whole. It is whole, personal data included; what --out
    writes only you can read. Its cells are as delivered: open it as text, since a spreadsheet would run a cell that
    begins with «=».
    """
    paths = [path for given in files for path in _files_of(given)]
    settings = ReadingSettings.from_environment()
    if output and not out:
        if len(paths) != 1:
            raise typer.BadParameter("several files need a folder to be written to.", param_hint="--out")
        _print(peek_into(paths[0], read_as, settings))
        return
    failed, taken = [], set()
    for path in paths:
        try:
            tables = peek_into(path, read_as, settings)
        except (FormatUnknown, PeekStopped) as error:
            if len(paths) == 1:
                raise
            typer.echo(str(error), err=True)
            failed.append(visible(path.name))
            continue
        for table in tables:
            _tell(path, table)
        if out:
            _write(out, path, tables, taken)
    if failed:
        raise PeekNotWritten(count=len(failed), files=", ".join(failed))


def write_csv(table: Peek, file: BinaryIO) -> None:
    """UTF-8, comma, quotes where they are needed, LF. Nothing for a file without content."""
    text = io.TextIOWrapper(file, encoding="utf-8", errors="surrogatepass", newline="")
    writer = csv.writer(text, lineterminator="\n")
    if table.columns:
        writer.writerow(table.columns)
    writer.writerows([cell or "" for cell in row] for row in table.rows)
    text.detach()  # and not closed: others write on


def _files_of(given: Path) -> Iterator[Path]:
    if given.is_dir():
        yield from sorted(path for path in given.rglob("*") if path.is_file() and not path.name.startswith("."))
    else:
        yield given


def _print(tables: list[Peek]) -> None:
    first, *others = sorted(tables, key=lambda table: not table.rows) or [None]
    if first:
        write_csv(first, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    for table in others:
        typer.echo(f"not written: the table {visible(table.table)}; --out writes all of them", err=True)


def _tell(path: Path, table: Peek) -> None:
    name = f"{visible(path.name)} [{visible(table.table)}]"
    typer.echo(f"{name}: {table.format} ({table.dialect}), {len(table.rows)} rows")
    typer.echo("  " + (visible(headings(table.columns)) if table.has_headings else f"({len(table.columns)} columns)"))
    if table.rows:
        typer.echo("  " + " | ".join(column_kinds(table)))
    for note in table.notes:
        typer.echo(f"  note: {note}")


def _fitting(stem: str) -> str:
    """The name, cut where a number and a suffix would not fit behind it."""
    return os.fsdecode(os.fsencode(stem)[:MOST_NAME_BYTES]) if len(os.fsencode(stem)) > MOST_NAME_BYTES else stem


def _write(out: Path, path: Path, tables: list[Peek], taken: set[str]) -> None:
    """The first table under the file's name, further ones with theirs beside it; a name that is taken gets a number."""
    out.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    for place, table in enumerate(tables):
        stem = path.name if place == 0 else f"{path.name}.{table.table.replace('/', '_')}"
        stem = _fitting(stem)
        name = next(one for one in (stem, *(f"{stem}_{at}" for at in range(2, 10**6))) if one not in taken)
        taken.add(name)
        target = out / f"{name}.csv"
        target.touch(mode=OWNER_ONLY_FILE)
        with target.open("wb") as file:
            write_csv(table, file)
