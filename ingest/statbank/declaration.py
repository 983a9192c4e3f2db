"""What a descriptor asks StatBank for: tables, and of each the variables, values and periods."""

from collections import Counter
from typing import Literal

from pydantic import Field, model_validator

from agreements.yaml_files import Strict

ALL = "all"

SUFFIX = {"JSONSTAT": ".json", "CSV": ".csv", "BULK": ".csv", "PX": ".px", "XLSX": ".xlsx"}
"""The file name's ending by format."""

STREAMED = frozenset({"BULK"})
"""Formats without a limit of cells; in return every variable has to be named."""

MOST_CELLS = 1_000_000
"""StatBank's limit for a request in any other format, since 27 May 2021."""


class Choice(Strict):
    """A variable by its code, and which of its values: all, or those listed by code or by label in `lang`."""

    code: str = Field(min_length=1)
    values: Literal["all"] | tuple[str, ...] = Field(min_length=1)


class FetchedTable(Strict):
    """One table: the variables to keep, in the order of the label columns; StatBank adds up over the others.

    `since` is the first year, None for every period that there is.
    """

    table: str = Field(pattern=r"^[A-ZÆØÅ][A-ZÆØÅ0-9]*$")
    variables: tuple[Choice, ...] = Field(min_length=1)
    since: int | None = Field(default=None, ge=1900, le=2100)

    @model_validator(mode="after")
    def _a_variable_once(self) -> "FetchedTable":
        count = Counter(choice.code.casefold() for choice in self.variables)
        twice = [code for code, times in count.items() if times > 1]
        if twice:
            raise ValueError(f"variables that stand twice: {', '.join(twice)}")
        return self


class Fetch(Strict):
    """What `omraadetal refresh-statbank` asks for, and in which form the answer is delivered."""

    lang: Literal["da", "en"] = "da"
    format: Literal["JSONSTAT", "CSV", "BULK", "PX", "XLSX"] = "JSONSTAT"
    value_presentation: Literal["Code", "Value", "CodeAndValue"] = "Value"
    most_cells: int = Field(default=MOST_CELLS, ge=1)
    tables: tuple[FetchedTable, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _a_table_once(self) -> "Fetch":
        count = Counter(one.table for one in self.tables)
        twice = [table for table, times in count.items() if times > 1]
        if twice:
            raise ValueError(f"tables that stand twice: {', '.join(twice)}")
        return self

    @property
    def is_streamed(self) -> bool:
        return self.format in STREAMED

    @property
    def suffix(self) -> str:
        return SUFFIX[self.format]

    def file_name(self, table: str, part: str = "") -> str:
        """`RAS200.json`, or `FOLK1A_2008K1-2012K4.json` for one of several pieces."""
        return f"{table}{part and '_'}{part}{self.suffix}"
