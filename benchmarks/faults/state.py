"""What a HOME holds, told so that two can be compared; and what in it is lost, partial or left behind."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from benchmarks.faults.whole import problem_of_files
from vocabulary.settings import Settings
from warehouse.builds import Builds
from warehouse.journal import ENTRY_FILE, FIGURES_FILE, FLAGS_FILE, SHOWN_FILE, Journal
from warehouse.ledger import Ledger, reading_file
from warehouse.paths import Paths

A_DAY = 86_400
READINGS = ("raw", "quarantine", "quarantined_values", "withdrawals")
FIGURES = "select count(*), bit_xor(hash(figure)) from (from confidential.indicator_figure) as figure"
TABLES = """
    select table_schema || '.' || table_name as name from information_schema.tables where name <> 'quality.run'
"""
"""How nights went differs with each of them, and is meant to."""

ROWS = """
    select count(*), bit_xor(hash(published))
    from (select columns(name -> not ends_with(name, 'published_at')) from {table}) as published
"""
"""Of a published table, without the moments at which it was published."""


@dataclass(frozen=True)
class State:
    """What a night leaves: the publication in force, the journal, every delivery, every reading, every figure."""

    publication_id: str
    journal: tuple[str, ...]
    deliveries: tuple[str, ...]
    readings: dict[str, str]
    figures: tuple
    published: dict[str, tuple]

    def differences(self, other: "State") -> list[str]:
        """The names of what is not equal."""
        return [name for name in vars(self) if getattr(self, name) != getattr(other, name)]


def state_of(settings: Settings) -> State:
    """The state after a whole night."""
    paths, ledger = Paths.of(settings), Ledger.of(settings)
    current = paths.current.resolve()
    with duckdb.connect(str(paths.latest_warehouse.resolve()), read_only=True) as connection:
        figures = connection.execute(FIGURES).fetchone()
    with duckdb.connect(str(current / "omraadetal.duckdb"), read_only=True) as connection:
        named = connection.execute(TABLES).fetchall()
        published = {name: connection.execute(ROWS.format(table=name)).fetchone() for (name,) in sorted(named)}
    return State(
        publication_id=current.name,
        journal=tuple(entry.publication_id for entry in Journal(paths.journal).entries()),
        deliveries=tuple(record.model_dump_json(exclude={"read_at"}) for record in ledger.records()),
        readings={
            str(path.relative_to(settings.home)): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in READINGS
            for path in sorted((settings.home / folder).rglob("[!.]*.parquet"))
        },
        figures=figures,
        published=published,
    )


def lost_rows(settings: Settings) -> list[str]:
    """Deliveries whose rows are not all accounted for, or that the ledger has twice; a reading without its file."""
    ledger, found = Ledger.of(settings), []
    records = ledger.records()
    for record in records:
        told = f"{record.source_id}/{record.delivered_on}/{record.file_name}"
        parts = (record.rows_loaded, record.rows_quarantined, record.rows_duplicate)
        if record.rows_read != sum(parts) + record.rows_erased + record.rows_expired:
            found.append(f"{told}: {record.rows_read} rows read, {parts} kept, refused and repeated")
        for folder, rows in (("raw", record.rows_loaded), ("quarantine", record.rows_quarantined)):
            file = settings.home / folder / record.source_id / reading_file(record.reading_id)
            if record.has_raw and (not file.exists() or pq.read_metadata(file).num_rows != rows):
                found.append(f"{told}: {folder} does not hold its {rows} rows")
    counts = Counter((record.source_id, record.delivered_on, record.file_name) for record in records)
    return [*found, *(f"{delivery} is in the ledger {count} times" for delivery, count in counts.items() if count > 1)]


def partial(settings: Settings) -> list[str]:
    """Publications and entries of the journal that count as such and are not whole, or that stand there twice."""
    paths = Paths.of(settings)
    folders = [one for one in paths.publications.iterdir() if not one.name.startswith(".")]
    found = [problem for one in folders if (problem := problem_of_files(one))]
    try:
        entries = Journal(paths.journal).entries()
    except ValueError as error:
        return [*found, f"the journal cannot be read: {type(error).__name__}"]
    counts = Counter(entry.publication_id for entry in entries)
    found += [f"{name} is in the journal {count} times" for name, count in counts.items() if count > 1]
    for entry in entries:
        for name in (FIGURES_FILE, SHOWN_FILE, FLAGS_FILE):
            try:
                pq.read_metadata(Journal(paths.journal).path(entry, name))
            except (OSError, ValueError) as error:
                found.append(f"journal of {entry.publication_id}: {name}: {type(error).__name__}")
    return found


def left_behind(home: Path) -> list[str]:
    """What a whole night should have cleared away: hidden files and folders, entries and builds without a record."""
    paths = Paths(home)
    finished = {record.build_id for record in Builds(paths).newest_first()}
    unfinished = [one for one in paths.builds.iterdir() if one.name not in finished]
    entries = [one for one in paths.journal.glob("2*_*") if not (one / ENTRY_FILE).exists()]
    return sorted(str(one.relative_to(home)) for one in {*hidden(home), *unfinished, *entries})


def hidden(home: Path) -> Iterator[Path]:
    """Files and folders under names that nobody is meant to see; not the logs, which each night begins anew."""
    return (one for one in home.rglob(".*") if Paths(home).logs not in one.parents)


def let_a_day_pass(home: Path) -> None:
    """What was left behind is a day old when the next night comes."""
    then = time.time() - A_DAY
    for path in hidden(home):
        os.utime(path, (then, then), follow_symlinks=False)
