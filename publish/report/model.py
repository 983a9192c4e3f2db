"""The board's report for one agreement and year as data: what PDF, HTML and the Excel annex all show.

Everything is worded and ordered here (publish/report/reading.py); what renders it decides on looks alone. Texts are
Danish, numbers are given twice: as written for a reader and as a number for a cell of a workbook.
"""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Comment:
    """What the head of the programme says to a figure."""

    text: str
    role: str
    written_on: date


@dataclass(frozen=True)
class Caveat:
    """What is missing or flagged: what was found, what to do, who; `acknowledged` says who let it stand until when."""

    severity: str
    tone: Tone
    title: str
    about: str
    message: str
    remedy: str
    who: str
    acknowledged: str | None = None


@dataclass(frozen=True)
class Change:
    """A figure that is another than in the last report (`since`: which)."""

    indicator_id: str
    about: str
    before: Cell
    after: Cell
    since: str


@dataclass(frozen=True)
class Section:
    """One indicator: its promise if it has one, its series, its areas, what is said of it."""

    indicator_id: str
    name: str
    goal: str | None
    unit: str
    definition: str
    definition_version: str
    data_source: str
    quote: str | None
    reading: str | None
    promise: Promise | None
    chart: Chart | None
    table: AreaTable | None
    comments: tuple[Comment, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Note:
    """A footnote: the sources, delivery dates and state of the figures that bear its letter."""

    letter: str
    text: str


@dataclass(frozen=True)
class Source:
    """A source of the report: who delivers it, and when last."""

    name: str
    owner: str | None
    last_delivered_on: date | None


@dataclass(frozen=True)
class Decision:
    """A decision of the board about the agreement; `is_in_force` on the day of the report."""

    decided_on: date
    effective_from: date
    minutes: str
    reason: str
    changes: tuple[str, ...]
    is_in_force: bool


@dataclass(frozen=True)
class Edition:
    """An edition of the report that the board approved, by which minutes."""

    number: int
    year_label: str
    minutes: str
    approved_on: date
    publication_id: str


@dataclass(frozen=True)
class Report:
    """The whole report, in its order. `headline` are the sentences that answer «holder vi, hvad vi lovede?».

    `edition` is set in the frozen copy that the board approved; `earlier_editions` are those of any year. `comments`
    are about the whole year; `earlier_caveats` counts what is flagged of earlier years and not listed.
    """

    agreement_id: str
    agreement: str
    programme: str
    valid_from: date
    valid_to: date
    year_kind: str
    year: int
    year_label: str
    year_kind_label: str
    version: str
    as_of: date
    published_on: date
    publication_id: str
    headline: tuple[str, ...]
    promises: tuple[Promise, ...]
    sections: tuple[Section, ...]
    context: tuple[Section, ...]
    caveats: tuple[Caveat, ...]
    changes: tuple[Change, ...]
    changes_since: str | None
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    earlier_editions: tuple[Edition, ...] = ()
    edition: Edition | None = None
    remarks: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    earlier_caveats: int = 0
