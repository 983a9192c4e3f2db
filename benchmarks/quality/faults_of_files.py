"""Faults of delivered files: rows, columns, totals, whole files."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from benchmarks.quality.deliveries import AREAS, FULL_YEARS, SESSION_HEADINGS, session_rows, sessions_file
from benchmarks.quality.fault import Place, fault
from benchmarks.quality.files import CsvFile, Damaged, Delivery
from benchmarks.quality.world import Flag, World
from vocabulary.flags import FlagCode

NUMBER, DAY, AREA, PERSON, THEME, BRIDGED, CONSENT, MINUTES = range(8)
"""The columns of a file of sessions."""


def session(world: World, place: Place, month: int, at: int) -> list[Any]:
    """The row of one session; every fault that needs a row for itself takes another month or number."""
    number = f"{place.year}-{month:02d}-{place.area_id}-{at}"
    return next(row for row in world.csv("samtaler", place.year).rows if row[NUMBER] == number)


def at_sessions(world: World, place: Place, code: FlagCode) -> Iterator[Flag]:
    yield world.flag_file(code, world.delivery("samtaler", place.year))


@fault(FlagCode.UNKNOWN_AREA_ROWS, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/areas"])
def a_row_of_an_area_that_nobody_knows(world: World, place: Place) -> Iterator[Flag]:
    session(world, place, month=1, at=1)[AREA] = "Østby"
    return at_sessions(world, place, FlagCode.UNKNOWN_AREA_ROWS)


@fault(FlagCode.OUTSIDE_PERIOD_ROWS, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/period"])
def a_row_of_another_year(world: World, place: Place) -> Iterator[Flag]:
    session(world, place, month=1, at=2)[DAY] = f"09-01-{place.year - 1}"
    return at_sessions(world, place, FlagCode.OUTSIDE_PERIOD_ROWS)


@fault(FlagCode.QUARANTINED_ROWS, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/dates"])
def a_row_of_a_day_that_does_not_exist(world: World, place: Place) -> Iterator[Flag]:
    session(world, place, month=1, at=3)[DAY] = f"31-02-{place.year}"
    return at_sessions(world, place, FlagCode.QUARANTINED_ROWS)


@fault(FlagCode.QUARANTINED_ROWS, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/fields"])
def a_row_with_a_field_too_many(world: World, place: Place) -> Iterator[Flag]:
    session(world, place, month=1, at=4).append("?")
    return at_sessions(world, place, FlagCode.QUARANTINED_ROWS)


@fault(FlagCode.CONFLICTING_DUPLICATE, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/duplicates"])
def a_session_twice_with_two_themes(world: World, place: Place) -> Iterator[Flag]:
    again = list(session(world, place, month=2, at=1))
    again[THEME] = "Helbred"
    world.csv("samtaler", place.year).rows.append(again)
    return at_sessions(world, place, FlagCode.CONFLICTING_DUPLICATE)


@fault(
    FlagCode.CONFLICTING_DUPLICATE,
    years=FULL_YEARS,
    areas=AREAS,
    claims=["samtaler/{year}/duplicates", "samtaler/{year}/day", "samtaler/{year}/{area}"],
)
def a_session_in_two_files_of_two_lengths(world: World, place: Place) -> Iterator[Flag]:
    loser = world.delivery("samtaler", place.year)
    again = list(session(world, place, month=2, at=3))[: len(SESSION_HEADINGS)]
    again[MINUTES] = "60"
    # by its name the later of the two, which counts
    more = Delivery("samtaler", loser.delivered_on, f"samtaler_{place.year}_mere.csv", sessions_file([again]))
    world.files("samtaler").insert(0, more)
    yield world.flag_file(FlagCode.CONFLICTING_DUPLICATE, loser)


@fault(FlagCode.PERSONAL_DATA_FOUND, years=FULL_YEARS, areas=AREAS, claims=["samtaler/{year}/themes"])
def a_telephone_number_in_a_theme(world: World, place: Place) -> Iterator[Flag]:
    session(world, place, month=2, at=2)[THEME] = "Ring på 70 10 10 10"
    return at_sessions(world, place, FlagCode.PERSONAL_DATA_FOUND)


@fault(FlagCode.CONTROL_TOTAL_MISMATCH, years=FULL_YEARS, claims=["samtaler/{year}/total"])
def a_total_that_is_too_high(world: World, place: Place) -> Iterator[Flag]:
    world.csv("samtaler", place.year).total_off = 3
    return at_sessions(world, place, FlagCode.CONTROL_TOTAL_MISMATCH)


@fault(FlagCode.SCHEMA_DRIFT, years=FULL_YEARS, claims=["samtaler/{year}/columns", "samtaler/{year}/fields"])
def a_column_that_nobody_announced(world: World, place: Place) -> Iterator[Flag]:
    file = world.csv("samtaler", place.year)
    file.headings.append("Ny kolonne")
    for row in file.rows:
        row.append("x")
    return at_sessions(world, place, FlagCode.SCHEMA_DRIFT)


@fault(FlagCode.SCHEMA_DRIFT, claims=["arrangementer/sheets"])
def a_sheet_that_nobody_announced(world: World, _: Place) -> Iterator[Flag]:
    world.workbook("arrangementer", 2023).sheets["Noter"] = [["Husk kaffe"]]
    yield world.flag_file(FlagCode.SCHEMA_DRIFT, world.delivery("arrangementer", 2023))


def one_more_file(world: World, like: Delivery, file_name: str, file: CsvFile | Damaged) -> Iterator[Flag]:
    """A file beside a good one that cannot be used."""
    extra = Delivery(like.source, like.delivered_on, file_name, file)
    world.files(like.source).insert(0, extra)
    yield world.flag_file(FlagCode.UNREADABLE_FILE, extra)


@fault(FlagCode.UNREADABLE_FILE, years=FULL_YEARS, claims=["samtaler/{year}/day"])
def a_file_without_a_column_that_is_needed(world: World, place: Place) -> Iterator[Flag]:
    like = world.delivery("samtaler", place.year)
    file = deepcopy(world.csv("samtaler", place.year))
    file.headings[DAY] = "Tidspunkt"
    return one_more_file(world, like, f"uden_dato_{place.year}.csv", file)


@fault(FlagCode.UNREADABLE_FILE, years=FULL_YEARS, claims=["samtaler/{year}/day", "samtaler_i_aar.csv"])
def a_file_whose_name_tells_no_year(world: World, place: Place) -> Iterator[Flag]:
    like = world.delivery("samtaler", place.year)
    # a content of its own: one that is read already is not read again
    file = Damaged(like.file.content() + f"{place.year}\r\n".encode())
    return one_more_file(world, like, "samtaler_i_aar.csv", file)


@fault(FlagCode.UNREADABLE_FILE)
def a_workbook_that_is_cut_off(world: World, _: Place) -> Iterator[Flag]:
    like = world.delivery("noegletal")
    return one_more_file(world, like, "noegletal_igen.xlsx", Damaged(like.file.content()[:500]))


@fault(FlagCode.UNREADABLE_FILE)
def a_folder_of_no_known_source(world: World, _: Place) -> Iterator[Flag]:
    unknown = Delivery("ukendt", date(2023, 1, 15), "samtaler.csv", sessions_file(session_rows(FULL_YEARS[0])))
    world.files("ukendt").append(unknown)
    yield world.flag_file(FlagCode.UNREADABLE_FILE, unknown)
