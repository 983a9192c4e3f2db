"""Make registrations as ingest would have stored them: raw Parquet by year, and the ledger's records.

One file per calendar year, each delivered in the January after; one year was delivered again in March, corrected, so
that its first delivery is no longer in force. Rows come from hashes of their number: the same seed gives the same rows.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa

from benchmarks.workload import OUTSIDE_AREA_ID, REFERRALS, SOURCE_ID, THEMES, VALID_FROM, VALID_TO, Workload
from ingest.descriptor import read_descriptors
from ingest.raw_rows import raw_schema, write_schemas
from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus
from warehouse.ledger import Ledger, LedgerRecord, Period, reading_file

CORRECTED_YEAR = 2022
FIRST_YEAR_IN_MINUTES = 2023
"""Exports before this year give the duration in hours."""

SESSIONS_PER_PERSON = 8
BRIDGED_SHARE = 0.4
CONSENT_SHARE = 0.88
PSEUDONYM_SHARE = 0.85
"""Of all rows; those without consent have none, and a few with consent have none either."""

AWAY_SHARE = 0.05
"""How many sessions are held in another area than the person's own."""

OUTSIDE_SHARE = 0.01


@dataclass(frozen=True)
class Delivery:
    """One file: the year it stands for, when it came, and how many rows it has."""

    year: int
    delivered_on: date
    rows: int
    version: int

    @property
    def file_name(self) -> str:
        return f"vejledninger_{self.year}{'_rettet' if self.version > 1 else ''}.csv"

    @property
    def start(self) -> date:
        return max(VALID_FROM, date(self.year, 1, 1))

    @property
    def end(self) -> date:
        return min(VALID_TO, date(self.year, 12, 31))


