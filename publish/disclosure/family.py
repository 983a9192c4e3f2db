"""The figures of one indicator as a system: its cells, their parts over time, and what ties them together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from publish.disclosure.bounds import Relation
from vocabulary.states import ALL_AREAS_ID


class Cell(NamedTuple):
    """A figure of the family, tonight's or an earlier one's: where it stands."""

    area_id: str
    year_kind: str
    year: int

    @property
    def is_total(self) -> bool:
        return self.area_id == ALL_AREAS_ID


class Part(NamedTuple):
    """A part of a year that no table shows, such as a quarter that lies in a calendar and in an agreement year.

    Counted in two ways (`measure_id`) it is two parts.
    """

    area_id: str
    start: pd.Timestamp
    measure_id: int


Values = Mapping[Cell, float]


@dataclass(frozen=True)
class Snapshot:
    """The family in one publication. `tables` are what is counted, each with its true values: one for counts; answers,
    hits and misses for shares. `shown` are the cells that it showed with the values it showed (in the first table);
    `hidden` those it hid.
    """

    tables: tuple[Values, ...]
    shown: Values = field(default_factory=dict)
    hidden: frozenset[Cell] = frozenset()


@dataclass(frozen=True)
class Structure:
    """What ties cells together whatever their values: areas in a total, parts in years.

    `parts_of` is empty where no two years overlap. `are_persons`: one person may stand in several parts of a year.
    """

    areas: frozenset[str]
    parts_of: Mapping[Cell, tuple[Part, ...]]
    are_persons: bool

    def relations(self, values: Values) -> list[Relation]:
        """The relations among the cells that have values.

        How far areas overlap is taken as known: few persons live in two of them, and who guesses so is nearly right.
        """
        found = [*self.totals(values)]
        for cell in values:
            if parts := self.parts_of.get(cell):
                found.append(Relation(cell, parts, None if self.are_persons and len(parts) > 1 else 0.0))
        return found

    def totals(self, values: Mapping[Cell, float] | Mapping[Part, float]) -> Iterator[Relation]:
        """The areas of a year, or of a part of one, and their total."""
        own = sorted(self.areas)
        for total in values:
            if total.area_id != ALL_AREAS_ID or not own:
                continue
            areas = [total._replace(area_id=area) for area in own]
            if all(area in values for area in areas):
                yield Relation(total, tuple(areas), sum(values[area] for area in areas) - values[total])


@dataclass(frozen=True)
class Family:
    """All that is known of one indicator's figures.

    Cells in `primary` are too small, those in `waiting` show an earlier value (given); `sensitive_parts` are too small
    and follow from two kinds of years. `earlier` are the publications before, in order.
    """

    structure: Structure
    tonight: Snapshot
    parts: Mapping[Part, float]
    contributors: Values
    primary: frozenset[Cell]
    waiting: Values
    sensitive_parts: frozenset[Part]
    earlier: Sequence[Snapshot] = ()
