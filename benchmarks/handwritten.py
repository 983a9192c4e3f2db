"""The other side of the comparison: handwritten.sql, with the agreement's literals in it."""

from collections.abc import Iterable
from pathlib import Path
from string import Template

import duckdb

from benchmarks.workload import VALID_FROM, VALID_TO, Selection, Workload, selections
from warehouse.connections import literal

QUERY = Path(__file__).with_name("handwritten.sql")
CONDITIONS = {
    "equals": "{attribute} = {value}",
    "starts_with": "starts_with({attribute}, {value})",
    "not_blank": "{attribute} <> ''",
}


def query(workload: Workload) -> str:
    """The text to run, for the agreement of `workload`."""
    indicators = list(enumerate(selections(workload), 1))
    return Template(QUERY.read_text(encoding="utf-8")).substitute(
        areas=_list(literal(area_id) for area_id in workload.area_ids),
        valid_from=f"date {literal(VALID_FROM)}",
        valid_to=f"date {literal(VALID_TO)}",
        indicators=",\n            ".join(
            f"case when {_conditions(selection)} then {number} end" for number, selection in indicators
        ),
        indicator_names=_list(
            f"{{'indicator_no': {number}, 'indicator_id': {literal(selection.indicator_id)}, "
            f"'counts_persons': {str(selection.kind == 'distinct_persons').lower()}}}"
            for number, selection in indicators
        ),
    )


def run_query(workload: Workload, store: Path, result: Path) -> None:
    """Write the table `figure` into the DuckDB file `result`, from the raw files and the ledger in `store`."""
    with duckdb.connect(str(result)) as connection:
        connection.execute("set variable store = $store", {"store": str(store)})
        connection.execute(query(workload))


def _conditions(selection: Selection) -> str:
    return " and ".join(
        CONDITIONS[operator].format(attribute=attribute, value=literal(value))
        for attribute, operator, value in selection.conditions
    )


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"
