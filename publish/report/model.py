"""The board's report for one agreement and year as data: what PDF, HTML and the Excel annex all show.

Everything is worded and ordered here (publish/report/reading.py), with its figures (publish/report/figures.py); what
renders it decides on looks alone.
"""

from dataclasses import dataclass
from datetime import date

from publish.report.figures import AreaTable, Cell, Chart, Promise, Tone


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
