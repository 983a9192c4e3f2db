"""Check every row of a table: canonical text for good cells, one reason for each row that cannot be used.

A row whose key, date, area or needed code is bad is quarantined; any other bad cell becomes null and is counted.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from agreements.areas import AreaList, normalise
from ingest.columns import Column
from ingest.descriptor import Descriptor
from ingest.readers.table import Table
from ingest.values import Parser, area_parser, boolean_parser, code_parser, date_parser, number_parser
from vocabulary.reasons import RowReason
from vocabulary.states import ALL_AREAS_ID
from warehouse.ledger import Period


@dataclass(repr=False)
class Checked:
    """Good rows with canonical cells and `_row_number`; refused rows with reason and column; bad cells set to null.

    `set_aside` are the cells of the refused rows, which say what they say of consent.
    """

    good: pd.DataFrame
    refused: pd.DataFrame
    set_aside: pd.DataFrame
    values_invalid: int


def check_rows(
    table: Table, descriptor: Descriptor, areas: AreaList, period: Period | None, file_area: str | None = None
) -> Checked:
    """Apply the descriptor's types to one table, in the order of precedence of RowReason.

    In a file of one area (`file_area`) a row of another area is as unknown as one of no area.
    """
    rows = [[cell if cell and cell.strip() else None for cell in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=[*table.columns, *table.periods], dtype=object)
    reason = pd.Series([None] * len(frame), dtype=object)
    column_of = pd.Series([None] * len(frame), dtype=object)
    values_invalid = np.zeros(len(frame), dtype=int)

    def refuse(rows: pd.Series, why: RowReason, column: str) -> None:
        fresh = rows & reason.isna()
        reason[fresh] = why.value
        column_of[fresh] = column

    faults: dict[RowReason, list[tuple[str, pd.Series]]] = {why: [] for why in RowReason}
    for name in table.columns:
        column = descriptor.columns[name]
        if column.key and column.type == "text":
            faults[RowReason.MISSING_KEY].append((name, frame[name].isna()))
        parsed, bad = _parse(_without_missing(frame[name], column, table.user_missing.get(name)), column, areas)
        if file_area and name == descriptor.area_column:
            bad |= parsed.notna() & ~parsed.map(lambda ids: _holds(ids, file_area))
        need = _need(name, descriptor)
        if need is None:
            values_invalid += bad.to_numpy(dtype=int)
        else:
            faults[need.reason].append((name, bad | (parsed.isna() & need.blank_is_bad)))
        frame[name] = parsed
    for age in descriptor.derived.values():
        pairs = zip(frame[age.birth], frame[age.at], strict=True)
        unborn = pd.Series([bool(birth and day and birth > day) for birth, day in pairs], dtype=bool)
        faults[RowReason.INVALID_DATE].append((age.birth, unborn))
    for why in RowReason:
        for name, rows in faults[why]:
            refuse(rows, why, name)
    event = descriptor.event_column
    if event in table.columns:
        inside = _inside(frame[event], period)
        refuse(~inside, RowReason.OUTSIDE_PERIOD, event)
    frame["_row_number"] = table.row_numbers
    ok = reason.isna()
    refused = pd.DataFrame(
        {
            "_row_number": [*frame.loc[~ok, "_row_number"], *table.ragged],
            "reason_code": [*reason[~ok], *([RowReason.COLUMN_COUNT.value] * len(table.ragged))],
            "column": [*column_of[~ok], *([None] * len(table.ragged))],
        }
    )
    good, set_aside = (frame[rows].reset_index(drop=True) for rows in (ok, ~ok))
    return Checked(good, refused, set_aside, int(values_invalid[ok.to_numpy()].sum()))


def _holds(area_ids: str | None, file_area: str) -> bool:
    return bool(area_ids) and not {file_area, ALL_AREAS_ID}.isdisjoint(area_ids.split(";"))


def _inside(dates: pd.Series, period: Period | None) -> pd.Series:
    if period is None:
        return pd.Series(False, index=dates.index)
    return dates.ge(period.start.isoformat()) & dates.le(period.end.isoformat()) if len(dates) else dates.notna()


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


def _without_missing(values: pd.Series, column: Column, user_missing: frozenset[str] | None) -> pd.Series:
    """Blank instead of a missing marker, and of a value declared as missing by the file unless it is a non-response."""
    declared = {normalise(code) for code in column.non_responses}
    gone = {text for text in user_missing or () if normalise(text) not in declared}
    gone |= {text for text in values.dropna().unique() if text.strip() in column.missing_markers}
    return values.where(~values.isin(gone), None) if gone else values


def _parse(values: pd.Series, column: Column, areas: AreaList) -> tuple[pd.Series, pd.Series]:
    """Canonical values, and where a non-blank value was none of the column's kind."""
    parser = _parser(column, areas)
    distinct = {value: parser(value) for value in values.dropna().unique()}
    parsed = values.map(distinct).astype(object)
    parsed = parsed.where(parsed.notna(), None)
    bad = values.notna() & parsed.isna()
    if column.blank_means is not None:
        parsed = parsed.where(values.notna(), str(column.blank_means).lower())
    return parsed, bad


def _parser(column: Column, areas: AreaList) -> Parser:
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
            return str.strip
