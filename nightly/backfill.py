"""Nights that are run again or caught up: those that were missed, and past years as they stood when all was due."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from nightly.night import run_night
from vocabulary.errors import (
    AreaUnknown,
    BuildBlocked,
    NothingBuilt,
    OmraadetalError,
    RestatementsHeld,
    YearNotExpected,
)
from vocabulary.settings import Settings, local_date
from vocabulary.states import YearKind
from warehouse.connections import reading
from warehouse.journal import Journal
from warehouse.paths import PUBLICATION_FILE, Paths

log = logging.getLogger(__name__)

DUE = """
    select year, max(due_on) + 1 from agreement.expected_year where year_kind = ? and is_in_cadence
    group by all order by year
"""

STATES = """
    select value_state, count(*) from marts.fct_figure
    where year_kind = $year_kind and year = $year and (len($areas) = 0 or list_contains($areas, area_id))
    group by all order by all
"""


@dataclass(frozen=True)
class Asked:
    """One night: the day on which the system is asked, and the year that it is run for, if any."""

    as_of: date
    year_kind: YearKind | None = None
    year: int | None = None


@dataclass(frozen=True)
class Backfilled:
    """What became of a night. `states`: figures of its year by value state, in the areas that were asked for."""

    asked: Asked
    publication: Path | None = None
    problem: OmraadetalError | None = None
    states: dict[str, int] = field(default_factory=dict)


def missed_nights(settings: Settings, today: date) -> list[Asked]:
    """The days after the last publication, today included; today alone where nothing was published yet."""
    entries = Journal(Paths.of(settings).journal).entries()
    last = max((entry.as_of for entry in entries), default=today - timedelta(days=1))
    return [Asked(last + timedelta(days=number)) for number in range(1, (today - last).days + 1)]


def years_when_due(settings: Settings, year_kind: YearKind, years: Iterable[int], today: date) -> list[Asked]:
    """For each year the first day on which none of its figures was still to come, or today where some are.

    Raises NothingBuilt and YearNotExpected.
    """
    with _latest(settings) as connection:
        due = dict(connection.execute(DUE, [year_kind.value]).fetchall())
    wanted = sorted(set(years))
    unknown = [year for year in wanted if year not in due]
    if unknown:
        known = ", ".join(map(str, due)) or "none"
        raise YearNotExpected(years=", ".join(map(str, unknown)), year_kind=year_kind.value, known=known)
    return [Asked(min(due[year], today), year_kind, year) for year in wanted]


def require_areas(settings: Settings, areas: Sequence[str]) -> None:
    """Raises NothingBuilt and AreaUnknown."""
    if not areas:
        return
    with _latest(settings) as connection:
        known = [row[0] for row in connection.execute("select area_id from agreement.area order by all").fetchall()]
    if unknown := sorted(set(areas) - set(known)):
        raise AreaUnknown(areas=", ".join(unknown), known=", ".join(known))


def backfill_all(settings: Settings, year_kind: str, years: Sequence[int], areas: Sequence[str]) -> list[Path]:
    """Without years the nights that were missed, with years those; the publications and replays that were made.

    What became of each is logged. Raises what `years_when_due`, `require_areas` and a night raise; of nights that were
    blocked or held the last one's error, after all.
    """
    require_areas(settings, areas)
    today = local_date()
    nights = years_when_due(settings, YearKind(year_kind), years, today) if years else missed_nights(settings, today)
    done = []
    for one in backfill(settings, nights, areas, log.info):
        log.info("%s: %s %s", one.asked.as_of, one.problem or one.publication, one.states or "")
        done.append(one)
    problems = [one.problem for one in done if one.problem]
    if problems:
        raise problems[-1]
    return [one.publication for one in done if one.publication]


def backfill(
    settings: Settings,
    nights: Sequence[Asked],
    areas: Sequence[str] = (),
    progress: Callable[[str], None] = lambda line: None,
) -> Iterator[Backfilled]:
    """Run nights in turn. One that is blocked or held is told, and the next goes on, as it would the night after.

    Each is a night like any other: of a day before the publication in force it is a replay, which moves nothing.
    """
    for number, asked in enumerate(nights, start=1):
        progress(f"night {number} of {len(nights)}, as of {asked.as_of}")
        try:
            publication = run_night(settings, asked.as_of, progress).publication
        except (BuildBlocked, RestatementsHeld) as error:
            yield Backfilled(asked, problem=error)
            continue
        yield Backfilled(asked, publication, states=_states(publication, asked, areas))


def _states(publication: Path, asked: Asked, areas: Sequence[str]) -> dict[str, int]:
    if asked.year_kind is None:
        return {}
    wanted = {"year_kind": asked.year_kind.value, "year": asked.year, "areas": list(areas)}
    with reading(publication / PUBLICATION_FILE) as connection:
        return dict(connection.execute(STATES, wanted).fetchall())


def _latest(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    warehouse = Paths.of(settings).latest_warehouse
    if not warehouse.exists():
        raise NothingBuilt(path=settings.home)
    return reading(warehouse)
