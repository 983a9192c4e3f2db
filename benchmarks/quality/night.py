"""Many worlds in one night: one landing zone, one ingest, one dbt build, one check; flags are told apart by name.

A night of one world takes nearly as long as a night of fifty, because most of it is the start of dbt. Beyond a hundred
a build runs out of the memory that it is given, because every world brings sources of its own.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.quality.deliveries import AS_OF
from benchmarks.quality.faults_of_promises import EARLIER
from benchmarks.quality.world import Flag, World
from benchmarks.quality.writing import write_definitions, write_deliveries
from nightly import stages
from vocabulary.errors import OmraadetalError
from vocabulary.settings import LOCAL_ZONE, Settings
from warehouse.connections import reading
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import Paths

KEY = "a key that hides nobody, since all are made up"
NIGHTS_AT_A_TIME = 2
MOST_WORLDS = 70

Tell = Callable[[str], None]


def silent(line: str) -> None:
    """Tell nobody."""


def tell_terminal(line: str) -> None:
    """Tell, and when. Nights are processes of their own, which find this function by its name here."""
    sys.stderr.write(f"{datetime.now(LOCAL_ZONE):%H:%M:%S}  {line}\n")
    sys.stderr.flush()


class NightFailed(Exception):
    """A stage of a night stopped with an error; nothing was found out about the checks."""


def flags_of(worlds: Sequence[World], folder: Path, tell: Tell = silent) -> set[Flag]:
    """Run as many nights as the worlds need in an empty folder, two at a time; every flag that they give.

    Raises NightFailed.
    """
    nights = -(-len(worlds) // MOST_WORLDS)
    # worlds with an earlier publication in one night, so that the others need no build for it
    ordered = sorted(worlds, key=lambda world: not world.was_published)
    size = -(-len(ordered) // nights)
    tell(f"{len(ordered)} worlds in {nights} nights")
    with ProcessPoolExecutor(NIGHTS_AT_A_TIME, mp_context=get_context("spawn")) as pool:
        done = [
            pool.submit(_flags_of_night, ordered[at : at + size], folder / f"night_{number}", f"night {number}", tell)
            for number, at in enumerate(range(0, len(ordered), size), 1)
        ]
        return set().union(*(one.result() for one in done))


def _flags_of_night(worlds: Sequence[World], folder: Path, name: str, tell: Tell) -> set[Flag]:
    logging.getLogger("ingest").setLevel(logging.ERROR)  # files that are refused were planted
    try:
        return _run_night(worlds, folder, name, tell)
    except OmraadetalError as error:  # errors of the catalogue do not travel between processes
        raise NightFailed(f"{name}: {error}") from None


def _run_night(worlds: Sequence[World], folder: Path, name: str, tell: Tell) -> set[Flag]:
    settings = _settings(folder)
    write_deliveries(worlds, folder / "landing")
    write_definitions(worlds, settings)
    found = stages.find_new(settings, AS_OF)
    tell(f"{name}: ingest {len(found.files)} files of {len(worlds)} worlds")
    stages.ingest_files(settings, found.files)
    published = [world for world in worlds if world.was_published]
    if published:
        tell(f"{name}: build as of {EARLIER}, the earlier publication of {len(published)} worlds")
        _publish_earlier(published, folder / "earlier", settings)
    tell(f"{name}: build as of {AS_OF}")
    build = stages.build_warehouse(settings, AS_OF)
    tell(f"{name}: check")
    stages.check(settings, build.build_id)
    with reading(Paths.of(settings).warehouse(build.build_id)) as connection:
        columns = ", ".join(Flag._fields)
        return {Flag(*row) for row in connection.execute(f"select {columns} from quality.flag").fetchall()}


def _settings(folder: Path) -> Settings:
    home = folder / "home"
    return replace(
        Settings.from_environment(home=home, landing=folder / "landing"),
        store=str(home),
        agreements=folder / "agreements",
        sources=folder / "sources",
        corrections=folder / "corrections",
        key=KEY,
    )


def _publish_earlier(worlds: Sequence[World], folder: Path, settings: Settings) -> None:
    """Enter into the journal what the worlds showed on an earlier day, from a build of that day over the same store.

    The journal is what a restatement is held against. A publication is not made: a world with a fault that blocks
    would have none.
    """
    before = replace(_settings(folder), store=settings.store)
    write_definitions(worlds, before)
    build = stages.build_warehouse(before, EARLIER)
    entry = JournalEntry(
        publication_id=f"{EARLIER}-00000000", as_of=EARLIER, published_at=datetime.now(UTC), build_id=build.build_id
    )
    with reading(Paths.of(before).warehouse(build.build_id)) as connection:
        figures = connection.sql("from confidential.indicator_figure")
        no_flag = connection.sql("select cast(null as varchar) as flag_code where false")
        Journal(Paths.of(settings).journal).append(entry, figures=figures, shown=figures, flags=no_flag)
