"""Which stretch of time a file stands for, and the part of it that the agreements cover."""

import re
from calendar import monthrange
from datetime import date, timedelta

import pyarrow.compute as pc

from ingest.descriptor import Descriptor, PeriodRule
from ingest.patterns import without_matches
from ingest.readers.table import Table
from ingest.values import parse_date
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from warehouse.ledger import Period

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
PART_OF_YEAR = re.compile(r"^(\d{4})([KQMHUW])(\d{1,2})$")

Span = tuple[date, date] | None


def periods_of(table: Table, descriptor: Descriptor, file_name: str, span: Span) -> tuple[Period | None, list[Period]]:
    """The period of a record table (None for a wide one), and every period that the table stands for.

    Raises FileRefused (unknown_period).
    """
    if table.periods:
        return None, column_periods(table)
    period = table_period(table, descriptor, file_name, span)
    return period, [period] if period else []


def table_period(table: Table, descriptor: Descriptor, file_name: str, span: Span) -> Period | None:
    """The period of one record table, cut to the agreements; None where nothing of it is left.

    Raises FileRefused (unknown_period) where the name holds no year, or more than one.
    """
    rule = descriptor.period
    if rule.origin == "declared" and rule.start and rule.end:
        return _cut(Period(label="declared", dataset=table.dataset, start=rule.start, end=rule.end), rule, span)
    if rule.origin == "column":
        return _cut(_observed(table, descriptor), rule, span)
    is_sheet = rule.origin == "sheet"
    years = years_in(table.sheet or "" if is_sheet else file_name)
    if len(years) != 1:
        raise FileRefused(
            problem=f"the name of {f'sheet {table.sheet_number}' if is_sheet else 'the file'} holds "
            f"{'no year' if not years else 'more than one year'}.",
            reason=FileReason.UNKNOWN_PERIOD,
        )
    year = int(years[0])
    return _cut(
        Period(label=str(year), dataset=table.dataset, start=date(year, 1, 1), end=date(year, 12, 31)), rule, span
    )


def years_in(text: str) -> list[str]:
    """The different years that a file or sheet name holds, in order; four digits of a person's number are none."""
    return sorted(set(YEAR.findall(without_matches(text, ("cpr", "phone")))))


def column_periods(table: Table) -> list[Period]:
    """One period per year (or quarter, month, half-year, week) column of a wide sheet."""
    return [
        Period(label=label, dataset=table.dataset, start=start, end=end)
        for label in table.periods
        for start, end in [_bounds(label)]
    ]


def _cut(period: Period, rule: PeriodRule, span: Span) -> Period | None:
    if span is None or not rule.cut_to_agreement:
        return period
    start, end = max(period.start, span[0]), min(period.end, span[1])
    return period.model_copy(update={"start": start, "end": end}) if start <= end else None


def _observed(table: Table, descriptor: Descriptor) -> Period:
    event = descriptor.event_column
    cells = pc.unique(table.data[event]).to_pylist() if event in table.columns else []
    days = sorted(day for day in (parse_date(cell) for cell in cells if cell) if day)
    if not days:
        raise FileRefused(problem="no row holds a date.", reason=FileReason.UNKNOWN_PERIOD)
    return Period(label=f"{days[0]}/{days[-1]}", dataset=table.dataset, start=days[0], end=days[-1])


def _bounds(label: str) -> tuple[date, date]:
    match = PART_OF_YEAR.match(label)
    if match is None:
        return date(int(label), 1, 1), date(int(label), 12, 31)
    year, unit, number = int(match[1]), match[2], int(match[3])
    if unit in "UW":
        start = date.fromisocalendar(year, number, 1)
        return start, start + timedelta(days=6)
    months = {"M": 1, "K": 3, "Q": 3, "H": 6}[unit]
    last = months * number
    return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])
