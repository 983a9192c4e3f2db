"""One made-up world: an agreement over five sources, its deliveries and corrections, and where its flags must stand.

A world starts clean. Sources that no fault touches are the same in every world and are delivered once for all of them;
a source that a fault touches is copied under a name of the world's own, so that its flags are told apart.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from benchmarks.quality.deliveries import AS_OF, FIRST_DAY, LAST_DAY, WAVES, clean_deliveries
from benchmarks.quality.files import CsvFile, Delivery, File, Workbook
from vocabulary.flags import FlagCode

TEMPLATES = Path(__file__).with_name("world")
ALL_AREAS = "alle_omraader"


class Flag(NamedTuple):
    """A flag and its exact place; None stands for a part of the place that the flag does not have.

    Faults name sources as the clean world does; `World.placed` gives them the names that the world has for them.
    """

    flag_code: str
    agreement_id: str | None = None
    indicator_id: str | None = None
    area_id: str | None = None
    year_kind: str | None = None
    year: int | None = None
    source_id: str | None = None
    file_name: str | None = None
    detail: str | None = None

    @property
    def is_at_file(self) -> bool:
        return self.file_name is not None and self.indicator_id is None


class Year(NamedTuple):
    """A year of the agreement's calendar; `due_on` is the last day on which its file is in time."""

    kind: str
    year: int
    start: date
    end: date
    due_on: date


@cache
def template(name: str) -> dict[str, Any]:
    """A YAML file of the clean world."""
    return yaml.safe_load((TEMPLATES / name).read_text(encoding="utf-8"))


@dataclass
class World:
    """A copy of the clean world by name, and what was changed in it."""

    name: str
    agreement: dict[str, Any] = field(default_factory=lambda: deepcopy(template("agreements/verden.yaml")))
    deliveries: dict[str, list[Delivery]] = field(default_factory=dict)
    corrections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    acknowledgements: list[dict[str, Any]] = field(default_factory=list)
    was_published: bool = False
    """Whether the world has an earlier publication, in which its figures were shown before."""

    def __post_init__(self) -> None:
        # one that has run out and whose finding is gone
        self.acknowledge(
            "borte", FlagCode.MISSING_FIGURE, observed=None, until=date(2023, 1, 31), indicator="brobygninger"
        )

    def source_id(self, source: str) -> str:
        """The name under which the world's agreement knows a source."""
        return f"{self.name}_{source}" if source in self.deliveries else source

    def placed(self, flags: Iterable[Flag]) -> frozenset[Flag]:
        """Flags as the night must give them: with the world's own sources, and at a file the day of its delivery."""
        days = {(one.source, one.file_name): one.delivered_on for files in self.deliveries.values() for one in files}
        return frozenset(
            flag._replace(
                source_id=flag.source_id and self.source_id(flag.source_id),
                detail=days[flag.source_id, flag.file_name].isoformat() if flag.is_at_file else flag.detail,
            )
            for flag in flags
        )

    def files(self, source: str) -> list[Delivery]:
        """The deliveries of a source, for this world alone to change."""
        if source not in self.deliveries:
            self.deliveries[source] = [replace(one) for one in clean_deliveries() if one.source == source]
            written = template("corrections/samtaler.yaml")["corrections"] if source == "samtaler" else []
            self.corrections[source] = [
                {**one, "correction_id": f"{self.name}_{one['correction_id']}"} for one in written
            ]
        return self.deliveries[source]

    def delivery(self, source: str, year: int | None = None) -> Delivery:
        """The last delivery of a source, or the last whose file name holds the year."""
        return [one for one in self.files(source) if year is None or str(year) in one.file_name][-1]

    def csv(self, source: str, year: int) -> CsvFile:
        """The last file of a source and year, for this world alone to change."""
        return cast(CsvFile, self._own(self.delivery(source, year)))

    def workbook(self, source: str, year: int | None = None) -> Workbook:
        """The same where it is a workbook."""
        return cast(Workbook, self._own(self.delivery(source, year)))

    def table(self, source: str) -> "Table":
        """The one sheet of a source with years as columns, for this world alone to change."""
        return Table(next(iter(self.workbook(source).sheets.values())))

    def _own(self, delivery: Delivery) -> File:
        if any(delivery.file is clean.file for clean in clean_deliveries()):
            delivery.file = deepcopy(delivery.file)
        return delivery.file

    def acknowledge(self, name: str, flag: FlagCode, *, observed: str | None, until: date, **scope: Any) -> str:
        """Let findings of the world stand until a day; returns the id of the acknowledgement."""
        acknowledgement_id = f"{self.name}_{name}"
        self.acknowledgements.append(
            {
                "acknowledgement_id": acknowledgement_id,
                "flag": flag.value,
                "scope": {"agreement": self.name, **scope},
                "observed": observed,
                "reason": "Kendt mangel",
                "by": "lederen",
                "decided_on": date(2022, 12, 1),
                "until": until,
            }
        )
        return acknowledgement_id

    def indicator(self, indicator_id: str) -> dict[str, Any]:
        return next(one for one in self.agreement["indicators"] if one["indicator_id"] == indicator_id)

    def indicators_of(self, source: str) -> list[dict[str, Any]]:
        return [one for one in self.agreement["indicators"] if one["measure"].get("source") == source]

    def flag_file(self, code: FlagCode, delivery: Delivery, **place: Any) -> Flag:
        """A flag at a file."""
        return Flag(code.value, source_id=delivery.source, file_name=delivery.file_name, **place)

    def flag_figure(self, code: FlagCode, indicator_id: str, area_id: str, year: int, kind: str = "calendar") -> Flag:
        """A flag at a figure, which names the source of the figure too."""
        source = self.indicator(indicator_id)["measure"].get("source")
        return Flag(code.value, self.name, indicator_id, area_id, kind, year, source)

    def flags_between(self, code: FlagCode, source: str, first: date, last: date) -> set[Flag]:
        """A flag at every figure from a source whose year was due by as-of and overlaps the days."""
        return {
            self.flag_figure(code, indicator["indicator_id"], area, year.year, year.kind)
            for indicator in self.indicators_of(source)
            for area in indicator["areas"]
            for year in years_of(indicator)
            if year.start <= last and year.end >= first and year.due_on < AS_OF
        }


