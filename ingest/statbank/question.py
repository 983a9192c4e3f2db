"""A declared table as a question to StatBank: every value by its code, counted in cells, in pieces under the limit."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise
from math import ceil, prod
from typing import Any

from ingest.statbank.declaration import ALL, Fetch, FetchedTable
from ingest.statbank.table_info import TableInfo, Value, Variable
from vocabulary.errors import StatbankSelectionWrong


@dataclass(frozen=True)
class Asked:
    """A variable of a question and the values that are asked for, in the order of the table."""

    code: str
    label: str
    values: tuple[Value, ...]
    is_time: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked of one table; the periods come last, and ascend."""

    table: str
    variables: tuple[Asked, ...]

    @property
    def time(self) -> Asked:
        return self.variables[-1]

    @property
    def rows(self) -> int:
        """The most observations that the answer can have."""
        return prod(len(variable.values) for variable in self.variables)

    @property
    def cells(self) -> int:
        """As StatBank counts: observations times the fields of each, its variables and its value."""
        return self.rows * (len(self.variables) + 1)

    def of(self, code: str, values: Sequence[Value]) -> "Question":
        """The same question for some values of one variable."""
        return replace(
            self,
            variables=tuple(
                replace(variable, values=tuple(values)) if variable.code == code else variable
                for variable in self.variables
            ),
        )

    def body(self, fetch: Fetch) -> dict[str, Any]:
        """The request to DATA. In a workbook label columns stand in the order of the variables, the periods above."""
        body: dict[str, Any] = {
            "table": self.table,
            "format": fetch.format,
            "lang": fetch.lang,
            "valuePresentation": fetch.value_presentation,
        }
        if fetch.format == "CSV":
            body["delimiter"] = "Semicolon"
        if not fetch.is_streamed:  # which StatBank refuses to sort
            body["timeOrder"] = "Ascending"
        body["variables"] = [
            {"code": variable.code, "values": [value.id for value in variable.values]}
            | ({"placement": "head" if variable.is_time else "stub"} if fetch.format == "XLSX" else {})
            for variable in self.variables
        ]
        return body

    def digest(self, fetch: Fetch) -> str:
        """Names the question: equal questions have one digest."""
        return hashlib.sha256(json.dumps(self.body(fetch), sort_keys=True).encode()).hexdigest()


def ask(declared: FetchedTable, info: TableInfo, fetch: Fetch, source_id: str, since: int | None = None) -> Question:
    """The question that a declared table means, from the first year `since` or else from the declared one.

    Raises StatbankSelectionWrong, which names what is nearest, for a variable or value that the table does not have,
    for a variable that must be chosen and is not, and where there is no period.
    """
    chosen = _Chosen(source_id, declared.table)
    known = {variable.id.casefold(): variable for variable in info.variables if not variable.time}
    asked = []
    for choice in declared.variables:
        variable = known.pop(choice.code.casefold(), None)
        if variable is None:
            there = [one for one in info.variables if not one.time]
            raise chosen.wrong(f"there is no variable {choice.code}", choice.code, there)
        values = variable.values if choice.values == ALL else tuple(chosen.values(variable, choice.values))
        asked.append(Asked(variable.id, variable.text, values))
    missing = [variable for variable in known.values() if fetch.is_streamed or not variable.elimination]
    if missing:
        why = f"{fetch.format} wants every one" if fetch.is_streamed else "StatBank cannot leave it out"
        raise chosen.wrong(f"no values are chosen of {', '.join(one.id for one in missing)} ({why})")
    first = since or declared.since
    periods = sorted((one for one in info.time.values if first is None or one.id >= str(first)), key=lambda one: one.id)
    if not periods:
        raise chosen.wrong(f"there is no period from {first} on", str(first), info.time.values)
    return Question(declared.table, (*asked, Asked(info.time.id, info.time.text, tuple(periods), is_time=True)))


@dataclass(frozen=True)
class _Chosen:
    source_id: str
    table: str

    def values(self, variable: Variable, names: Iterable[str]) -> list[Value]:
        """The values that are named by code or by label, in the order of the table."""
        named = {}
        for name in names:
            found = [one for one in variable.values if one.id.casefold() == name.strip().casefold()]
            found = found or [one for one in variable.values if one.label.casefold() == name.strip().casefold()]
            if len(found) != 1:
                fault = "are several values" if found else "is no value"
                raise self.wrong(f"«{name}» {fault} of {variable.id}", name, found or variable.values)
            named[found[0].id] = found[0]
        return [one for one in variable.values if one.id in named]

    def wrong(self, problem: str, name: str = "", there: Sequence[Value | Variable] = ()) -> StatbankSelectionWrong:
        nearest = nearest_of(name, [(one.id, one.text.strip()) for one in there])
        return StatbankSelectionWrong(
            source_id=self.source_id,
            table=self.table,
            problem=problem,
            nearest=f"Nearest: {nearest}. " if nearest else "",
        )


def nearest_of(name: str, there: Sequence[tuple[str, str]], count: int = 5) -> str:
    """What a misspelt name may have meant, of pairs of code and label: «TOT (Total), M (Men)»."""
    spelt = {text.casefold(): (code, label) for code, label in there for text in (label, code)}
    close = get_close_matches(name.casefold(), spelt, n=count, cutoff=0.5)
    near = list(dict.fromkeys(spelt[text] for text in close)) or list(there[:count])
    return ", ".join(f"{code} ({label})" if label and label != code else code for code, label in near)


def pieces(question: Question, most_cells: int) -> list[Question]:
    """The question in pieces of at most `most_cells`, as even as may be: by time first, since each file of a delivery
    then stands for periods of its own; a period that is too large by itself is cut along the variable with most values.
    """
    if question.cells <= most_cells:
        return [question]
    splittable = [variable for variable in question.variables if len(variable.values) > 1]
    if not splittable:
        return [question]
    time = [variable for variable in splittable if variable.is_time]
    cut = time[0] if time else max(splittable, key=lambda variable: len(variable.values))
    size = max(1, len(cut.values) * most_cells // question.cells)
    count = ceil(len(cut.values) / size)
    bounds = [len(cut.values) * at // count for at in range(count + 1)]
    return [
        piece
        for first, last in pairwise(bounds)
        for piece in pieces(question.of(cut.code, cut.values[first:last]), most_cells)
    ]
