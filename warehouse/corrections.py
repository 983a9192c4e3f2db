"""Corrections of known source errors, as SQL over the raw Parquet: what was delivered stays as it is on disk."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from warehouse.connections import literal, quoted


@dataclass(frozen=True)
class CorrectionRule:
    """In rows where every column of `where` holds its text and `column` holds `expect`, it becomes `value`.

    Of a wide source `year` names the cell instead of `column`. None is a blank cell.
    """

    correction_id: str
    source_id: str
    dataset: str | None
    where: Mapping[str, str]
    column: str | None
    year: str | None
    expect: str | None
    value: str | None
    reason: str
    decided_by: str
    decided_on: date


VALUES_BY_PERIOD = "values_by_period"


def corrected_select(rules: Sequence[CorrectionRule]) -> str:
    """The select list over one source's raw rows with `rules` applied, and `_corrections`: which ones."""
    if not rules:
        return "*, cast(null as varchar) as _corrections"
    replaced = [
        f"{_chain(column, [rule for rule in rules if rule.column == column])} as {quoted(column)}"
        for column in dict.fromkeys(rule.column for rule in rules if rule.column)
    ]
    cells = [rule for rule in rules if rule.year is not None]
    if cells:
        patches = ", ".join(
            f"case when {_matches(rule)} then {literal(_patch(rule))} else '{{}}' end" for rule in cells
        )
        replaced.append(f"json_merge_patch({VALUES_BY_PERIOD}, {patches})::varchar as {VALUES_BY_PERIOD}")
    marks = ", ".join(f"case when {_matches(rule)} then {literal(rule.correction_id)} end" for rule in rules)
    return f"* replace ({', '.join(replaced)}), nullif(concat_ws(';', {marks}), '') as _corrections"


def _chain(column: str, rules: Sequence[CorrectionRule]) -> str:
    whens = " ".join(f"when {_matches(rule)} then {_text(rule.value)}" for rule in rules)
    return f"case {whens} else {quoted(column)} end"


def _matches(rule: CorrectionRule) -> str:
    delivered = (
        quoted(rule.column)
        if rule.column
        else f"json_extract_string({VALUES_BY_PERIOD}, {literal(f'$.{json.dumps(rule.year)}')})"
    )
    tests = [f"_dataset = {literal(rule.dataset)}"] if rule.dataset else []
    tests += [f"{quoted(column)} = {literal(text)}" for column, text in rule.where.items()]
    return " and ".join([*tests, f"{delivered} is not distinct from {_text(rule.expect)}"])


def _patch(rule: CorrectionRule) -> str:
    return json.dumps({rule.year: rule.value})


def _text(value: str | None) -> str:
    return "cast(null as varchar)" if value is None else literal(value)
