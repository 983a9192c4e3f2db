"""The agreements as tables of a build: schema `agreement`."""

from collections.abc import Iterator
from datetime import date

import duckdb

from agreements.areas import Area
from agreements.living import LivingAgreement, Version
from agreements.loader import Agreements
from agreements.measures import Measure
from agreements.model import Agreement, Indicator
from agreements.spine import DeliveredYears, expected_years
from vocabulary.states import AreaLevel
from warehouse.connections import create_tables, insert
from warehouse.measure_tables import load_measures

TABLES = {
    "agreement.run": "as_of date",
    "agreement.agreement": (
        "agreement_id varchar, title varchar, programme varchar, valid_from date, valid_to date, last_version integer, "
        "version_in_force integer, version_from date"
    ),
    "agreement.area": (
        "area_id varchar, name varchar, area_level varchar, municipality_code varchar, valid_from date, valid_to date, "
        "predecessors varchar, sort_order integer"
    ),
    "agreement.municipality_name": "name varchar, area_id varchar",
    "agreement.agreement_area": "agreement_id varchar, area_id varchar, valid_from date, valid_to date",
    "agreement.indicator": (
        "agreement_id varchar, indicator_id varchar, sort_order integer, name varchar, goal_name varchar, "
        "definition_da varchar, quote varchar, data_source varchar, unit varchar, better varchar, "
        "is_activity_close boolean, definition_version varchar, measure_kind varchar, figure_type varchar, "
        "source_id varchar, dataset varchar, baseline_quote varchar, target_basis varchar, target_quote varchar, "
        "target_reading varchar, numerator_id varchar, denominator_id varchar, expected_update_due_on date, "
        "expected_update_quote varchar"
    ),
    "agreement.indicator_version": (
        "agreement_id varchar, indicator_id varchar, version integer, measure_id integer, "
        "published_measure_id integer, unit varchar, better varchar, definition_version varchar, "
        "baseline_area_id varchar, baseline_value double, baseline_year integer, baseline_n double, "
        "baseline_areas varchar, target_area_id varchar, target_value double, target_year_kind varchar, "
        "target_basis varchar, target_pacing varchar"
    ),
    "agreement.expected_year": (
        "agreement_id varchar, indicator_id varchar, version integer, year_kind varchar, year integer, "
        "year_label varchar, period_start date, period_end date, cadence varchar, is_partial_year boolean, "
        "is_in_cadence boolean, due_on date, instrument varchar, is_series_break boolean, cumulative_start date"
    ),
    "agreement.expected_area": (
        "agreement_id varchar, indicator_id varchar, version integer, area_id varchar, is_not_measured boolean"
    ),
}

ALWAYS = (date(1900, 1, 1), date(9999, 12, 31))


def load_agreements(
    connection: duckdb.DuckDBPyConnection, agreements: Agreements, as_of: date, delivered: DeliveredYears
) -> None:
    """Fill the schema `agreement`, the expected years included, with the promises known on `as_of`."""
    create_tables(connection, TABLES)
    insert(connection, "agreement.run", [(as_of,)])
    areas = agreements.areas.areas
    insert(connection, "agreement.area", [_area(area, order) for order, area in enumerate(areas)])
    insert(connection, "agreement.municipality_name", agreements.areas.municipal_names.items())
    measures: dict[Measure, int] = {}
    rows: dict[str, list[tuple]] = {"agreement_area": [], "indicator": [], "indicator_version": [], "expected_area": []}
    for living in agreements.agreements:
        versions = living.versions(as_of)
        latest = versions[-1].agreement
        insert(
            connection, "agreement.agreement", [_agreement(latest, versions[-1].number, living.in_force(as_of, as_of))]
        )
        rows["agreement_area"] += _agreement_areas(versions, {area.area_id: area for area in areas})
        rows["indicator"] += _indicators(versions)
        for version in versions:
            for indicator in version.agreement.indicators:
                rows["indicator_version"].append(_version(living, version, indicator, measures))
                rows["expected_area"] += _expected_areas(version, indicator)
        years = expected_years(living, as_of, delivered)
        insert(connection, "agreement.expected_year", [tuple(vars(year).values()) for year in years])
    for table, found in rows.items():
        insert(connection, f"agreement.{table}", found)
    load_measures(connection, measures)


