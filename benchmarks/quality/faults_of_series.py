"""Faults that only the figures show: series that make no sense, sources that do not agree with each other."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.quality.deliveries import (
    AREAS,
    AS_OF,
    COUNTED_YEARS,
    FULL_YEARS,
    INCOME,
    MUNICIPALITY,
    PEERS,
    TABLE_YEARS,
    WAVES,
)
from benchmarks.quality.fault import Place, fault
from benchmarks.quality.faults_of_files import BRIDGED, CONSENT, MINUTES, NUMBER, PERSON, session
from benchmarks.quality.world import ALL_AREAS, Flag, World, years_of
from vocabulary.flags import FlagCode

JUDGED_YEARS = FULL_YEARS[2:]
"""Full years of the agreement that have two full years before them: the change against both is what is judged."""

RESPONDENT, ANSWER_AREA, WEIGHT, ANSWER = range(4)
"""The columns of a file of answers."""

WHOLE_YEAR = timedelta(days=364)
MORE_SESSIONS = 120
KEPT_OF_EACH = 6
FEW_RESIDENTS = 20
"""Fewer than the 24 residents a year who come to sessions."""

SMALL_BASE_CLAIMS = ("tryghed/{area}", "spoergeskema/{year}/base", "andele/{area}/{year}")
"""One small base in a wave: with two of them the base of all areas together would be small as well."""


def sessions_in(world: World, place: Place) -> list[list]:
    """By their numbers: another fault may have changed the area of one."""
    return [row for row in world.csv("samtaler", place.year).rows if f"-{place.area_id}-" in row[NUMBER]]


def answers_in(world: World, place: Place) -> list[list]:
    return [row for row in world.csv("spoergeskema", place.year).rows if row[ANSWER_AREA] == place.area]


@fault(
    FlagCode.ZERO_SUSPECTED,
    years=FULL_YEARS,
    areas=AREAS,
    claims=["brobygninger/{area}", "samtaler/{year}/{area}/bridged"],
)
def a_year_in_which_nothing_was_marked_as_bridged(world: World, place: Place) -> Iterator[Flag]:
    for row in sessions_in(world, place):
        row[BRIDGED] = "Nej"
    yield world.flag_figure(FlagCode.ZERO_SUSPECTED, "brobygninger", place.area_id, place.year)


@fault(
    FlagCode.ZERO_SUSPECTED,
    years=FULL_YEARS,
    areas=AREAS,
    claims=["deltagere/{area}", "samtaler/{year}/{area}/consent"],
)
def a_year_in_which_nobody_was_told_apart(world: World, place: Place) -> Iterator[Flag]:
    # unnamed as well: whoever withdraws a consent takes it out of the years before
    for row in sessions_in(world, place):
        row[PERSON], row[CONSENT] = "", "Nej"
    yield world.flag_figure(FlagCode.ZERO_SUSPECTED, "deltagere", place.area_id, place.year)


@fault(FlagCode.ZERO_SUSPECTED, years=FULL_YEARS, claims=["register/egestad"])
def an_income_of_nothing(world: World, place: Place) -> Iterator[Flag]:
    world.table("register").set(INCOME, MUNICIPALITY, place.year, 0)
    yield world.flag_figure(FlagCode.ZERO_SUSPECTED, "indkomst", "egestad", place.year)


@fault(FlagCode.ZERO_SUSPECTED, years=FULL_YEARS, claims=["register/peer"])
def an_income_of_nothing_among_the_peers(world: World, place: Place) -> Iterator[Flag]:
    peer = PEERS[place.year % len(PEERS)]
    world.table("register").set(INCOME, peer, place.year, 0)
    flag = world.flag_figure(FlagCode.ZERO_SUSPECTED, "indkomst", "", place.year)
    yield flag._replace(area_id=None, detail=peer)


@fault(
    FlagCode.JUMP,
    years=JUDGED_YEARS,
    areas=AREAS,
    claims=["brobygninger/{area}", "samtaler/{year}/{area}/more"],
)
def four_times_as_many_sessions(world: World, place: Place) -> Iterator[Flag]:
    like = session(world, place, month=5, at=1)
    for number in range(MORE_SESSIONS):
        row = list(like)
        row[NUMBER], row[PERSON], row[CONSENT], row[MINUTES] = f"{row[NUMBER]}-{number}", "", "Nej", ""
        world.csv("samtaler", place.year).rows.append(row)
    yield world.flag_figure(FlagCode.JUMP, "brobygninger", place.area_id, place.year)


@fault(FlagCode.JUMP, years=FULL_YEARS, areas=AREAS, claims=["noegletal/beboere/{area}"])
def residents_counted_twice(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    table.set("Beboere", place.area, place.year, 2 * table.get("Beboere", place.area, place.year))
    yield world.flag_figure(FlagCode.JUMP, "beboere", place.area_id, place.year)


@fault(FlagCode.JUMP, years=FULL_YEARS, areas=AREAS, claims=["noegletal/boliger"])
def dwellings_counted_twice_where_none_was_built(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    dwellings = table.get("Boliger", place.area, place.year)
    for counted in (place.area, "Alle"):  # the total, too, so that the areas add up to it
        table.set("Boliger", counted, place.year, table.get("Boliger", counted, place.year) + dwellings)
    yield world.flag_figure(FlagCode.JUMP, "boliger", place.area_id, place.year)


@fault(FlagCode.JUMP, years=FULL_YEARS, claims=["register/egestad"])
def an_income_that_leaves_its_peers(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("register")
    table.set(INCOME, MUNICIPALITY, place.year, round(1.4 * table.get(INCOME, MUNICIPALITY, place.year)))
    yield world.flag_figure(FlagCode.JUMP, "indkomst", "egestad", place.year)


@fault(FlagCode.JUMP, years=(2023,), areas=AREAS, claims=["tryghed/{area}", "tryghed/instrument", "andele/{area}/2023"])
def many_more_who_feel_safe(world: World, place: Place) -> Iterator[Flag]:
    unsafe = [row for row in answers_in(world, place) if row[ANSWER] in ("Utryg", "Meget utryg")]
    for row in unsafe[:24]:
        row[ANSWER] = "Tryg"
    yield world.flag_figure(FlagCode.JUMP, "tryghed", place.area_id, place.year)


@fault(FlagCode.AREA_SUM_MISMATCH, years=FULL_YEARS, claims=["noegletal/boliger/{year}"])
def a_total_that_the_areas_do_not_add_up_to(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    table.set("Boliger", "Alle", place.year, table.get("Boliger", "Alle", place.year) + 7)
    yield world.flag_figure(FlagCode.AREA_SUM_MISMATCH, "boliger", ALL_AREAS, place.year)


@fault(FlagCode.SOURCE_DISAGREEMENT, years=WAVES[:2], areas=AREAS, claims=["andele/{area}/{year}"])
def a_published_share_outside_the_interval(world: World, place: Place) -> Iterator[Flag]:
    world.table("noegletal").set("Andel trygge", place.area, place.year, 80)
    flag = world.flag_figure(FlagCode.SOURCE_DISAGREEMENT, "tryghed", place.area_id, place.year)
    yield flag._replace(source_id="noegletal")


@fault(FlagCode.SOURCE_DISAGREEMENT, years=COUNTED_YEARS, areas=AREAS, claims=["andele/arrangementer/{area}/{year}"])
def a_published_count_that_is_one_too_high(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    counted = table.get("Større arrangementer", place.area, place.year)
    table.set("Større arrangementer", place.area, place.year, counted + 1)
    flag = world.flag_figure(FlagCode.SOURCE_DISAGREEMENT, "arrangementer", place.area_id, place.year)
    yield flag._replace(source_id="noegletal")


@fault(
    FlagCode.BASELINE_MISMATCH, years=WAVES[:1], areas=AREAS, claims=["tryghed/baseline", "tryghed/{area}", "andele"]
)
def a_first_wave_that_is_not_the_baseline(world: World, place: Place) -> Iterator[Flag]:
    unsafe = [row for row in answers_in(world, place) if row[ANSWER] == "Utryg"]
    for row in unsafe[:6]:
        row[ANSWER] = "Tryg"
    # the agreement's baseline stands for all areas together
    yield world.flag_figure(FlagCode.BASELINE_MISMATCH, "tryghed", ALL_AREAS, place.year)


@fault(FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS, areas=AREAS, claims=["noegletal/beboere/{area}", "deltagere/{area}"])
def an_area_with_fewer_residents_than_participants(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    for year in TABLE_YEARS:
        table.set("Beboere", place.area, year, FEW_RESIDENTS)
    for year in years_of(world.indicator("deltagere_pr_100_beboere")):
        if year.due_on < AS_OF and year.end - year.start >= WHOLE_YEAR:
            yield world.flag_figure(
                FlagCode.MORE_PARTICIPANTS_THAN_RESIDENTS, "deltagere", place.area_id, year.year, year.kind
            )


@fault(FlagCode.SHARE_OUT_OF_RANGE, years=FULL_YEARS, areas=AREAS, claims=["noegletal/fjernvarme/{area}/{year}"])
def more_than_a_hundred_per_cent(world: World, place: Place) -> Iterator[Flag]:
    world.table("noegletal").set("Fjernvarme i procent", place.area, place.year, 100.4)
    yield world.flag_figure(FlagCode.SHARE_OUT_OF_RANGE, "fjernvarme", place.area_id, place.year)


@fault(FlagCode.SMALL_BASE, years=WAVES, areas=AREAS, claims=SMALL_BASE_CLAIMS)
def few_answers(world: World, place: Place) -> Iterator[Flag]:
    file = world.csv("spoergeskema", place.year)
    dropped = [row for row in answers_in(world, place) if int(str(row[RESPONDENT]).rsplit("-", 1)[1]) >= KEPT_OF_EACH]
    file.rows = [row for row in file.rows if row not in dropped]
    yield world.flag_figure(FlagCode.SMALL_BASE, "tryghed", place.area_id, place.year)


@fault(FlagCode.SMALL_BASE, years=WAVES, areas=AREAS, claims=SMALL_BASE_CLAIMS)
def two_answers_that_weigh_as_much_as_all_others(world: World, place: Place) -> Iterator[Flag]:
    for answer in ("Tryg", "Utryg"):
        next(row for row in answers_in(world, place) if row[ANSWER] == answer)[WEIGHT] = "25"
    yield world.flag_figure(FlagCode.SMALL_BASE, "tryghed", place.area_id, place.year)
