"""Check every row of a table: canonical text for good cells, one reason for each row that cannot be used.

A row whose key, date, area or needed code is bad is quarantined; any other bad cell becomes null and is counted.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agreements.areas import AreaList, normalise
from ingest.columns import Column
from ingest.descriptor import Descriptor
from ingest.readers.table import Table
from ingest.text_columns import filled, mapped, mask, whole
from ingest.values import Parser, area_parser, boolean_parser, code_parser, date_parser, number_parser
from vocabulary.reasons import RowReason
from vocabulary.states import ALL_AREAS_ID
from warehouse.ledger import Period

REASONS = tuple(RowReason)
"""In their order of precedence."""


@dataclass(repr=False)
class Checked:
    """Good rows with canonical cells and `_row_number`; refused rows with reason and column; bad cells set to null.

    `set_aside` are the cells of the refused rows, which say what they say of consent.
    """

    good: pa.Table
    refused: pa.Table
    set_aside: pa.Table
    values_invalid: int


class _Verdict:
    """The first reason of each row, and the column that it is about."""

    def __init__(self, rows: int) -> None:
        self.reason = np.full(rows, -1, dtype=np.int16)
        self.column = np.full(rows, -1, dtype=np.int16)
        self.names: list[str] = []

    def refuse(self, rows: np.ndarray, why: RowReason, column: str) -> None:
        fresh = rows & (self.reason < 0)
        if fresh.any():
            self.reason[fresh], self.column[fresh] = REASONS.index(why), len(self.names)
        self.names.append(column)


def check_rows(
    table: Table, descriptor: Descriptor, areas: AreaList, period: Period | None, file_area: str | None = None
) -> Checked:
    """Apply the descriptor's types to one table, in the order of precedence of RowReason.

    In a file of one area (`file_area`) a row of another area is as unknown as one of no area.
    """
    data = table.data
    columns = {name: filled(whole(data[name])) for name in data.column_names}
    values_invalid = np.zeros(data.num_rows, dtype=int)
    faults: dict[RowReason, list[tuple[str, np.ndarray]]] = {why: [] for why in RowReason}
    for name in table.columns:
        column = descriptor.columns[name]
        if column.key and column.type == "text":
            faults[RowReason.MISSING_KEY].append((name, mask(pc.is_null(columns[name]))))
        parsed, bad = _parse(_without_missing(columns[name], column, table.user_missing.get(name)), column, areas)
        if file_area and name == descriptor.area_column:
            holds = mapped(parsed, lambda ids: "x" if _holds(ids, file_area) else None)
            bad |= mask(pc.is_valid(parsed)) & mask(pc.is_null(holds))
        need = _need(name, descriptor)
        if need is None:
            values_invalid += bad
        else:
            faults[need.reason].append((name, bad | (mask(pc.is_null(parsed)) & need.blank_is_bad)))
        columns[name] = parsed
    for age in descriptor.derived.values():
        # canonical dates sort as text
        faults[RowReason.INVALID_DATE].append((age.birth, mask(pc.greater(columns[age.birth], columns[age.at]))))
    verdict = _Verdict(data.num_rows)
    for why in RowReason:
        for name, rows in faults[why]:
            verdict.refuse(rows, why, name)
    event = descriptor.event_column
    if event in table.columns:
        verdict.refuse(~_inside(columns[event], period), RowReason.OUTSIDE_PERIOD, event)
    numbers = np.asarray(table.row_numbers, dtype=np.int64)
    checked = pa.table({**columns, "_row_number": pa.array(numbers)})
    ok = verdict.reason < 0
    if ok.all():
        good, set_aside = checked, checked.slice(0, 0)
    else:
        good, set_aside = checked.filter(pa.array(ok)), checked.filter(pa.array(~ok))
    return Checked(good, _refused(table, verdict, numbers), set_aside, int(values_invalid[ok].sum()))


def _refused(table: Table, verdict: _Verdict, numbers: np.ndarray) -> pa.Table:
    bad = np.flatnonzero(verdict.reason >= 0)
    ragged = len(table.ragged)
    reasons = [REASONS[at].value for at in verdict.reason[bad]] + [RowReason.COLUMN_COUNT.value] * ragged
    columns = [verdict.names[at] for at in verdict.column[bad]] + [None] * ragged
    return pa.table(
        {
            "_row_number": pa.array([*numbers[bad].tolist(), *table.ragged], pa.int64()),
            "reason_code": pa.array(reasons, pa.string()),
            "column": pa.array(columns, pa.string()),
        }
    )


def _holds(area_ids: str, file_area: str) -> bool:
    return not {file_area, ALL_AREAS_ID}.isdisjoint(area_ids.split(";"))


def _inside(dates: pa.Array, period: Period | None) -> np.ndarray:
    if period is None:
        return np.zeros(len(dates), dtype=bool)
    after, before = pc.greater_equal(dates, period.start.isoformat()), pc.less_equal(dates, period.end.isoformat())
    return mask(pc.and_(after, before))


@dataclass(frozen=True)
class Need:
    """Why a row cannot do without a good cell in a column."""

    reason: RowReason
    blank_is_bad: bool


def _need(name: str, descriptor: Descriptor) -> Need | None:
    """What a bad cell does to its row; None where the cell just becomes null."""
    column = descriptor.columns[name]
    is_birth = any(age.birth == name for age in descriptor.derived.values())
    if column.event_date or is_birth:
        return Need(RowReason.INVALID_DATE, blank_is_bad=True)
    if column.type in ("area", "areas"):
        return Need(RowReason.UNKNOWN_AREA, blank_is_bad=True)
    if column.type == "number" and column.required:
        return Need(RowReason.INVALID_NUMBER, blank_is_bad=True)
    if column.type in ("code", "boolean") and column.required:
        return Need(RowReason.UNKNOWN_CODE, blank_is_bad=False)
    return None


def _without_missing(values: pa.Array, column: Column, user_missing: frozenset[str] | None) -> pa.Array:
    """Blank instead of a missing marker, and of a value declared as missing by the file unless it is a non-response."""
    if not user_missing and not column.missing_markers:
        return values
    declared = {normalise(code) for code in column.non_responses}
    gone = {text for text in user_missing or () if normalise(text) not in declared}
    return mapped(values, lambda text: None if text in gone or text.strip() in column.missing_markers else text)


def _parse(values: pa.Array, column: Column, areas: AreaList) -> tuple[pa.Array, np.ndarray]:
    """Canonical values, and where a non-blank value was none of the column's kind."""
    parser = _parser(column, areas)
    parsed = mapped(values, parser) if parser else pc.utf8_trim_whitespace(values)
    bad = mask(pc.and_(pc.is_valid(values), pc.is_null(parsed)))
    if column.blank_means is not None:
        parsed = pc.if_else(pc.is_valid(values), parsed, pa.scalar(str(column.blank_means).lower(), pa.string()))
    return parsed, bad


def _parser(column: Column, areas: AreaList) -> Parser | None:
    """None for text, which is any."""
    match column.type:
        case "date":
            return date_parser()
        case "number":
            return number_parser(approximate=column.approximate, minimum=column.minimum, grouped=column.grouped)
        case "boolean":
            return boolean_parser(column.true_values, column.false_values)
        case "code":
            return code_parser(column.codes)
        case "area" | "areas":
            return area_parser(areas.housing_names, several=column.type == "areas")
        case _:
            return None
