"""The expected figures: which years exist for each indicator, for which period, and when each is due.

With the areas of the indicator these are exactly the rows that become figures (DESIGN: «The spine»); what is delivered
only decides their state and value. A year is judged by the promise in force on its first day, among the decisions taken
by as-of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.living import LivingAgreement, Version
from agreements.measures import Calendar, FigureType
from agreements.model import Agreement, Indicator
from vocabulary.states import YearKind


@dataclass(frozen=True)
class ExpectedYear:
    """One year of one indicator; `version` is the promise that it is judged by.

    `cumulative_start` is the agreement's first day where the target is for the whole period, else None.
    """

    agreement_id: str
    indicator_id: str
    version: int
    year_kind: str
    year: int
    year_label: str
    period_start: date
    period_end: date
    cadence: str
    is_partial_year: bool
    is_in_cadence: bool
    due_on: date
    instrument: str | None
    is_series_break: bool
    cumulative_start: date | None


@dataclass(frozen=True)
class Year:
    """A calendar or agreement year, with its part inside the agreement."""

    kind: YearKind
    year: int
    start: date
    end: date

    @property
    def label(self) -> str:
        """`2022`, or `2021/22` for an agreement year."""
        return str(self.year) if self.kind is YearKind.CALENDAR else f"{self.year}/{(self.year + 1) % 100:02d}"


DeliveredYears = Mapping[tuple[str, str | None], frozenset[int]]
"""(source_id, dataset) -> the years that deliveries up to as-of contain."""


def expected_years(living: LivingAgreement, as_of: date, delivered: DeliveredYears) -> list[ExpectedYear]:
    """The years of every indicator of one agreement as seen on `as_of`, given the years that have been delivered."""
    versions = living.versions(as_of)
    return [
        row
        for version in versions
        for indicator in version.agreement.indicators
        for row in _rows(versions, version, indicator, as_of, delivered)
    ]


def version_on(versions: Sequence[Version], day: date) -> Version:
    """The promise in force on a day; before the agreement began, the first one."""
    return next((version for version in reversed(versions) if version.valid_from <= day), versions[0])


def agreement_years(agreement: Agreement) -> list[Year]:
    """The agreement's own years; the last may be cut short by its end."""
    years = []
    start = agreement.valid_from
    while start <= agreement.valid_to:
        following = _anniversary(start)
        years.append(
            Year(YearKind.AGREEMENT, start.year, start, min(following - timedelta(days=1), agreement.valid_to))
        )
        start = following
    return years


def calendar_years(agreement: Agreement) -> list[Year]:
    """The calendar years that overlap the agreement, cut to it."""
    first, last = agreement.valid_from, agreement.valid_to
    return [
        Year(YearKind.CALENDAR, year, max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
        for year in range(first.year, last.year + 1)
    ]


def _anniversary(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _rows(
    versions: Sequence[Version],
    version: Version,
    indicator: Indicator,
    as_of: date,
    delivered: DeliveredYears,
) -> Iterator[ExpectedYear]:
    frame, calendar, measure = versions[-1].agreement, indicator.calendar, indicator.measure
    found = delivered.get((measure.source or "", measure.dataset), frozenset())
    named = {wave.year: wave for wave in calendar.waves}
    waves = sorted(set(named) | found) if calendar.cadence == "waves" else []
    previous = dict(zip(waves[1:], waves, strict=False))
    is_cumulative = indicator.target is not None and indicator.target.basis == "cumulative"
    for year in _years(frame, calendar, as_of, waves or sorted(found)):
        if version_on(versions, year.start) is not version:
            continue
        wave = named.get(year.year)
        before = named.get(previous[year.year]) if year.year in previous else None
        yield ExpectedYear(
            agreement_id=frame.agreement_id,
            indicator_id=indicator.indicator_id,
            version=version.number,
            year_kind=year.kind.value,
            year=year.year,
            year_label=year.label,
            period_start=year.start,
            period_end=year.end,
            cadence=calendar.cadence,
            is_partial_year=measure.type is FigureType.FLOW and not _is_whole(year),
            is_in_cadence=calendar.cadence != "waves" or year.year in waves,
            due_on=(wave and wave.due_by) or _due_on(calendar, year.end),
            instrument=wave.instrument if wave else None,
            is_series_break=wave is not None and before is not None and wave.instrument != before.instrument,
            cumulative_start=frame.valid_from if is_cumulative else None,
        )


def _years(frame: Agreement, calendar: Calendar, as_of: date, numbers: list[int]) -> list[Year]:
    """The years a figure is expected for; `numbers` are the waves, or the years delivered."""
    if calendar.cadence == "yearly":
        makers = {YearKind.CALENDAR: calendar_years, YearKind.AGREEMENT: agreement_years}
        first, last = calendar.first_year or date.min.year, calendar.last_year or date.max.year
        return [year for kind in calendar.year_kinds for year in makers[kind](frame) if first <= year.year <= last]
    if calendar.cadence == "waves":
        numbers = list(range(min(numbers), as_of.year + 1))
    return [Year(YearKind.CALENDAR, number, date(number, 1, 1), date(number, 12, 31)) for number in numbers]


def _due_on(calendar: Calendar, period_end: date) -> date:
    if calendar.due_by is None:
        return period_end + timedelta(days=calendar.due_days_after_period)
    month, day = (int(part) for part in calendar.due_by.split("-"))
    candidates = (date(year, month, day) for year in (period_end.year, period_end.year + 1))
    return next(candidate for candidate in candidates if candidate > period_end)


def _is_whole(year: Year) -> bool:
    if year.kind is YearKind.CALENDAR:
        return year.start == date(year.year, 1, 1) and year.end == date(year.year, 12, 31)
    return year.end + timedelta(days=1) == _anniversary(year.start)