def deliveries(workload: Workload) -> list[Delivery]:
    """The yearly files and the correction, with the workload's records spread evenly over the days."""
    days_in_all = (VALID_TO - VALID_FROM).days + 1
    made, rows_before = [], 0
    for year in range(VALID_FROM.year, VALID_TO.year + 1):
        end = min(VALID_TO, date(year, 12, 31))
        rows_by_then = workload.records * ((end - VALID_FROM).days + 1) // days_in_all
        rows, rows_before = rows_by_then - rows_before, rows_by_then
        if year == CORRECTED_YEAR:
            made.append(Delivery(year, date(year + 1, 1, 15), rows * 19 // 20, 1))
            made.append(Delivery(year, date(year + 1, 3, 2), rows, 2))
        else:
            made.append(Delivery(year, date(year + 1, 1, 15), rows, 1))
    return made


def write_registrations(workload: Workload, settings: Settings, tell: Callable[[str], None] = lambda line: None) -> int:
    """Write raw Parquet and ledger of `workload` into the store; returns the bytes of the raw files."""
    ledger = Ledger.of(settings)
    descriptors = read_descriptors(settings.sources)
    write_schemas(ledger.store, descriptors)
    schema = raw_schema(descriptors[SOURCE_ID])
    raw_bytes = 0
    with duckdb.connect() as connection:
        for delivery in deliveries(workload):
            record = _record(delivery)
            ledger.store.write_parquet(
                _rows(connection, workload, delivery, schema), "raw", SOURCE_ID, reading_file(record.reading_id)
            )
            ledger.commit(record)
            raw_bytes += ledger.store.size("raw", SOURCE_ID, reading_file(record.reading_id))
            tell(f"  {delivery.file_name}: {delivery.rows:,} rows")
    return raw_bytes


def _record(delivery: Delivery) -> LedgerRecord:
    sha256 = hashlib.sha256(delivery.file_name.encode()).hexdigest()
    period = Period(label=str(delivery.year), dataset="", start=delivery.start, end=delivery.end)
    return LedgerRecord(
        source_id=SOURCE_ID,
        delivered_on=delivery.delivered_on,
        file_name=delivery.file_name,
        file_id=sha256[:16],
        sha256=sha256,
        size_bytes=0,
        status=DeliveryStatus.LOADED,
        reading_id=sha256[16:32],
        reader="csv-benchmark",
        layout="registrering_2023" if delivery.year >= FIRST_YEAR_IN_MINUTES else "registrering_2021",
        period_start=delivery.start,
        period_end=delivery.end,
        periods=(period,),
        rows_read=delivery.rows,
        rows_loaded=delivery.rows,
        read_at=datetime(2025, 1, 1, tzinfo=UTC),
    )


def _rows(connection: duckdb.DuckDBPyConnection, workload: Workload, delivery: Delivery, schema: pa.Schema) -> pa.Table:
    """One delivery's rows in the columns of its source; a column that is not made here is blank."""
    made = connection.execute(
        ROWS,
        {
            "rows": delivery.rows,
            "seed": f"{workload.seed}:{delivery.year}:{delivery.version}:",
            "year": delivery.year,
            "start": delivery.start,
            "days": (delivery.end - delivery.start).days + 1,
            "in_minutes": delivery.year >= FIRST_YEAR_IN_MINUTES,
            "persons": max(1, workload.records // SESSIONS_PER_PERSON),
            "areas": workload.area_ids,
            "outside_area": OUTSIDE_AREA_ID,
            "themes": THEMES,
            "referrals": REFERRALS,
            "bridged_share": BRIDGED_SHARE,
            "consent_share": CONSENT_SHARE,
            "pseudonym_share": PSEUDONYM_SHARE,
            "away_share": AWAY_SHARE,
            "outside_share": OUTSIDE_SHARE,
        },
    ).to_arrow_table()
    columns = [
        made.column(field.name).cast(field.type)
        if field.name in made.column_names
        else pa.nulls(len(made), type=field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


ROWS = """
with

drawn as (

    -- even numbers between 0 and 1, one per row and use
    select
        i,
        hash(i, $seed || 'day') / 18446744073709551616 as day_at,
        hash(i, $seed || 'person') / 18446744073709551616 as person_at,
        hash(i, $seed || 'away') / 18446744073709551616 as away_at,
        hash(i, $seed || 'area') / 18446744073709551616 as area_at,
        hash(i, $seed || 'theme') / 18446744073709551616 as theme_at,
        hash(i, $seed || 'bridged') / 18446744073709551616 as bridged_at,
        hash(i, $seed || 'consent') / 18446744073709551616 as consent_at,
        hash(i, $seed || 'minutes') / 18446744073709551616 as minutes_at
    from range($rows) as numbers(i)

),

placed as (

    select
        *,
        cast(floor(person_at * $persons) as bigint) as person_no,
        -- areas differ in size: the first has several times the sessions of the last
        pow(
            case
                when away_at < $away_share then area_at
                else hash(cast(floor(person_at * $persons) as bigint)) / 18446744073709551616
            end,
            1.5
        ) as placed_at
    from drawn

)

select
    $year || '-' || lpad(cast(i + 1 as varchar), 8, '0') as session_id,
    cast(cast($start as date) + cast(floor(day_at * $days) as integer) as varchar) as met_on,
    case
        when away_at > 1 - $outside_share then $outside_area
        else cast($areas as varchar[])[1 + cast(floor(placed_at * len($areas)) as integer)]
    end as area,
    case when consent_at < $pseudonym_share then md5(cast(person_no as varchar)) end as person,
    cast($themes as varchar[])[1 + cast(floor(theme_at * len($themes)) as integer)] as theme,
    case when bridged_at < $bridged_share then 'true' else 'false' end as is_bridged,
    case
        when bridged_at < $bridged_share then
            cast($referrals as varchar[])[1 + cast(floor(bridged_at / $bridged_share * len($referrals)) as integer)]
    end as bridged_to,
    case when consent_at < $consent_share then 'true' else 'false' end as has_consent,
    case when not $in_minutes then cast(round(0.25 + 1.5 * minutes_at, 2) as varchar) end as duration_hours,
    case when $in_minutes then cast(cast(15 + 90 * minutes_at as integer) as varchar) end as duration_minutes,
    i + 1 as _row_number,
    cast(null as varchar) as _sheet,
    '' as _dataset,
    cast($year as varchar) as _period,
    met_on as _period_on
from placed
"""
