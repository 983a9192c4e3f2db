"""What is new since an earlier publication. Of a night that was stopped, which has none, only why and where."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from publish.grain import GRAIN
from vocabulary.flags import CATALOGUE, FLAG_KEY, FlagCode
from vocabulary.states import Severity
from warehouse.builds import BuildRecord
from warehouse.connections import literal, reading
from warehouse.journal import FLAGS_FILE, Journal, JournalEntry
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force

PUBLISHED_NAMES = """
    indicator as (select agreement_id, indicator_id, indicator_name from marts.dim_indicator),
    area as (select area_id, area_name from marts.dim_area),
    year as (select year_kind, year, year_label from marts.dim_year)
"""
BUILT_NAMES = """
    indicator as (select agreement_id, indicator_id, name as indicator_name from agreement.indicator),
    area as (select area_id, name as area_name from agreement.area),
    year as (select distinct year_kind, year, year_label from agreement.expected_year)
"""


@dataclass(frozen=True)
class Finding:
    """One flag in words. `file_name`, `detail` and `message` are None where they may not be told, or there is none."""

    severity: Severity
    flag_code: FlagCode
    indicator: str | None
    area: str | None
    year: str | None
    source_id: str | None
    file_name: str | None = None
    detail: str | None = None
    message: str | None = None

    @property
    def title(self) -> str:
        """What the catalogue calls it, without numbers."""
        return CATALOGUE[self.flag_code].title_da

    @property
    def place(self) -> str:
        """The figure, or else the file or its source; and what else tells it from others, such as a month."""
        figure = ", ".join(part for part in (self.indicator, self.area, self.year) if part)
        return ", ".join(part for part in (figure or self.file_name or self.source_id, self.detail) if part)


@dataclass(frozen=True)
class News:
    """What a night brought. `since` is the day of the publication compared with; None where there was none before.

    `is_late`: it has come to no end by the time when it should; `running` says what is at work, in Danish.
    """

    notice_id: str
    as_of: date
    opened: tuple[Finding, ...]
    resolved: tuple[Finding, ...] = ()
    unchanged_count: int = 0
    since: date | None = None
    is_blocked: bool = False
    is_held: bool = False
    is_late: bool = False
    running: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.opened or self.resolved or self.is_late)


def published_news(paths: Paths, entry: JournalEntry, since: JournalEntry | None) -> News:
    """The publication in force (`entry`) against an earlier one: flags that came and are not acknowledged, and went.

    Only keys are compared with the journal, which is confidential; words come from what is published.
    """
    with reading(in_force(paths) / PUBLICATION_FILE) as connection:
        earlier = "select * from quality.flag where false"
        if since:
            earlier = f"from read_parquet({literal(Journal(paths.journal).path(since, FLAGS_FILE))})"
        connection.execute(f"create temp view earlier_flag as {earlier}")
        now, then = (set(connection.table(name).columns) for name in ("quality.flag", "earlier_flag"))
        same = " and ".join(
            f"flag.{name} is not distinct from other.{name}" for name in FLAG_KEY if name in now and name in then
        )
        is_open = "acknowledged_until is null" if "acknowledged_until" in now else "true"
        is_known = f"exists (select 1 from earlier_flag as other where {same})"
        opened = _findings(
            connection, PUBLISHED_NAMES, f"from quality.flag as flag where {is_open} and not {is_known}", "message"
        )
        resolved = _findings(
            connection,
            PUBLISHED_NAMES,
            f"from earlier_flag as flag where not exists (select 1 from quality.flag as other where {same})",
        )
        query = f"select count(*) from quality.flag as flag where {is_open} and {is_known}"
        unchanged_count = connection.execute(query).fetchone()[0]
    return News(
        entry.publication_id, entry.as_of, opened, resolved, unchanged_count, since=since.as_of if since else None
    )


def blocked_news(paths: Paths, build: BuildRecord) -> News:
    """Why a build was not published: what and where, without a number or a file's name, since nothing hid any."""
    found = _found_in_build(paths, build, f"severity = '{Severity.BLOCKS}'")
    return News(f"{build.as_of.isoformat()}-blocked-{_digest(found)}", build.as_of, found, is_blocked=True)


def held_news(paths: Paths, build: BuildRecord) -> News:
    """What a held build would change, as blocked_news tells it. The same changes are told once, not every night."""
    found = _found_in_build(
        paths,
        build,
        f"flag_code = '{FlagCode.RESTATED}' and exists (select 1 from confidential.check_restatement as change "
        f"where change.is_unpublished and {' and '.join(f'change.{name} = flag.{name}' for name in GRAIN)})",
    )
    return News(f"held-{_digest(found)}", build.as_of, found, is_held=True)


def _found_in_build(paths: Paths, build: BuildRecord, condition: str) -> tuple[Finding, ...]:
    with reading(paths.warehouse(build.build_id)) as connection:
        return _findings(
            connection,
            BUILT_NAMES,
            "select * replace (null::varchar as file_name, null::varchar as detail) from quality.flag as flag "
            f"where {condition}",
        )


def _digest(found: Iterable[Finding]) -> str:
    return hashlib.sha256("\n".join(sorted(map(str, found))).encode()).hexdigest()[:8]


def _findings(
    connection: duckdb.DuckDBPyConnection, names: str, flags: str, message: str = "null"
) -> tuple[Finding, ...]:
    """Flags with the names of their figures, the worst first."""
    rows: Iterable[tuple] = connection.execute(
        # journals and publications from before there was a detail have no such column
        f"with {names}, flag as (select null::varchar as detail where false union all by name ({flags})) "
        "select distinct flag.severity, flag.flag_code, indicator.indicator_name, area.area_name, "
        f"coalesce(year.year_label, flag.year::varchar), flag.source_id, flag.file_name, flag.detail, {message} "
        "from flag left join indicator using (agreement_id, indicator_id) left join area using (area_id) "
        "left join year using (year_kind, year) order by all"
    ).fetchall()
    found = [Finding(Severity(row[0]), FlagCode(row[1]), *row[2:]) for row in rows]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))
