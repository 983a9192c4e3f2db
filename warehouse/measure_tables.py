"""The measures of the agreements as tables of a build: what dbt selects and counts by."""

from collections.abc import Mapping

import duckdb

from agreements.measures import Measure
from warehouse.connections import create_tables, insert

TABLES = {
    "agreement.measure": (
        "measure_id integer, measure_kind varchar, figure_type varchar, source_id varchar, dataset varchar, "
        "answer_attribute varchar, amount_attribute varchar, contributors_kind varchar, all_areas varchar, "
        "numerator_id varchar, denominator_id varchar, per double"
    ),
    "agreement.condition": (
        "measure_id integer, condition_number integer, attribute varchar, operator varchar, value varchar"
    ),
    "agreement.answer": "measure_id integer, answer varchar, is_hit boolean, is_non_response boolean",
}


def load_measures(connection: duckdb.DuckDBPyConnection, measures: Mapping[Measure, int]) -> None:
    """Every different measure under its number, with its conditions and answers."""
    create_tables(connection, TABLES)
    insert(
        connection,
        "agreement.measure",
        [
            (
                measure_id,
                measure.kind.value,
                measure.type.value,
                measure.source,
                measure.dataset or "",
                measure.answer,
                measure.amount,
                measure.contributors,
                measure.all_areas,
                measure.numerator,
                measure.denominator,
                measure.per,
            )
            for measure, measure_id in measures.items()
        ],
    )
    insert(
        connection,
        "agreement.condition",
        [
            (measure_id, number, condition.attribute, condition.operator.value, value)
            for measure, measure_id in measures.items()
            for number, condition in enumerate(measure.conditions)
            for value in condition.values or (condition.value,)
        ],
    )
    insert(
        connection,
        "agreement.answer",
        [
            (measure_id, answer, is_hit, not is_hit)
            for measure, measure_id in measures.items()
            for answers, is_hit in ((measure.hits, True), (measure.non_responses, False))
            for answer in answers
        ],
    )
