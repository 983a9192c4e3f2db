"""Faults of what stands beside the deliveries: the agreement, corrections, acknowledgements, what was published."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date

from benchmarks.quality.deliveries import AREAS, FULL_YEARS, WAVES
from benchmarks.quality.fault import Place, fault
from benchmarks.quality.faults_of_files import BRIDGED, session
from benchmarks.quality.world import ALL_AREAS, Flag, World
from vocabulary.flags import FlagCode

EARLIER = date(2024, 3, 25)
"""The day of the earlier publication of the worlds that have one."""

DELIVERED_AGAIN = date(2024, 4, 10)


@fault(FlagCode.OVERDUE_UPDATE)
def an_update_that_was_announced_and_never_came(world: World, _: Place) -> Iterator[Flag]:
    world.indicator("tryghed")["expected_update"]["due_by"] = date(2023, 6, 30)
    yield Flag(FlagCode.OVERDUE_UPDATE.value, world.name, "tryghed", source_id="spoergeskema")


@fault(FlagCode.BASELINE_MISMATCH, claims=["tryghed/baseline"])
def a_baseline_that_is_not_the_first_wave(world: World, _: Place) -> Iterator[Flag]:
    baseline = world.indicator("tryghed")["baseline"]
    baseline["value"] = 53
    yield world.flag_figure(FlagCode.BASELINE_MISMATCH, "tryghed", ALL_AREAS, baseline["year"])


@fault(FlagCode.SERIES_BREAK, years=WAVES[1:], claims=["tryghed/instrument"])
def a_wave_with_another_instrument(world: World, place: Place) -> Iterator[Flag]:
    tryghed = world.indicator("tryghed")
    for wave in tryghed["calendar"]["waves"]:
        if wave["year"] >= place.year:
            wave["instrument"] = "nyt skema"
    for area in tryghed["areas"]:
        yield world.flag_figure(FlagCode.SERIES_BREAK, "tryghed", area, place.year)


@fault(FlagCode.SERIES_BREAK, years=FULL_YEARS, claims=["register/notes"])
def a_footnote_about_a_data_break(world: World, place: Place) -> Iterator[Flag]:
    world.table("register").rows.append([f"Databrud i {place.year}: indkomst opgøres efter skat."])
    yield world.flag_figure(FlagCode.SERIES_BREAK, "indkomst", "egestad", place.year)


@fault(FlagCode.CORRECTION_EXPIRED, years=FULL_YEARS, areas=AREAS, claims=["corrections"])
def a_correction_of_what_the_source_does_not_say(world: World, place: Place) -> Iterator[Flag]:
    correction = {
        "correction_id": f"{world.name}_minutter",
        "where": {"session_id": session(world, place, month=4, at=1)[0]},
        "column": "minutes",
        "expect": "300",
        "value": "30",
        "reason": "Et nul for meget",
        "decided_by": "lederen",
        "decided_on": date(2024, 2, 1),
    }
    world.corrections["samtaler"].append(correction)
    yield Flag(FlagCode.CORRECTION_EXPIRED.value, source_id="samtaler", detail=correction["correction_id"])


@fault(FlagCode.ACKNOWLEDGEMENT_EXPIRED)
def a_known_finding_whose_time_is_over(world: World, _: Place) -> Iterator[Flag]:
    # what has expired is known by the finding that is still there, which is flagged too
    world.indicator("minutter")["expected_update"] = {"due_by": date(2022, 11, 1), "quote": "Opdateres efterår 2022"}
    yield Flag(FlagCode.OVERDUE_UPDATE.value, world.name, "minutter", source_id="samtaler")
    expired = world.acknowledge(
        "frist", FlagCode.OVERDUE_UPDATE, observed=None, until=date(2023, 12, 31), indicator="minutter"
    )
    yield Flag(FlagCode.ACKNOWLEDGEMENT_EXPIRED.value, world.name, "minutter", detail=expired)


@fault(FlagCode.ACKNOWLEDGEMENT_EXPIRED, years=FULL_YEARS, claims=["noegletal/boliger"])
def a_known_number_whose_time_is_over(world: World, place: Place) -> Iterator[Flag]:
    table = world.table("noegletal")
    total = table.get("Boliger", "Alle", place.year) + 5
    table.set("Boliger", "Alle", place.year, total)
    yield world.flag_figure(FlagCode.AREA_SUM_MISMATCH, "boliger", ALL_AREAS, place.year)
    scope = {"indicator": "boliger", "year": place.year}
    day = date(2024, 1, 31)
    expired = world.acknowledge("tal", FlagCode.AREA_SUM_MISMATCH, observed=str(total), until=day, **scope)
    yield Flag(FlagCode.ACKNOWLEDGEMENT_EXPIRED.value, world.name, "boliger", year=place.year, detail=expired)
    # that of another number is over as well, and of no matter
    world.acknowledge("andet_tal", FlagCode.AREA_SUM_MISMATCH, observed=str(total + 1), until=day, **scope)


@fault(
    FlagCode.RESTATED,
    years=FULL_YEARS,
    areas=AREAS,
    claims=["restated", "samtaler/{year}", "samtaler/{before}/day", "brobygninger/{area}"],
)
def a_closed_year_that_was_delivered_again(world: World, place: Place) -> Iterator[Flag]:
    world.was_published = True
    again = deepcopy(world.delivery("samtaler", place.year))
    again.delivered_on, again.file_name = DELIVERED_AGAIN, f"samtaler_{place.year}_rettet.csv"
    world.files("samtaler").append(again)
    session(world, place, month=3, at=1)[BRIDGED] = "Nej"
    for area in (place.area_id, ALL_AREAS):
        for kind, year in (("calendar", place.year), ("agreement", place.year - 1)):
            flag = world.flag_figure(FlagCode.RESTATED, "brobygninger", area, year, kind)
            yield flag._replace(file_name=again.file_name)