@dataclass
class Table:
    """A sheet with years as columns: labels may stand once for the rows below."""

    rows: list[list[Any]]

    def row(self, measure: str, place: str) -> list[Any]:
        return next(row for row in self.rows if row[:2] == [measure, place])

    def column(self, year: int) -> int:
        return next(row.index(year) for row in self.rows if year in row)

    def get(self, measure: str, place: str, year: int) -> Any:
        return self.row(measure, place)[self.column(year)]

    def set(self, measure: str, place: str, year: int, value: Any) -> None:
        self.row(measure, place)[self.column(year)] = value


def years_of(indicator: dict[str, Any]) -> Iterator[Year]:
    """The years of an indicator of the agreement, each cut to the agreement, by the calendar that its YAML tells."""
    calendar = indicator["calendar"]
    if calendar["cadence"] == "waves":
        due = {wave["year"]: wave["due_by"] for wave in calendar["waves"]}
        yield from (Year("calendar", year, date(year, 1, 1), date(year, 12, 31), due[year]) for year in WAVES)
        return
    after = timedelta(days=calendar["due_days_after_period"])
    for kind in calendar["year_kinds"]:
        month = 1 if kind == "calendar" else FIRST_DAY.month
        first, last = calendar.get("first_year", 0), calendar.get("last_year", LAST_DAY.year)
        for year in range(max(first, FIRST_DAY.year), min(last, LAST_DAY.year - (kind == "agreement")) + 1):
            start, end = date(year, month, 1), date(year + 1, month, 1) - timedelta(days=1)
            start, end = max(start, FIRST_DAY), min(end, LAST_DAY)
            yield Year(kind, year, start, end, end + after)
