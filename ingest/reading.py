"""Read one delivered content: tables of text -> rows for raw Parquet, rows for quarantine, and their counts."""

from dataclasses import dataclass, replace

import pandas as pd

from ingest.consent import latest_withdrawals, withdrawals_in, withdrawn
from ingest.context import Context
from ingest.derivations import with_derivations
from ingest.descriptor import Descriptor
from ingest.file_areas import file_area
from ingest.layouts import WideLayout
from ingest.left_out import Without
from ingest.periods import periods_of
from ingest.personal_data import without_personal_data
from ingest.persons import Persons
from ingest.quarantine import check_rows
from ingest.questions import merged, questions_of
from ingest.raw_rows import cells_as_json, raw_schema, without_duplicates
from ingest.readers.table import READER_VERSION, Table
from ingest.surroundings import cleaned, shown_name
from ingest.tables import delivered_tables
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from warehouse.disk_full import is_disk_full
from warehouse.ledger import Period, Question


@dataclass(repr=False)
class TableReading:
    """What one table gave: raw rows, refused rows, where values were taken out (`hits`), which persons withdrew their
    consent, the periods it stands for, what it asked, and its counts.
    """

    raw: pd.DataFrame
    refused: pd.DataFrame
    hits: pd.DataFrame
    withdrawals: pd.DataFrame
    periods: list[Period]
    questions: list[Question]
    counts: dict[str, int]


@dataclass(repr=False)
class Reading(TableReading):
    """What one content gave: the tables of the file together, and what was found around them.

    `file_name` is the name as it may be told.
    """

    file_name: str
    reader: str
    layout: str
    columns_unknown: list[str]
    sheets_unknown: list[str]
    notes: list[str]
    control_total: int | None


def read_content(content: bytes, file_name: str, context: Context) -> Reading:
    """Read, check, remove duplicates, pseudonymise.

    Raises FileRefused with a reason for the whole file, whatever a damaged file makes a reader raise, so that the other
    files load. It carries the name as it may be told (`file_name`), and of a library's error only the kind: its message
    may quote the file.
    """
    shown = shown_name(file_name)
    try:
        layout, tables = delivered_tables(content, file_name, context.descriptor)
        persons = Persons.named_in(tables, context.descriptor, context.areas)
        shown = shown_name(file_name, persons)
        return _read_tables(tables, file_name, context, persons, layout=layout)
    except FileRefused as refusal:
        facts = refusal.facts
    except Exception as error:
        # no fault of the file: SPSS files are read from a copy on the disk, and memory has a limit
        if is_disk_full(error) or isinstance(error, MemoryError):
            raise
        # every library has errors of its own, and a refusal hides none
        facts = {"problem": f"could not be read ({type(error).__name__}).", "reason": FileReason.FILE_UNREADABLE}
    # outside of the blocks above, so that no other exception hangs on it
    raise FileRefused(problem=f"{shown}: {facts['problem']}", reason=facts["reason"], file_name=shown)


def _read_tables(delivered: list[Table], file_name: str, context: Context, persons: Persons, *, layout: str) -> Reading:
    descriptor = context.descriptor
    area_id = file_area(file_name, descriptor, context.areas)
    without = [context.left_out.without_persons(one, descriptor) for one in delivered]
    # the years of sheets stand in their true names
    periods = [periods_of(one.table, descriptor, file_name, context.span) for one in without]
    tables, texts_redacted = cleaned([one.table for one in without], descriptor, persons)
    parts = [
        _read_table(replace(one, table=table), context, area_id, persons, period=period, periods=own)
        for one, table, (period, own) in zip(without, tables, periods, strict=True)
    ]
    totals = [table.control_total for table in tables if table.control_total is not None]
    counts = {name: sum(part.counts[name] for part in parts) for name in parts[0].counts}
    shown = shown_name(file_name, persons)
    withdrawals = pd.concat([part.withdrawals for part in parts], ignore_index=True)
    return Reading(
        file_name=shown,
        reader=f"{delivered[0].layout.format}-{READER_VERSION}",
        layout=layout,
        raw=_with_withdrawals(pd.concat([part.raw for part in parts], ignore_index=True), withdrawals, descriptor),
        refused=pd.concat([part.refused for part in parts], ignore_index=True),
        hits=pd.concat([part.hits for part in parts], ignore_index=True),
        withdrawals=withdrawals,
        periods=[period for part in parts for period in part.periods],
        questions=list(merged([question for part in parts for question in part.questions], descriptor)),
        counts=counts | {"texts_redacted": texts_redacted + (shown != file_name)},
        columns_unknown=sorted({name for table in tables for name in table.unknown_columns}),
        sheets_unknown=[name for table in tables for name in table.unknown_sheets],
        notes=[note for table in tables for note in table.notes],
        control_total=sum(totals) if totals else None,
    )


