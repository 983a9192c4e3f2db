"""Many readers at once while publications are swapped: what they wait, and whether an answer ever is of two."""

import json
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import duckdb
import psycopg
from numpy.random import Generator, default_rng

from benchmarks.reading_sides import Ask, Side
from publish.contract import CONTRACT_FILE
from warehouse.connections import literal, quoted, reading, writing
from warehouse.paths import PUBLICATION_FILE
from warehouse.publications import RECORD_FILE, read_publication

FIGURES = "marts.indicator_by_area_year"
PLACES = f"select distinct agreement_id, indicator_id, area_id, year_kind, year from {FIGURES} order by all"

QUERIES = {
    "target status": f"select publication_id, area_id, target_status, count(*) from {FIGURES} "
    "where agreement_id = {agreement_id} and year_kind = {year_kind} and year = {year} "
    "group by publication_id, area_id, target_status",
    "series": "select publication_id, year_kind, year, value, ci_low, ci_high, value_state, target_value "
    f"from {FIGURES} where agreement_id = {{agreement_id}} and indicator_id = {{indicator_id}} "
    "and area_id = {area_id} order by year_kind, year",
    "by area": "select figure.publication_id, area.area_name, figure.value, figure.value_state "
    f"from {FIGURES} as figure inner join marts.dim_area as area on figure.area_id = area.area_id "
    "where agreement_id = {agreement_id} and indicator_id = {indicator_id} and year_kind = {year_kind} "
    "and year = {year} order by area.sort_order, area.area_name",
    "flags": "select publication_id, severity, flag_code, count(*) from quality.flag "
    "group by publication_id, severity, flag_code order by severity, flag_code",
    "history": "select valid_from_publication, area_id, year_kind, year, value from marts.figure_history "
    "where agreement_id = {agreement_id} and indicator_id = {indicator_id} and valid_to_publication is null",
}
"""What a dashboard asks, the same text of both sides; the first column is the publication that a row is of."""

WHOLE_PAGES = 1 / 6
"""How often all of them are asked in one transaction: they must be of one publication together."""

MOST_PAGES = 200

THINKING_SECONDS = 0.1
"""What a reader looks at an answer, on average, before it asks again."""

READER_ERRORS = (psycopg.Error, duckdb.Error, OSError)


@dataclass
class Phase:
    """What readers met in a stretch of time; `answers` are seconds from question to last row."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: int = 0

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def milliseconds(self, percent: int) -> float:
        return 1000 * quantiles(self.answers, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class Served:
    """One side: without swaps and with; `swaps` are the seconds of each swap, `seen` how many publications were met."""

    name: str
    quiet: Phase
    swapping: Phase
    swaps: list[float]
    seen: int


def variants(publication: Path, folder: Path, number: int) -> list[Path]:
    """Copies of a publication under other ids, which each of their rows carries: as many as told."""
    return [_variant(publication, folder / f"2025-11-01-{at:08x}") for at in range(number)]


def _variant(publication: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in (PUBLICATION_FILE, RECORD_FILE, CONTRACT_FILE):
        shutil.copyfile(publication / name, folder / name)
    with writing(folder / PUBLICATION_FILE) as connection:
        stamped = connection.execute(
            "select table_schema, table_name from information_schema.columns "
            "where column_name = 'publication_id' order by all"
        ).fetchall()
        for schema, table in stamped:
            connection.execute(f"update {quoted(schema)}.{quoted(table)} set publication_id = ?", [folder.name])
        connection.execute(
            "update marts.figure_history set valid_from_publication = ? where valid_to_publication is null",
            [folder.name],
        )
    record = {**read_publication(publication), "publication_id": folder.name}
    (folder / RECORD_FILE).write_text(json.dumps(record))
    return folder


def serve(side: Side, publications: Sequence[Path], *, readers: int, swaps: int, seconds: float) -> Served:
    """Let readers ask for `seconds` without a swap, then while `swaps` publications come into force in turn.

    Between swaps there is a pause of `seconds` / `swaps`. Every answer is held against the number of rows that the
    publications have, which are all the same but for their ids.
    """
    side.show(publications[0])
    watched = _Watched(side, publications[0])
    threads = [threading.Thread(target=watched.read, args=(number,), daemon=True) for number in range(readers)]
    for thread in threads:
        thread.start()
    took: list[float] = []
    try:
        watched.begin(watched.quiet)
        time.sleep(seconds)
        watched.begin(watched.swapping)
        for publication in islice(cycle([*publications[1:], publications[0]]), swaps):
            started = time.perf_counter()
            side.show(publication)
            took.append(time.perf_counter() - started)
            time.sleep(seconds / swaps)
    finally:
        watched.end()
        for thread in threads:
            thread.join()
    return Served(side.name, watched.quiet, watched.swapping, took, len(watched.seen))


def _places(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Some figures by their grain, as SQL literals."""
    found = connection.execute(PLACES)
    names = [column[0] for column in found.description]
    places = [{name: literal(value) for name, value in zip(names, row, strict=True)} for row in found.fetchall()]
    return [places[at] for at in default_rng(0).permutation(len(places))[:MOST_PAGES]]


def _page(connection: duckdb.DuckDBPyConnection, place: dict[str, str]) -> list[tuple[str, int]]:
    """The queries about a figure and how many rows each has."""
    queries = [query.format(**place) for query in QUERIES.values()]
    return [(query, len(connection.execute(query).fetchall())) for query in queries]


class _Watched:
    """What all readers of a side share: where they write down what they met."""

    def __init__(self, side: Side, publication: Path) -> None:
        self.side, self.seen = side, set[str]()
        self.warm_up, self.quiet, self.swapping = Phase(), Phase(), Phase()
        self._phase, self._since, self._ended = self.warm_up, time.perf_counter(), False
        with reading(publication / PUBLICATION_FILE) as connection:
            self.pages = [_page(connection, place) for place in _places(connection)]

    def begin(self, phase: Phase) -> None:
        now = time.perf_counter()
        self._phase.seconds, self._since, self._phase = now - self._since, now, phase

    def end(self) -> None:
        self.begin(Phase())
        self._ended = True

    def read(self, number: int) -> None:
        """One reader until the end: asks, notes, and connects again after an error."""
        drawn = default_rng(number)
        while not self._ended:
            try:
                with self.side.reader() as ask:
                    while not self._ended:
                        self._ask(ask, drawn)
                        time.sleep(drawn.uniform(0, 2 * THINKING_SECONDS))
            except READER_ERRORS as error:
                self._phase.errors.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")

    def _ask(self, ask: Ask, drawn: Generator) -> None:
        page = self.pages[drawn.integers(len(self.pages))]
        queries = page if drawn.random() < WHOLE_PAGES else [page[drawn.integers(len(page))]]
        phase, started = self._phase, time.perf_counter()
        answers = ask([query for query, _ in queries])
        phase.answers.append(time.perf_counter() - started)
        ids = {row[0] for rows in answers for row in rows}
        self.seen |= ids
        is_whole = [len(rows) for rows in answers] == [count for _, count in queries]
        phase.mixed += len(ids) > 1 or not is_whole
