"""One YAML descriptor per source: how its files look, what each column is, how deliveries relate."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agreements.measures import Identifier
from agreements.yaml_files import Strict, read_model
from vocabulary.errors import DefinitionInvalid

Treatment = Literal["public", "pseudonymise", "drop"]


class Column(Strict):
    """What one canonical column holds and what may happen to it.

    `public` is kept as text, `pseudonymise` becomes a keyed hash, `drop` is read for a derivation at most.
    A column that no descriptor names is never loaded. `grouped` numbers may have a point between thousands; where it is
    false, 1.507 is no number rather than 1507. A `region` is one of the whole country's, kept as delivered; `weight`
    marks the weight of a survey answer.
    """

    treatment: Treatment
    type: Literal["text", "date", "number", "boolean", "code", "area", "areas", "region"] = "text"
    key: bool = False
    required: bool = False
    event_date: bool = False
    weight: bool = False
    consent: Identifier | None = None
    codes: tuple[str, ...] = ()
    true_values: tuple[str, ...] = ("ja", "j", "x", "1", "true", "sand")
    false_values: tuple[str, ...] = ("nej", "n", "0", "false", "falsk")
    blank_means: bool | None = None
    approximate: bool = False
    minimum: float | None = None
    grouped: bool = True
    missing_markers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Column":
        if (self.type == "code") != bool(self.codes):
            raise ValueError("codes belong to the type «code», which needs them")
        if self.event_date and self.type != "date":
            raise ValueError("event_date belongs to a column of type «date»")
        return self


class Age(Strict):
    """Whole years from `birth` to `at`: what is kept of a birth date."""

    birth: Identifier
    at: Identifier


class TableLayout(Strict):
    """A file with one record per row; headings may have several spellings."""

    layout: str
    format: Literal["csv", "excel", "spss"]
    file_name: str | None = None
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    delimiter: str = ";"
    sheets: str = r"^\D*(?:19|20)\d\d\D*$"
    headings: dict[Identifier, tuple[str, ...]]
    footer_labels: tuple[str, ...] = ("I alt", "Total", "Sum")
    control_total_in_footer: bool = False
    dataset: str = ""


class WideLayout(Strict):
    """A sheet with label columns and one column per year; a label stands once for all rows below it."""

    layout: str
    format: Literal["wide_excel"]
    file_name: str | None = None
    dimensions: tuple[Identifier, ...]
    sheets: str = r".*"
    footer_labels: tuple[str, ...] = ()
    missing_markers: tuple[str, ...] = ("..", "…", "-", ".")
    dataset: str


Layout = Annotated[TableLayout | WideLayout, Field(discriminator="format")]


class PeriodRule(Strict):
    """Where the period of a file is said, and whether it is cut to the agreements that use the source."""

    origin: Literal["file_name", "sheet", "column", "declared"]
    cut_to_agreement: bool = True
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _declared_has_dates(self) -> "PeriodRule":
        if (self.origin == "declared") != (self.start is not None and self.end is not None):
            raise ValueError("start and end belong to the origin «declared», which needs both")
        return self


class Descriptor(Strict):
    """Everything the reader knows of one source."""

    source_id: Identifier
    name: str
    owner: str
    description: str
    cadence: str
    replacement: Literal["replaces_period", "replaces_sheets", "appends"]
    period: PeriodRule
    columns: dict[Identifier, Column]
    derived: dict[Identifier, Age] = Field(default_factory=dict)
    layouts: tuple[Layout, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> "Descriptor":
        for layout in self.layouts:
            named = layout.headings if isinstance(layout, TableLayout) else layout.dimensions
            undeclared = sorted(set(named) - set(self.columns))
            if undeclared:
                raise ValueError(f"layout {layout.layout}: not in columns: {', '.join(undeclared)}")
        mentioned = {column.consent for column in self.columns.values() if column.consent}
        mentioned |= {part for age in self.derived.values() for part in (age.birth, age.at)}
        if mentioned - set(self.columns):
            raise ValueError(f"not in columns: {', '.join(sorted(mentioned - set(self.columns)))}")
        return self

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The columns of raw Parquet, without the lineage columns."""
        kept = [name for name, column in self.columns.items() if column.treatment != "drop"]
        return (*kept, *self.derived)

    @property
    def area_column(self) -> str | None:
        return self._only(lambda column: column.type in ("area", "areas"))

    @property
    def region_column(self) -> str | None:
        return self._only(lambda column: column.type == "region")

    @property
    def person_column(self) -> str | None:
        return self._only(lambda column: column.treatment == "pseudonymise")

    @property
    def weight_column(self) -> str | None:
        return self._only(lambda column: column.weight)

    @property
    def key_columns(self) -> tuple[str, ...]:
        if self.is_wide:
            return tuple(dict.fromkeys(d for layout in self.layouts for d in layout.dimensions))
        return tuple(name for name, column in self.columns.items() if column.key)

    def _only(self, fits) -> str | None:
        return next((name for name, column in self.columns.items() if fits(column)), None)

    @property
    def is_wide(self) -> bool:
        return any(isinstance(layout, WideLayout) for layout in self.layouts)

    @property
    def has_pseudonyms(self) -> bool:
        return any(column.treatment == "pseudonymise" for column in self.columns.values())

    def layouts_for(self, file_name: str) -> list[TableLayout | WideLayout]:
        """The layouts whose file name pattern and format fit, in the order of the descriptor."""
        suffix = Path(file_name).suffix.lower()
        return [
            layout
            for layout in self.layouts
            if suffix in SUFFIXES[layout.format]
            and (layout.file_name is None or re.search(layout.file_name, file_name, re.IGNORECASE))
        ]


SUFFIXES = {
    "csv": {".csv", ".txt", ".tsv"},
    "excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "wide_excel": {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"},
    "spss": {".sav", ".zsav"},
}


def read_descriptors(folder: Path) -> dict[str, Descriptor]:
    """Every descriptor of a folder by source_id. Raises DefinitionInvalid."""
    descriptors: dict[str, Descriptor] = {}
    for path in sorted(folder.glob("*.yaml")):
        descriptor = read_model(path, Descriptor)
        if descriptor.source_id != path.stem:
            raise DefinitionInvalid(
                file=path.name, line=1, key="source_id", problem=f"is «{descriptor.source_id}», unlike the file name"
            )
        descriptors[descriptor.source_id] = descriptor
    return descriptors