def _with_withdrawals(raw: pd.DataFrame, withdrawals: pd.DataFrame, descriptor: Descriptor) -> pd.DataFrame:
    """The rows of a file without the pseudonyms of those who withdraw their consent later in it."""
    if withdrawals.empty or descriptor.person_column is None:
        return raw
    gone = withdrawn(raw, descriptor.person_column, 0, latest_withdrawals([(0, withdrawals)]))
    return raw.assign(**{descriptor.person_column: raw[descriptor.person_column].where(~gone, None)})


def _read_table(
    delivered: Without,
    context: Context,
    area_id: str | None,
    persons: Persons,
    *,
    period: Period | None,
    periods: list[Period],
) -> TableReading:
    descriptor = context.descriptor
    last_day = max((one.end for one in periods), default=None)
    without = context.left_out.without_expired(delivered, descriptor, last_day)
    table = without.table
    checked = check_rows(table, descriptor, context.areas, period, area_id)
    good, values_invalid = with_derivations(checked.good, table.layout), checked.values_invalid
    if area_id and descriptor.area_column not in table.columns:
        good[descriptor.area_column] = area_id
    if isinstance(table.layout, WideLayout):
        good, bad_cells = cells_as_json(good, table.periods, table.layout)
        values_invalid += bad_cells
    else:
        good["_period"] = period.label if period else None
        good["_period_on"] = _days(good, descriptor, period)
    good["_sheet"], good["_dataset"] = table.sheet, table.dataset
    rows_good = len(good)
    good, rows_conflicting = without_duplicates(good, descriptor)
    kept = without_personal_data(good, descriptor, context.key, persons)
    set_aside = checked.set_aside.assign(_period_on=_days(checked.set_aside, descriptor, period), _sheet=table.sheet)
    keys = (context.key, *context.retired) if context.key else ()
    refused = checked.refused.assign(_sheet=table.sheet)
    raw = kept.rows.reindex(columns=raw_schema(descriptor).names).astype(object)
    return TableReading(
        raw=raw.where(lambda cells: cells.notna(), None),
        refused=refused.sort_values("_row_number"),
        hits=kept.hits.sort_values("_row_number", kind="stable"),
        withdrawals=withdrawals_in(pd.concat([good, set_aside], ignore_index=True), descriptor, keys),
        periods=[period.model_copy(update={"area_id": area_id}) for period in periods],
        questions=questions_of(table, checked.good, descriptor),
        counts={
            "rows_read": len(table.rows) + len(table.ragged) + without.rows_erased + without.rows_expired,
            "rows_loaded": len(kept.rows),
            "rows_quarantined": len(refused),
            "rows_duplicate": rows_good - len(good),
            "rows_erased": without.rows_erased,
            "rows_expired": without.rows_expired,
            "rows_conflicting": rows_conflicting,
            "values_invalid": values_invalid,
            "values_redacted": len(kept.hits),
        },
    )


def _days(rows: pd.DataFrame, descriptor: Descriptor, period: Period | None) -> pd.Series | str | None:
    """The day of each row, or the first of the period where rows have none."""
    if descriptor.event_column in rows:
        return rows[descriptor.event_column]
    return period.start.isoformat() if period else None
