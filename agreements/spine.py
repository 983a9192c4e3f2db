"""The expected figures: which rows exist, for which period, and when each is due.

Exactly these rows become figures (DESIGN: «The spine»); what is delivered only decides their state and value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.measures import Calendar, FigureType
from agreements.model import Agreement, Indicator
from vocabulary.states import YearKind


@dataclass(frozen=True)
class ExpectedFigure:
    """One row of the spine; its grain is agreement, indicator, area, kind of year and year."""

    agreement_id: str
    indicator_id: str
    area_id: str
    year_kind: str
    year: int
    year_label: str
    period_start: date
    period_end: date
    is_partial_year: bool
    is_in_cadence: bool
    is_not_measured: bool
    due_on: date
    instrument: str | None
    is_series_break: bool


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


def expected_figures(agreement: Agreement, as_of: date, delivered: DeliveredYears) -> list[ExpectedFigure]:
    """The spine of one agreement as seen on `as_of`, given the years that have been delivered."""
    return [row for indicator in agreement.indicators for row in _rows(agreement, indicator, as_of, delivered)]


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
    agreement: Agreement, indicator: Indicator, as_of: date, delivered: DeliveredYears
) -> Iterator[ExpectedFigure]:
    calendar = indicator.calendar
    found = delivered.get((indicator.measure.source, indicator.measure.dataset), frozenset())
    instruments = {wave.year: wave.instrument for wave in calendar.waves}
    waves = sorted(set(instruments) | found) if calendar.cadence == "waves" else []
    previous = dict(zip(waves[1:], waves, strict=False))
    blank_cells = {cell.area for cell in indicator.not_measured}
    for year in _years(agreement, calendar, as_of, waves or sorted(found)):
        in_cadence = calendar.cadence != "waves" or year.year in waves
        instrument = instruments.get(year.year)
        before = instruments.get(previous[year.year]) if year.year in previous else None
        for area_id in indicator.areas:
            yield ExpectedFigure(
                agreement_id=agreement.agreement_id,
                indicator_id=indicator.indicator_id,
                area_id=area_id,
                year_kind=year.kind.value,
                year=year.year,
                year_label=year.label,
                period_start=year.start,
                period_end=year.end,
                is_partial_year=indicator.measure.type is FigureType.FLOW and not _is_whole(year),
                is_in_cadence=in_cadence,
                is_not_measured=in_cadence and area_id in blank_cells,
                due_on=year.end + timedelta(days=calendar.due_days_after_period),
                instrument=instrument,
                is_series_break=instrument is not None and before is not None and instrument != before,
            )


def _years(agreement: Agreement, calendar: Calendar, as_of: date, numbers: list[int]) -> list[Year]:
    """The years a figure is expected for; `numbers` are the waves, or the years delivered."""
    if calendar.cadence == "yearly":
        makers = {YearKind.CALENDAR: calendar_years, YearKind.AGREEMENT: agreement_years}
        return [year for kind in calendar.year_kinds for year in makers[kind](agreement)]
    if calendar.cadence == "waves":
        numbers = list(range(min(numbers), as_of.year + 1))
    return [Year(YearKind.CALENDAR, number, date(number, 1, 1), date(number, 12, 31)) for number in numbers]


def _is_whole(year: Year) -> bool:
    if year.kind is YearKind.CALENDAR:
        return year.start == date(year.year, 1, 1) and year.end == date(year.year, 12, 31)
    return year.end + timedelta(days=1) == _anniversary(year.start)
