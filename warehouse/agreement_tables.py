"""The agreements as tables of a build: schema `agreement`."""

from datetime import date

import duckdb

from agreements.loader import Agreements
from agreements.model import Agreement, Indicator
from agreements.spine import DeliveredYears, expected_figures
from vocabulary.states import AreaLevel
from warehouse.connections import create_tables, insert

TABLES = {
    "agreement.run": "as_of date",
    "agreement.agreement": "agreement_id varchar, title varchar, programme varchar, valid_from date, valid_to date",
    "agreement.area": (
        "area_id varchar, name varchar, area_level varchar, municipality_code varchar, sort_order integer"
    ),
    "agreement.municipality_name": "name varchar, area_id varchar",
    "agreement.agreement_area": "agreement_id varchar, area_id varchar",
    "agreement.indicator": (
        "agreement_id varchar, indicator_id varchar, sort_order integer, name varchar, goal_name varchar, "
        "definition_da varchar, quote varchar, data_source varchar, unit varchar, better varchar, "
        "is_activity_close boolean, definition_version varchar, measure_kind varchar, figure_type varchar, "
        "source_id varchar, dataset varchar, answer_attribute varchar, contributors_kind varchar, all_areas varchar, "
        "baseline_area_id varchar, baseline_value double, baseline_year integer, target_area_id varchar, "
        "target_value double, target_year_kind varchar, target_pacing varchar, target_quote varchar"
    ),
    "agreement.condition": (
        "agreement_id varchar, indicator_id varchar, attribute varchar, operator varchar, value varchar"
    ),
    "agreement.answer": (
        "agreement_id varchar, indicator_id varchar, answer varchar, is_hit boolean, is_non_response boolean"
    ),
    "agreement.expected_figure": (
        "agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, year integer, "
        "year_label varchar, period_start date, period_end date, is_partial_year boolean, is_in_cadence boolean, "
        "is_not_measured boolean, due_on date, instrument varchar, is_series_break boolean"
    ),
}


def load_agreements(
    connection: duckdb.DuckDBPyConnection, agreements: Agreements, as_of: date, delivered: DeliveredYears
) -> None:
    """Fill the schema `agreement`, the spine of expected figures included, as seen on `as_of`."""
    create_tables(connection, TABLES)
    insert(connection, "agreement.run", [(as_of,)])
    areas = agreements.areas.areas
    insert(
        connection,
        "agreement.area",
        [(area.area_id, area.name, area.level, area.municipality_code, at) for at, area in enumerate(areas)],
    )
    insert(connection, "agreement.municipality_name", agreements.areas.municipal_names.items())
    for agreement in (one.signed for one in agreements.agreements):
        insert(
            connection,
            "agreement.agreement",
            [
                (
                    agreement.agreement_id,
                    agreement.title,
                    agreement.programme,
                    agreement.valid_from,
                    agreement.valid_to,
                )
            ],
        )
        housing = {area.area_id for area in areas if area.level is AreaLevel.AREA}
        insert(
            connection,
            "agreement.agreement_area",
            [(agreement.agreement_id, area_id) for area_id in agreement.areas if area_id in housing],
        )
        for order, indicator in enumerate(agreement.indicators):
            _load_indicator(connection, agreement, indicator, order)
        rows = expected_figures(agreement, as_of, delivered)
        insert(connection, "agreement.expected_figure", [tuple(vars(row).values()) for row in rows])


def _load_indicator(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, indicator: Indicator, order: int
) -> None:
    measure, baseline, target = indicator.measure, indicator.baseline, indicator.target
    goals = {goal.goal_id: goal.name for goal in agreement.goals}
    key = (agreement.agreement_id, indicator.indicator_id)
    row = (
        *key,
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
        measure.kind,
        measure.type,
        measure.source,
        measure.dataset,
        measure.answer,
        measure.contributors,
        measure.all_areas,
        baseline.area if baseline else None,
        baseline.value if baseline else None,
        baseline.year if baseline else None,
        target.area if target else None,
        target.value if target else None,
        target.year_kind if target else None,
        target.pacing if target else None,
        target.quote if target else None,
    )
    insert(connection, "agreement.indicator", [row])
    insert(
        connection,
        "agreement.condition",
        [(*key, condition.attribute, condition.operator, condition.value) for condition in measure.conditions],
    )
    insert(connection, "agreement.answer", [(*key, answer, True, False) for answer in measure.hits])
    insert(connection, "agreement.answer", [(*key, answer, False, True) for answer in measure.non_responses])