def _area(area: Area, order: int) -> tuple:
    return (
        area.area_id,
        area.name,
        area.level.value,
        area.municipality_code,
        area.valid_from,
        area.valid_to,
        ", ".join(area.predecessors) or None,
        order,
    )


def _agreement(agreement: Agreement, last_version: int, in_force: Version) -> tuple:
    return (
        agreement.agreement_id,
        agreement.title,
        agreement.programme,
        agreement.valid_from,
        agreement.valid_to,
        last_version,
        in_force.number,
        in_force.valid_from,
    )


def _agreement_areas(versions: tuple[Version, ...], areas: dict[str, Area]) -> Iterator[tuple]:
    """When each housing area belongs to the agreement and exists; the first version also says what came before it."""
    for at, version in enumerate(versions):
        start = ALWAYS[0] if at == 0 else version.valid_from
        end = ALWAYS[1] if at == len(versions) - 1 else version.valid_to
        for area in (areas[area_id] for area_id in version.agreement.areas):
            first, last = max(start, area.valid_from or start), min(end, area.valid_to or end)
            if area.level is AreaLevel.AREA and first <= last:
                yield version.agreement.agreement_id, area.area_id, first, last


def _indicators(versions: tuple[Version, ...]) -> Iterator[tuple]:
    """Each indicator as it was last worded; one that a revision took out keeps its last words."""
    newest: dict[str, tuple[Agreement, Indicator]] = {}
    for version in versions:
        for indicator in version.agreement.indicators:
            newest[indicator.indicator_id] = (version.agreement, indicator)
    for order, (agreement, indicator) in enumerate(newest.values()):
        goals = {goal.goal_id: goal.name for goal in agreement.goals}
        measure, target, update = indicator.measure, indicator.target, indicator.expected_update
        yield (
            agreement.agreement_id,
            indicator.indicator_id,
            order,
            indicator.name,
            goals.get(indicator.goal or ""),
            indicator.definition_da,
            indicator.quote,
            indicator.data_source,
            indicator.unit,
            indicator.better,
            indicator.is_activity_close,
            indicator.definition_version,
            measure.kind.value,
            measure.type.value,
            measure.source,
            measure.dataset,
            indicator.baseline.quote if indicator.baseline else None,
            target.basis if target else None,
            target.quote if target else None,
            target.reading if target else None,
            measure.numerator,
            measure.denominator,
            update.due_by if update else None,
            update.quote if update else None,
        )


def _version(living: LivingAgreement, version: Version, indicator: Indicator, measures: dict[Measure, int]) -> tuple:
    baseline, target, published = indicator.baseline, indicator.target, indicator.also_published
    return (
        living.agreement_id,
        indicator.indicator_id,
        version.number,
        measures.setdefault(indicator.measure, len(measures)),
        measures.setdefault(published, len(measures)) if published else None,
        indicator.unit,
        indicator.better,
        indicator.definition_version,
        baseline.area if baseline else None,
        baseline.value if baseline else None,
        baseline.year if baseline else None,
        baseline.n if baseline else None,
        ",".join(sorted(baseline.areas or living.signed.areas)) if baseline else None,
        target.area if target else None,
        target.value if target else None,
        target.year_kind.value if target else None,
        target.basis if target else None,
        target.pacing if target else None,
    )


def _expected_areas(version: Version, indicator: Indicator) -> Iterator[tuple]:
    blank_cells = {cell.area for cell in indicator.not_measured}
    for area_id in indicator.areas:
        key = (version.agreement.agreement_id, indicator.indicator_id, version.number)
        yield *key, area_id, area_id in blank_cells
