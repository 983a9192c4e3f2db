"""Whether what came is what was asked: the variables, the periods, the number of observations; format by format."""

import csv
import re
from collections.abc import Callable, Iterable
from math import prod
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from python_calamine import CalamineError, CalamineWorkbook

from ingest.readers.table import cell_text
from ingest.statbank.question import Asked, Question

CONTENT = "indhold"
"""The column of observations in CSV and BULK, in every language."""

TOP_ROWS = 20
"""Of a workbook: its title, its unit and the periods stand in them."""

PX_DATA = re.compile(r"^DATA=(.*?);\s*\Z", re.DOTALL | re.MULTILINE)
PX_CELL = re.compile(r'"[^"]*"|[^\s"]+')


class Mismatch(Exception):
    """What is wrong with an answer, in words and without a cell of it."""


def verify(file: Path, question: Question, format: str) -> None:
    """Compare an answer, in a format of declaration.SUFFIX, with its question. Raises Mismatch."""
    CHECKS[format](file, question)


class _Category(BaseModel):
    index: dict[str, int] | list[str]


class _Dimension(BaseModel):
    category: _Category


class _Dimensions(BaseModel, extra="allow"):
    __pydantic_extra__: dict[str, _Dimension]
    id: list[str]
    size: list[int]
    role: dict[str, list[str]] = {}


class _Dataset(BaseModel):
    dimension: _Dimensions
    value: list[Any] | dict[str, Any]


class _JsonStat(BaseModel):
    dataset: _Dataset


def _jsonstat(file: Path, question: Question) -> None:
    """JSON-stat 1, as StatBank writes it: a dimension `ContentsCode` of one value stands beside the variables."""
    try:
        dataset = _JsonStat.model_validate_json(file.read_bytes()).dataset
    except ValidationError as error:
        raise Mismatch(f"it is no JSON-stat ({error.error_count()} faults)") from None
    dimensions = dataset.dimension
    known = dimensions.__pydantic_extra__
    _require_variables(question, set(dimensions.id) - set(dimensions.role.get("metric", [])))
    for variable in question.variables:
        there = set(known[variable.code].category.index) if variable.code in known else set()
        if there != {value.id for value in variable.values}:
            raise Mismatch(f"{variable.code} has {len(there)} values, and {len(variable.values)} others were asked")
    # without the observations that are missing, where they are written by their place
    written = len(dataset.value) if isinstance(dataset.value, list) else prod(dimensions.size)
    _require_count(written, question)
    _require_count(prod(dimensions.size), question)


def _csv(file: Path, question: Question) -> None:
    count, periods = _delimited(file, question)
    _require_count(count, question)
    if len(periods) != len(question.time.values):
        raise Mismatch(f"{len(periods)} periods in place of {len(question.time.values)}")


def _bulk(file: Path, question: Question) -> None:
    """A combination without a row means 0, or what TABLEINFO says; so there may be fewer rows than combinations."""
    count, _ = _delimited(file, question)
    if not 0 < count <= question.rows:
        raise Mismatch(f"{count} observations of at most {question.rows}")


def _delimited(file: Path, question: Question) -> tuple[int, set[str]]:
    """How many rows stand under the right headings, and which of the asked periods are in them."""
    count, periods = 0, set()
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text, delimiter=";")
            header = [name.strip().casefold() for name in next(rows, [])]
            if CONTENT not in header:
                raise Mismatch("its first line names no column INDHOLD")
            _require_variables(question, set(header) - {CONTENT})
            time = next(at for at, name in enumerate(header) if name in _names(question.time))
            for row in rows:
                if len(row) != len(header):
                    raise Mismatch(f"line {rows.line_num} has {len(row)} cells under {len(header)} headings")
                count += 1
                periods.add(row[time])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Mismatch(f"it is no delimited text ({type(error).__name__})") from None
    if not all(_is_one_of(question.time, period) for period in periods):
        raise Mismatch("it holds periods that were not asked")
    return count, periods


def _xlsx(file: Path, question: Question) -> None:
    """A sheet with the periods as columns: one row for every combination of the others."""
    try:
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Mismatch(f"it is no readable workbook ({type(error).__name__})") from None
    rows = [[cell_text(cell) for cell in row] for row in sheet]
    for top, row in enumerate(rows[:TOP_ROWS]):
        columns = [column for column, cell in enumerate(row) if cell and _is_one_of(question.time, cell)]
        if len(columns) == len(question.time.values):
            headings = set().union(*map(_names, question.variables))
            if any(cell and at not in columns and cell.casefold() not in headings for at, cell in enumerate(row)):
                raise Mismatch("it holds columns that were not asked")
            filled = sum(any(below[column] for column in columns) for below in rows[top + 1 :])
            return _require_count(filled * len(columns), question)
    raise Mismatch(f"none of its first {TOP_ROWS} rows holds the {len(question.time.values)} periods")


def _px(file: Path, question: Question) -> None:
    text = file.read_text(encoding="cp1252", errors="replace")
    data = PX_DATA.search(text)
    if not data:
        raise Mismatch("it is no PC-Axis file that ends with its data")
    quoted = set(re.findall(r'"([^"]*)"', text[: data.start()]))
    if not all({value.id, value.label} & quoted for value in question.time.values):
        raise Mismatch("it lacks periods that were asked")
    _require_count(len(PX_CELL.findall(data[1])), question)


CHECKS: dict[str, Callable[[Path, Question], None]] = {
    "JSONSTAT": _jsonstat,
    "CSV": _csv,
    "BULK": _bulk,
    "PX": _px,
    "XLSX": _xlsx,
}


def _names(variable: Asked) -> set[str]:
    return {variable.code.casefold(), variable.label.casefold()}


def _require_variables(question: Question, there: Iterable[str]) -> None:
    """Exactly the variables that were asked, by code or label."""
    left = {name.casefold() for name in there}
    for variable in question.variables:
        found = left & _names(variable)
        if not found:
            raise Mismatch(f"it lacks the variable {variable.code}")
        left -= found
    if left:
        raise Mismatch(f"it holds {len(left)} variables that were not asked")


def _is_one_of(variable: Asked, cell: str) -> bool:
    """Whether a cell is one of the values as code, label, or code and label."""
    return any(cell.strip() in (one.id, one.label, f"{one.id} {one.label}") for one in variable.values)


def _require_count(observations: int, question: Question) -> None:
    if observations != question.rows:
        raise Mismatch(f"{observations} observations in place of {question.rows}")
