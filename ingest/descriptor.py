"""One YAML descriptor per source: how its files look, what each column is, how deliveries relate."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from agreements.measures import Identifier
from agreements.yaml_files import Strict, read_model
from ingest.columns import PLACE_TYPES, Age, Column
from ingest.layouts import SUFFIXES, Layout, TableLayout, WideLayout, without_gzip
from ingest.statbank.declaration import Fetch
from vocabulary.errors import DefinitionInvalid


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


class Retention(Strict):
    """How long a source's records are kept, in whole calendar years, and on which basis."""

    keep_years: int = Field(ge=1, le=100)
    basis: str = Field(min_length=1)

    def expired_before(self, as_of: date) -> date:
        """1 January of the earliest year that is still kept; what is dated before it is past."""
        return date(as_of.year - self.keep_years, 1, 1)


class Descriptor(Strict):
    """Everything the reader knows of one source.

    `one_file_per: area` says that each file holds one area, which its name tells. `fetch`: what StatBank is asked for.
    """

    source_id: Identifier
    name: str
    owner: str
    description: str
    cadence: str
    replacement: Literal["replaces_period", "replaces_sheets", "appends"]
    one_file_per: Literal["area"] | None = None
    period: PeriodRule
    retention: Retention | None = None
    fetch: Fetch | None = None
    columns: dict[Identifier, Column]
    derived: dict[Identifier, Age] = Field(default_factory=dict)
    layouts: tuple[Layout, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Descriptor":
        if not self.layouts:
            raise ValueError("a source has at least one layout")
        for layout in self.layouts:
            undeclared = sorted(set(layout.names) - set(self.columns))
            if undeclared:
                raise ValueError(f"layout {layout.layout}: not in columns: {', '.join(undeclared)}")
            if isinstance(layout, TableLayout):
                self._refuse_other_types(layout)
        mentioned = {column.consent for column in self.columns.values() if column.consent}
        mentioned |= {part for age in self.derived.values() for part in (age.birth, age.at)}
        if mentioned - set(self.columns):
            raise ValueError(f"not in columns: {', '.join(sorted(mentioned - set(self.columns)))}")
        self._refuse_uses_of_free_text(mentioned)
        self._refuse_identities_that_stay()
        if self.is_wide and any(isinstance(layout, TableLayout) for layout in self.layouts):
            raise ValueError("a source has records or years as columns, not both")
        return self

    @model_validator(mode="after")
    def _one_column_per_role(self) -> "Descriptor":
        roles = {
            "place (area, areas, region)": [n for n, c in self.columns.items() if c.type in PLACE_TYPES],
            "weight": [n for n, c in self.columns.items() if c.weight],
            "person (pseudonymise)": [n for n, c in self.columns.items() if c.treatment == "pseudonymise"],
            "day (event_date)": [n for n, c in self.columns.items() if c.event_date],
        }
        for role, names in roles.items():
            if len(names) > 1:
                raise ValueError(f"more than one column is the {role}: {', '.join(names)}")
            if names and not self.columns[names[0]].is_kept:
                raise ValueError(f"the {role} cannot be dropped: {names[0]}")
        if self.one_file_per == "area" and self.area_column is None:
            raise ValueError("one_file_per «area» needs a column of type «area» or «areas»")
        return self

    def _refuse_uses_of_free_text(self, mentioned: set[str]) -> None:
        """Of text that somebody typed only whether it is filled may follow."""
        labels = {name for layout in self.layouts if isinstance(layout, WideLayout) for name in layout.dimensions}
        used = sorted(name for name in mentioned | labels if self.columns[name].treatment == "free_text")
        if used:
            raise ValueError(f"free_text gives nothing but whether it is filled: {', '.join(used)}")

    def _refuse_identities_that_stay(self) -> None:
        """What a person is known by must not be kept beside what is made of it."""
        births = sorted(name for name in {age.birth for age in self.derived.values()} if self.columns[name].is_kept)
        if births:
            raise ValueError(f"a birth date of which an age is made is dropped: {', '.join(births)}")
        for name, column in self.columns.items():
            if column.consent and self.columns[column.consent].type != "boolean":
                raise ValueError(f"consent of {name}: {column.consent} is no «boolean»")

    def _refuse_other_types(self, layout: TableLayout) -> None:
        for name in layout.filled:
            if self.columns[name].type != "boolean":
                raise ValueError(f"layout {layout.layout}: filled gives a «boolean», which {name} is not")
        for name, scaled in layout.scaled.items():
            if {self.columns[name].type, self.columns[scaled.source].type} != {"number"}:
                raise ValueError(f"layout {layout.layout}: scaled needs two columns of type «number» for {name}")

    @property
    def area_column(self) -> str | None:
        """The column of housing areas: one of them (`area`) or several joined by «;» (`areas`)."""
        return self._first(lambda column: column.type in ("area", "areas"))

    @property
    def region_column(self) -> str | None:
        """The column of regions of the whole country, as delivered."""
        return self._first(lambda column: column.type == "region")

    @property
    def person_column(self) -> str | None:
        """The column of pseudonyms."""
        return self._first(lambda column: column.treatment == "pseudonymise")

    @property
    def consent_column(self) -> str | None:
        """The column that says whether the person consents to a pseudonym."""
        return self.columns[self.person_column].consent if self.person_column else None

    @property
    def weight_column(self) -> str | None:
        """The column of the answers' weights."""
        return self._first(lambda column: column.weight)

    @property
    def event_column(self) -> str | None:
        """The column of the day on which a record counts."""
        return self._first(lambda column: column.event_date)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """What tells two records apart; in a wide source its label columns, of which a dataset may lack some."""
        if self.is_wide:
            labels = {name for layout in self.layouts for name in layout.names}
            return tuple(name for name in self.columns if name in labels)
        return tuple(name for name, column in self.columns.items() if column.key)

    def _first(self, has_role: Callable[[Column], bool]) -> str | None:
        return next((name for name, column in self.columns.items() if has_role(column)), None)

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The columns of raw Parquet, without the lineage columns."""
        kept = [name for name, column in self.columns.items() if column.is_kept]
        return (*kept, *self.derived)

    @property
    def is_wide(self) -> bool:
        return any(isinstance(layout, WideLayout) for layout in self.layouts)

    @property
    def has_pseudonyms(self) -> bool:
        return self.person_column is not None

    @property
    def names_persons(self) -> bool:
        """Whether a column of text that is not kept may hold names."""
        return any(column.may_name_persons for column in self.columns.values())

    def layouts_for(self, file_name: str) -> list[TableLayout | WideLayout]:
        """The layouts whose file name pattern and format fit, in the order of the descriptor.

        Of a gzip file those of the file inside it; an archive's name says nothing of them.
        """
        name = unicodedata.normalize("NFC", without_gzip(file_name))
        suffix = Path(name).suffix.lower()
        return [
            layout
            for layout in self.layouts
            if suffix in SUFFIXES[layout.format]
            and (layout.file_name is None or re.search(layout.file_name, name, re.IGNORECASE))
        ]


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


def kept_columns(descriptors: Mapping[str, Descriptor]) -> dict[str, frozenset[str]]:
    """The columns of raw Parquet by source: what an agreement's measures may select by."""
    return {source_id: frozenset(descriptor.kept_columns) for source_id, descriptor in descriptors.items()}
