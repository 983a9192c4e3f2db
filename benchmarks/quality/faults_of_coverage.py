"""Faults of what deliveries stand for: files that did not come, came late, or came before the year was over."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from benchmarks.quality.deliveries import AREAS, FULL_YEARS, INCOME, MUNICIPALITY, WAVES
from benchmarks.quality.fault import Place, fault
from benchmarks.quality.faults_of_files import DAY
from benchmarks.quality.world import ALL_AREAS, Flag, World
from vocabulary.flags import FlagCode

FIGURES_OF_SESSIONS = ("brobygninger", "deltagere", "minutter")
EARLY_MONTH = 12
"""A file that is delivered on the first day of this month holds nothing of the rest of its year."""

MONTHS_WITHOUT = dict(zip(FULL_YEARS, range(6, 9), strict=True))


def year_of(source: str, place: Place, code: FlagCode, world: World) -> set[Flag]:
    """A flag at every figure from a source whose year overlaps the place's calendar year."""
    return world.flags_between(code, source, date(place.year, 1, 1), date(place.year, 12, 31))


@fault(FlagCode.MISSING_FIGURE, years=WAVES, claims=["spoergeskema", "tryghed", "andele"])
def a_wave_that_did_not_come(world: World, place: Place) -> Iterable[Flag]:
    world.files("spoergeskema").remove(world.delivery("spoergeskema", place.year))
    return year_of("spoergeskema", place, FlagCode.MISSING_FIGURE, world)


@fault(FlagCode.MISSING_FIGURE, years=FULL_YEARS, claims=["arrangementer", "andele/arrangementer"])
def a_year_whose_workbook_did_not_come(world: World, place: Place) -> Iterable[Flag]:
    files = world.files("arrangementer")
    files[:] = [one for one in files if str(place.year) not in one.file_name]
    return year_of("arrangementer", place, FlagCode.MISSING_FIGURE, world)


@fault(FlagCode.MISSING_FIGURE, years=FULL_YEARS, areas=AREAS, claims=["noegletal/beboere/{area}"])
def two_dots_where_residents_should_be(world: World, place: Place) -> Iterator[Flag]:
    world.table("noegletal").set("Beboere", place.area, place.year, "..")
    yield world.flag_figure(FlagCode.MISSING_FIGURE, "beboere", place.area_id, place.year)
    # the one total that is made by adding areas
    yield world.flag_figure(FlagCode.MISSING_FIGURE, "beboere", ALL_AREAS, place.year)


@fault(FlagCode.MISSING_FIGURE, years=FULL_YEARS, areas=AREAS, claims=["noegletal/boliger/{year}"])
def two_dots_where_dwellings_should_be(world: World, place: Place) -> Iterator[Flag]:
    world.table("noegletal").set("Boliger", place.area, place.year, "..")
    yield world.flag_figure(FlagCode.MISSING_FIGURE, "boliger", place.area_id, place.year)


@fault(FlagCode.MISSING_FIGURE, years=FULL_YEARS, claims=["register/egestad"])
def two_dots_where_an_income_should_be(world: World, place: Place) -> Iterator[Flag]:
    world.table("register").set(INCOME, MUNICIPALITY, place.year, "..")
    yield world.flag_figure(FlagCode.MISSING_FIGURE, "indkomst", "egestad", place.year)


@fault(FlagCode.INCOMPLETE_PERIOD, years=FULL_YEARS, claims=["samtaler/{year}/day", *FIGURES_OF_SESSIONS])
def a_file_that_was_made_before_the_year_was_over(world: World, place: Place) -> Iterable[Flag]:
    delivery = world.delivery("samtaler", place.year)
    delivery.delivered_on = date(place.year, EARLY_MONTH, 1)
    file = world.csv("samtaler", place.year)
    file.rows = [row for row in file.rows if int(str(row[DAY])[3:5]) < EARLY_MONTH]
    first = delivery.delivered_on + timedelta(days=1)
    return world.flags_between(FlagCode.INCOMPLETE_PERIOD, "samtaler", first, date(place.year, 12, 31))


@fault(FlagCode.LATE_DELIVERY, years=FULL_YEARS, claims=["samtaler/{year}/day"])
def sessions_too_late_for_the_agreement_year(world: World, place: Place) -> Iterator[Flag]:
    # the agreement year that ended in September was due on 28 January, the calendar year on 30 April
    delivery = world.delivery("samtaler", place.year)
    delivery.delivered_on = date(place.year + 1, 2, 10)
    yield world.flag_file(FlagCode.LATE_DELIVERY, delivery, year_kind="agreement", year=place.year - 1)


@fault(FlagCode.LATE_DELIVERY, years=FULL_YEARS, claims=["arrangementer/{year}"])
def events_too_late(world: World, place: Place) -> Iterator[Flag]:
    delivery = world.delivery("arrangementer", place.year)
    delivery.delivered_on = date(place.year + 1, 3, 10)
    yield world.flag_file(FlagCode.LATE_DELIVERY, delivery, year_kind="calendar", year=place.year)


@fault(FlagCode.LATE_DELIVERY, years=WAVES, claims=["spoergeskema/{year}/day"])
def a_wave_too_late(world: World, place: Place) -> Iterator[Flag]:
    delivery = world.delivery("spoergeskema", place.year)
    delivery.delivered_on = date(place.year + 1, 3, 20)
    yield world.flag_file(FlagCode.LATE_DELIVERY, delivery, year_kind="calendar", year=place.year)


@fault(FlagCode.MONTH_GAP, years=FULL_YEARS, claims=["samtaler/{year}/month"])
def a_month_without_a_session(world: World, place: Place) -> Iterator[Flag]:
    # another month each year: one that is empty every year is a summer closure
    month = f"{MONTHS_WITHOUT[place.year]:02d}-{place.year}"
    file = world.csv("samtaler", place.year)
    file.rows = [row for row in file.rows if not str(row[DAY]).endswith(month)]
    detail = f"{place.year}-{MONTHS_WITHOUT[place.year]:02d}"
    yield Flag(FlagCode.MONTH_GAP.value, year_kind="calendar", year=place.year, source_id="samtaler", detail=detail)
