"""Known errors of a source, corrected as data: what stands there, what should, why, and who decided it.

A correction says what it expects to find, so that it expires loudly when the source is put right. Corrections are read
and checked here; the warehouse applies them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import Field

from agreements.measures import Identifier
from agreements.yaml_files import Strict, read_model
from ingest.columns import Column
from ingest.descriptor import Descriptor
from ingest.layouts import WideLayout
from ingest.patterns import kind_of
from ingest.readers.excel_file import PERIOD_LABEL
from vocabulary.errors import DefinitionInvalid

CELL = "value"
"""What `column` says of a cell of a wide source, whose year column is named by `year`."""


class WrittenCorrection(Strict):
    """One wrong value as the YAML file says it.

    `where` names the records by other columns, all of which must hold what it says. Values are canonical text as in
    raw Parquet, null stands for blank. In a wide source a cell is named by `column: value` and the `year` of its
    column, as delivered («2007», «2024K1»); `dataset` keeps a correction to one table of the source.
    """

    correction_id: Identifier
    dataset: str | None = None
    where: dict[Identifier, str] = Field(min_length=1)
    column: Identifier
    year: str | None = None
    expect: str | None
    value: str | None
    reason: str = Field(min_length=1)
    decided_by: str = Field(min_length=1)
    decided_on: date


class Correction(WrittenCorrection):
    """A correction and the source that it belongs to."""

    source_id: Identifier


class CorrectionFile(Strict):
    """The corrections of the source that the file is named after."""

    corrections: tuple[WrittenCorrection, ...]


def read_corrections(folder: Path, descriptors: Mapping[str, Descriptor]) -> tuple[Correction, ...]:
    """Every correction of a folder, by source and in the order written; none where the folder holds no YAML.

    Raises DefinitionInvalid for a missing folder, and for a correction that cannot be meant.
    """
    if not folder.is_dir():
        raise DefinitionInvalid(file=folder, line=1, key="(folder)", problem="there is no such folder.")
    found: list[Correction] = []
    for path in sorted(folder.glob("*.yaml")):
        descriptor = descriptors.get(path.stem)
        if descriptor is None:
            raise DefinitionInvalid(
                file=path.name, line=1, key="(file)", problem=f"no source has the id «{path.stem}»."
            )
        for written in read_model(path, CorrectionFile).corrections:
            correction = Correction(source_id=path.stem, **written.model_dump())
            for problem in (*_problems(correction, descriptor), *_clashes(correction, found)):
                raise DefinitionInvalid(
                    file=path.name, line=_line(path, written.correction_id), key=written.correction_id, problem=problem
                )
            found.append(correction)
    return tuple(found)


def _problems(correction: Correction, descriptor: Descriptor) -> Iterator[str]:
    """What is wrong with a correction, seen with the descriptor of its source."""
    if correction.expect == correction.value:
        yield "expect and value are the same."
    if correction.column in correction.where:
        yield f"where names the corrected column {correction.column}; expect says what it holds."
    if correction.dataset is not None and correction.dataset not in {one.dataset for one in descriptor.layouts}:
        yield f"the source has no dataset «{correction.dataset}»."
    is_cell = correction.year is not None
    if is_cell and not descriptor.is_wide:
        yield "year is for a source with years as columns."
    if is_cell != (correction.column == CELL and CELL not in descriptor.columns):
        yield f"a cell of a year needs both year and «column: {CELL}»."
    if is_cell and not PERIOD_LABEL.match(correction.year or ""):
        yield f"«{correction.year}» is no year column."
    for name in [*correction.where, *([] if is_cell else [correction.column])]:
        column = descriptor.columns.get(name)
        if column is None:
            yield f"the source has no column {name}."
        elif column.treatment != "public":
            yield f"the column {name} is {column.treatment}: only public columns can be corrected or named."
    markers = {mark for one in descriptor.layouts if isinstance(one, WideLayout) for mark in one.missing_markers}
    held = [(correction.column, correction.expect), (correction.column, correction.value)]
    for name, text in [*correction.where.items(), *held]:
        is_marker = is_cell and name == CELL and text in markers
        problem = None if text is None or is_marker else _misfit(text, descriptor.columns.get(name))
        if problem:
            yield f"{name}: {problem}"


def _misfit(text: str, column: Column | None) -> str | None:
    """Why a text cannot stand in a column of raw Parquet (None is a cell); personal data is not repeated."""
    if kind_of(text):
        return "a value looks like personal data."
    if not text or text != text.strip():
        return f"«{text}» is no canonical text; null stands for blank."
    if column is not None and column.type == "code":
        return None if text in column.codes else f"«{text}» is none of the column's codes."
    is_fit, kind = KINDS.get(column.type if column else "number", (bool, ""))
    return None if is_fit(text) else f"«{text}» is no {kind}."


def _clashes(correction: Correction, earlier: list[Correction]) -> Iterator[str]:
    for one in earlier:
        if one.correction_id == correction.correction_id:
            yield f"the id stands twice ({one.source_id}, {correction.source_id})."
        if _place(one) == _place(correction):
            yield f"{one.correction_id} corrects the same value."


def _place(correction: Correction) -> tuple[object, ...]:
    where = tuple(sorted(correction.where.items()))
    return correction.source_id, correction.dataset, where, correction.column, correction.year


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and "e" not in text.casefold()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _line(path: Path, correction_id: str) -> int:
    """The line on which a correction names itself."""
    names_itself = re.compile(rf"\bcorrection_id:\s*['\"]?{correction_id}\b")
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return next((number for number, line in lines if names_itself.search(line)), 1)


KINDS = {
    "number": (_is_number, "number with a decimal point"),
    "date": (_is_date, "date (YYYY-MM-DD)"),
    "boolean": (("true", "false").__contains__, "boolean (true, false)"),
}
