"""How one kind of a source's files looks: what stands in which column, and what follows from it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agreements.areas import normalise
from agreements.measures import Identifier
from agreements.yaml_files import Strict

SUFFIXES = {
    "csv": {".csv", ".txt", ".tsv"},
    "excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "wide_excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "spss": {".sav", ".zsav"},
    "cube": {".json", ".px", ".csv", ".txt"},
}
GZIP_SUFFIX, ZIP_SUFFIX = ".gz", ".zip"
"""A packed file has the layout of the file inside it: `x.csv.gz` is `x.csv`, and a zip file names its member."""


def without_gzip(file_name: str) -> str:
    """The name of the file that is packed in a file of this name, or the name itself."""
    return file_name[: -len(GZIP_SUFFIX)] if file_name.lower().endswith(GZIP_SUFFIX) else file_name


ENCODINGS = ("utf-8-sig", "cp1252")
"""Tried in order where neither file nor layout says more."""

TIME_NAMES = ("Tid", "time", "år", "year", "kvartal", "quarter", "måned", "month")
"""What tables of statistics call their variable of time, where the source does not say otherwise."""


class Scaled(Strict):
    """A number in the unit of another column: `source` times `factor`."""

    source: Identifier = Field(alias="from")
    factor: Decimal = Field(gt=0, allow_inf_nan=False)


class TableLayout(Strict):
    """A file with one record per row; headings may have several spellings.

    A column that this kind of file lacks may follow from one that it has: `filled` is true where the other column is
    filled and false where it is blank, `scaled` is the other column in another unit.
    """

    layout: str
    format: Literal["csv", "excel", "spss"]
    file_name: str | None = None
    encodings: tuple[str, ...] = ENCODINGS
    delimiter: str = ";"
    sheets: str = r"^\D*(?:19|20)\d\d\D*$"
    headings: dict[Identifier, tuple[str, ...]]
    filled: dict[Identifier, Identifier] = Field(default_factory=dict)
    scaled: dict[Identifier, Scaled] = Field(default_factory=dict)
    footer_labels: tuple[str, ...] = ("I alt", "Total", "Sum")
    control_total_in_footer: bool = False
    dataset: str = ""

    @model_validator(mode="after")
    def _follows_from_what_is_delivered(self) -> "TableLayout":
        following = [*self.filled, *self.scaled]
        twice = sorted(name for name in following if name in self.headings or following.count(name) > 1)
        if twice:
            raise ValueError(f"delivered and derived at once: {', '.join(twice)}")
        origins = {*self.filled.values(), *(scaled.source for scaled in self.scaled.values())}
        if origins - set(self.headings):
            raise ValueError(f"not in headings: {', '.join(sorted(origins - set(self.headings)))}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a file of this layout gives."""
        return (*self.headings, *self.filled, *self.scaled)


class WideLayout(Strict):
    """A table whose rows have labels and one value per year or part of a year; its kinds say how a file holds it."""

    layout: str
    file_name: str | None = None
    dimensions: tuple[Identifier, ...] | dict[Identifier, tuple[str, ...]]
    missing_markers: tuple[str, ...] = ("..", "…", "-", ".")
    dataset: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a file of this layout gives."""
        return tuple(self.dimensions)


class SheetLayout(WideLayout):
    """A sheet with label columns and one column per year; a label stands once for all rows below it.

    The number of label columns tells one layout of a dataset from another; where that is not enough, so does `title`, a
    pattern that must be found in what stands above the years. Label columns have no headings, or those declared here.
    """

    format: Literal["wide_excel"]
    dimensions: tuple[Identifier, ...] = Field(min_length=1)
    title: str | None = None
    headings: dict[Identifier, tuple[str, ...]] = Field(default_factory=dict)
    sheets: str = r".*"
    footer_labels: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _headings_are_of_labels(self) -> "SheetLayout":
        if set(self.headings) - set(self.dimensions):
            raise ValueError(f"not in dimensions: {', '.join(sorted(set(self.headings) - set(self.dimensions)))}")
        return self


class CubeLayout(WideLayout):
    """A table of statistics whose variables have names: JSON-stat, PC-Axis, or CSV with a row per combination.

    `dimensions` are the variables by code or text, in any order; `time` and `values` name the variable of time and the
    column of values where the format does not mark them. `absent_means` is what a combination without a row stands for
    in CSV. It has no default, because it tells zero from missing.
    """

    format: Literal["cube"]
    dimensions: dict[Identifier, tuple[str, ...]] = Field(min_length=1)
    time: tuple[str, ...] = TIME_NAMES
    values: tuple[str, ...] = ("Indhold", "contents", "value", "værdi")
    absent_means: Literal["0", ".."]
    missing_markers: tuple[str, ...] = ("..", "…", "...", "-", ".")

    @model_validator(mode="after")
    def _one_meaning_per_name(self) -> "CubeLayout":
        groups = (*self.dimensions.values(), self.time, self.values)
        said = [name for names in groups for name in {normalise(one) for one in names}]
        twice = sorted({name for name in said if said.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


Layout = Annotated[TableLayout | SheetLayout | CubeLayout, Field(discriminator="format")]
