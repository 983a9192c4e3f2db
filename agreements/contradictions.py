"""What contradicts itself inside a delaftale: checks that look at several keys together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agreements.areas import AREAS_FILE, AreaList
from agreements.measures import FigureType, Measure, MeasureKind
from agreements.yaml_files import Fault, Location
from vocabulary.states import AreaLevel

if TYPE_CHECKING:
    from agreements.model import Agreement, Indicator


@dataclass(frozen=True)
class Known:
    """What an agreement may name: the areas, and by source the columns that its measures select by.

    `columns` is None where the sources are not at hand; then no column is checked.
    """

    areas: AreaList
    columns: Mapping[str, frozenset[str]] | None = None


def in_indicator(indicator: "Indicator") -> Iterator[Fault]:
    """Faults of one indicator, placed at its own keys."""
    name, areas, calendar = indicator.indicator_id, indicator.areas, indicator.calendar
    yield from _twice("the area", areas, ("areas",))
    for at, cell in enumerate(indicator.not_measured):
        if cell.area not in areas:
            yield Fault(("not_measured", at, "area"), f"{name}: {cell.area} is not among the indicator's areas")
    if indicator.baseline and indicator.baseline.area not in areas:
        yield Fault(("baseline", "area"), f"{name}: a baseline for {indicator.baseline.area}, not one of its areas")
    target = indicator.target
    if target:
        if target.area not in areas:
            yield Fault(("target", "area"), f"{name}: a target for {target.area}, which is not one of its areas")
        if target.area in {cell.area for cell in indicator.not_measured}:
            yield Fault(("target", "area"), f"{name}: a target for {target.area}, which is never measured there")
        if target.year_kind not in calendar.year_kinds:
            yield Fault(("target", "year_kind"), f"{name}: no figure is expected for years of kind {target.year_kind}")
        if target.basis == "cumulative" and indicator.measure.type is not FigureType.FLOW:
            yield Fault(("target", "basis"), f"{name}: only a flow adds up to a cumulative target")
    if indicator.also_published and indicator.also_published.kind is not MeasureKind.PUBLISHED_VALUE:
        yield Fault(("also_published", "kind"), f"{name}: also_published must be a published_value")
    years = [wave.year for wave in calendar.waves]
    yield from _twice("the wave", years, ("calendar", "waves"), "year")
    if calendar.first_year and calendar.last_year and calendar.last_year < calendar.first_year:
        yield Fault(("calendar", "last_year"), f"{name}: last_year lies before first_year")


def in_agreement(agreement: "Agreement") -> Iterator[Fault]:
    """Faults between the parts of an agreement, placed at the agreement's keys."""
    if agreement.valid_to <= agreement.valid_from:
        yield Fault(("valid_to",), "valid_to must come after valid_from")
    indicators = agreement.indicators
    yield from _twice("the indicator_id", [one.indicator_id for one in indicators], ("indicators",), "indicator_id")
    yield from _twice("the goal_id", [one.goal_id for one in agreement.goals], ("goals",), "goal_id")
    yield from _twice("the activity", [one.name for one in agreement.activities], ("activities",), "name")
    yield from _twice("the position", [one.position for one in agreement.staff], ("staff",), "position")
    yield from _twice("the party", [one.name for one in agreement.parties], ("parties",), "name")
    yield from _twice("the area", agreement.areas, ("areas",))
    goals = {goal.goal_id for goal in agreement.goals}
    by_id = {one.indicator_id: one for one in indicators}
    for at, indicator in enumerate(indicators):
        if indicator.goal is not None and indicator.goal not in goals:
            problem = f"{indicator.indicator_id}: the goal «{indicator.goal}» is not in goals"
            yield Fault(("indicators", at, "goal"), problem)
        if indicator.measure.kind is MeasureKind.RATE:
            for fault in _in_rate(indicator, indicator.measure, by_id):
                yield fault.under("indicators", at)


def among_known(agreement: "Agreement", known: Known) -> Iterator[Fault]:
    """Names that stand for nothing: areas in no list or of another time, sources and columns without a descriptor."""
    yield from _among_areas(agreement, known.areas)
    if known.columns is not None:
        for location, measure in _measures(agreement):
            for fault in _among_columns(measure, known.columns):
                yield fault.under(*location)


def _measures(agreement: "Agreement") -> Iterator[tuple[Location, Measure]]:
    for at, indicator in enumerate(agreement.indicators):
        yield ("indicators", at, "measure"), indicator.measure
        if indicator.also_published:
            yield ("indicators", at, "also_published"), indicator.also_published


def _among_columns(measure: Measure, columns: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    if measure.source is None:
        return
    if measure.source not in columns:
        yield Fault(("source",), f"no source «{measure.source}»; known: {', '.join(sorted(columns))}")
        return
    named: list[tuple[Location, str | None]] = [(("answer",), measure.answer), (("amount",), measure.amount)]
    named += [(("conditions", at, "attribute"), one.attribute) for at, one in enumerate(measure.conditions)]
    for location, name in named:
        if name is not None and name not in columns[measure.source]:
            kept = ", ".join(sorted(columns[measure.source]))
            yield Fault(location, f"the source {measure.source} keeps no column «{name}»; it keeps {kept}")


def _among_areas(agreement: "Agreement", known: AreaList) -> Iterator[Fault]:
    for location, area_id in _area_ids(agreement):
        area = known.by_id.get(area_id)
        if area is None:
            yield Fault(location, f"the area «{area_id}» is not in {AREAS_FILE}")
        elif "baseline" in location:
            continue  # it may stand for other areas than the agreement's, of an earlier time
        elif (area.valid_from and area.valid_from > agreement.valid_to) or (
            area.valid_to and area.valid_to < agreement.valid_from
        ):
            yield Fault(location, f"the area «{area_id}» does not exist between valid_from and valid_to")
        elif area.level is AreaLevel.AREA and area_id not in agreement.areas:
            yield Fault(location, f"the area «{area_id}» is not one of the agreement's areas")


def _in_rate(indicator: "Indicator", measure: Measure, by_id: dict[str, "Indicator"]) -> Iterator[Fault]:
    name = indicator.indicator_id
    for part in ("numerator", "denominator"):
        part_id = getattr(measure, part)
        found = by_id.get(part_id)
        location: Location = ("measure", part)
        if found is None:
            yield Fault(location, f"{name}: the {part} «{part_id}» is no indicator of this agreement")
        elif found.measure.kind is MeasureKind.RATE:
            yield Fault(location, f"{name}: the {part} «{part_id}» is a rate itself")
        elif missing := [area for area in indicator.areas if area not in found.areas]:
            yield Fault(location, f"{name}: the {part} «{part_id}» has no figure for {', '.join(missing)}")


def _area_ids(agreement: "Agreement") -> Iterator[tuple[Location, str]]:
    for at, area in enumerate(agreement.areas):
        yield ("areas", at), area
    for at, activity in enumerate(agreement.activities):
        for number, area in enumerate(activity.areas):
            yield ("activities", at, "areas", number), area
    for at, indicator in enumerate(agreement.indicators):
        for number, area in enumerate(indicator.areas):
            yield ("indicators", at, "areas", number), area
        if indicator.baseline:
            for number, area in enumerate(indicator.baseline.areas):
                yield ("indicators", at, "baseline", "areas", number), area


def _twice(what: str, values: Iterable[object], where: Location, key: str | None = None) -> Iterator[Fault]:
    seen: set[object] = set()
    for at, value in enumerate(values):
        if value in seen:
            yield Fault((*where, at, key) if key else (*where, at), f"{what} «{value}» stands twice")
        seen.add(value)
