"""How one kind of a source's files looks: what stands in which column, and what follows from it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agreements.measures import Identifier
from agreements.yaml_files import Strict

SUFFIXES = {
    "csv": {".csv", ".txt", ".tsv"},
    "excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "wide_excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "spss": {".sav", ".zsav"},
}
GZIP_SUFFIX, ZIP_SUFFIX = ".gz", ".zip"
"""A packed file has the layout of the file inside it: `x.csv.gz` is `x.csv`, and a zip file names its member."""


def without_gzip(file_name: str) -> str:
    """The name of the file that is packed in a file of this name, or the name itself."""
    return file_name[: -len(GZIP_SUFFIX)] if file_name.lower().endswith(GZIP_SUFFIX) else file_name


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
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
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
    """A sheet with label columns and one column per year; a label stands once for all rows below it.

    The number of label columns tells one layout of a dataset from another; where that is not enough, so does `title`, a
    pattern that must be found in what stands above the years. Label columns have no headings, or those declared here.
    """

    layout: str
    format: Literal["wide_excel"]
    file_name: str | None = None
    dimensions: tuple[Identifier, ...] = Field(min_length=1)
    title: str | None = None
    headings: dict[Identifier, tuple[str, ...]] = Field(default_factory=dict)
    sheets: str = r".*"
    footer_labels: tuple[str, ...] = ()
    missing_markers: tuple[str, ...] = ("..", "…", "-", ".")
    dataset: str

    @model_validator(mode="after")
    def _headings_are_of_labels(self) -> "WideLayout":
        if set(self.headings) - set(self.dimensions):
            raise ValueError(f"not in dimensions: {', '.join(sorted(set(self.headings) - set(self.dimensions)))}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a file of this layout gives."""
        return self.dimensions


Layout = Annotated[TableLayout | WideLayout, Field(discriminator="format")]
