"""Figures as the board's report shows them: a cell, a promise with its status, a series, a table by area.

Texts are Danish, numbers are given twice: as written for a reader and as a number for a cell of a workbook.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a status reads. Never told by colour alone: `sign` and the words say the same."""

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"
    NEUTRAL = "neutral"

    @property
    def sign(self) -> str:
        return {"good": "●", "open": "▲", "bad": "■", "neutral": "○"}[self]


@dataclass(frozen=True)
class Cell:
    """One figure as it is shown.

    `text` is what stands in the cell (`1.663`, `61,4 %`, `skjult`, `mangler`); `value` the number, None where there is
    none; `state` the Danish wording of why there is or is no number; `detail` a line below it (`56,8–65,9, 455 svar`);
    `note` the letter of its footnote.
    """

    text: str
    value: float | None
    state: str
    note: str | None = None
    detail: str | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Status:
    """How a figure stands, in words and tone."""

    text: str
    tone: Tone


@dataclass(frozen=True)
class Promise:
    """One line of the first page: goal, indicator, baseline, figure, target, status.

    `baseline` and `target` are worded (`51 % (2018)`, `1.500 om året`), None where the agreement has none; `trend` is
    how the figure stands to the baseline. `year_label` is the year of `figure`: a survey's last wave may be older than
    the report's year.
    """

    goal: str
    indicator_id: str
    indicator: str
    area: str
    year_label: str
    figure: Cell
    previous_label: str | None
    previous: Cell | None
    baseline: str | None
    target: str | None
    status: Status
    trend: str | None


@dataclass(frozen=True)
class Point:
    """One year of a chart; `value` None is a gap, whose reason is `state`. `ci_low` and `ci_high` as in the mart.

    `is_break`: measured otherwise than the point before, so no line joins them. `is_preliminary`: of a part of a year.
    """

    year_label: str
    value: float | None
    state: str
    ci_low: float | None = None
    ci_high: float | None = None
    target: float | None = None
    is_break: bool = False
    is_preliminary: bool = False


@dataclass(frozen=True)
class Chart:
    """One series over the years for the area that the promise is about; `alt` says in Danish what it shows."""

    title: str
    unit: str
    points: tuple[Point, ...]
    alt: str
    baseline: float | None = None
    baseline_label: str | None = None


@dataclass(frozen=True)
class AreaRow:
    area: str
    is_total: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class AreaTable:
    """Areas down, years across, up to the report's year; a cell for each year, in the order of `years`."""

    caption: str
    unit: str
    years: tuple[str, ...]
    rows: tuple[AreaRow, ...]
    remarks: tuple[str, ...] = ()
