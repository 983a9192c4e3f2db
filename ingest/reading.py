"""Read one delivered content: tables of text -> rows for raw Parquet, rows for quarantine, and their counts."""

import codecs
from dataclasses import dataclass

import pandas as pd

from ingest.consent import latest_withdrawals, withdrawals_in, withdrawn
from ingest.context import Context
from ingest.derivations import with_derivations
from ingest.descriptor import Descriptor
from ingest.file_areas import file_area
from ingest.layouts import SUFFIXES, WideLayout
from ingest.periods import column_periods, table_period
from ingest.personal_data import without_personal_data
from ingest.persons import Persons
from ingest.quarantine import check_rows
from ingest.questions import merged, questions_of
from ingest.raw_rows import cells_as_json, raw_schema, without_duplicates
from ingest.readers.csv_file import read_csv
from ingest.readers.excel_file import read_excel, read_wide_excel
from ingest.readers.spss_file import read_spss
from ingest.readers.table import READER_VERSION, Table
from ingest.surroundings import cleaned, shown_name
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from warehouse.ledger import Period, Question

BLANK = codecs.BOM_UTF8 + b" \t\r\n"
READERS = {"csv": read_csv, "excel": read_excel, "spss": read_spss, "wide_excel": read_wide_excel}


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
        tables, reader, layout = _tables(content, file_name, context)
        persons = Persons.named_in(tables, context.descriptor, context.areas)
        shown = shown_name(file_name, persons)
        return _read_tables(tables, file_name, context, persons, reader=reader, layout=layout)
    except FileRefused as refusal:
        facts = refusal.facts
    except Exception as error:  # noqa: BLE001  every library has errors of its own, and a refusal hides none
        facts = {"problem": f"could not be read ({type(error).__name__}).", "reason": FileReason.FILE_UNREADABLE}
    # outside of the blocks above, so that no other exception hangs on it
    raise FileRefused(problem=f"{shown}: {facts['problem']}", reason=facts["reason"], file_name=shown)


def _tables(content: bytes, file_name: str, context: Context) -> tuple[list[Table], str, str]:
    """The tables of a file, by which reader, in which layout."""
    descriptor = context.descriptor
    if not content.strip(BLANK):
        raise FileRefused(problem="the file is empty.", reason=FileReason.EMPTY_FILE)
    layouts = descriptor.layouts_for(file_name)
    if not layouts:
        known = sorted({suffix for layout in descriptor.layouts for suffix in SUFFIXES[layout.format]})
        raise FileRefused(
            problem=f"no layout of the source {descriptor.source_id} fits its name (known: {', '.join(known)}).",
            reason=FileReason.UNKNOWN_FORMAT,
        )
    first = layouts[0].format
    layout, tables = READERS[first](content, [one for one in layouts if one.format == first])
    if not tables:
        raise FileRefused(problem="holds no table.", reason=FileReason.EMPTY_FILE)
    return tables, f"{first}-{READER_VERSION}", layout


def _read_tables(
    delivered: list[Table], file_name: str, context: Context, persons: Persons, *, reader: str, layout: str
) -> Reading:
    descriptor = context.descriptor
    area_id = file_area(file_name, descriptor, context.areas)
    # the years of sheets stand in their true names
    periods = [None if one.periods else table_period(one, descriptor, file_name, context.span) for one in delivered]
    tables, texts_redacted = cleaned(delivered, descriptor, persons)
    parts = [
        _read_table(table, period, context, area_id, persons) for table, period in zip(tables, periods, strict=True)
    ]
    totals = [table.control_total for table in tables if table.control_total is not None]
    counts = {name: sum(part.counts[name] for part in parts) for name in parts[0].counts}
    shown = shown_name(file_name, persons)
    withdrawals = pd.concat([part.withdrawals for part in parts], ignore_index=True)
    return Reading(
        file_name=shown,
        reader=reader,
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
    table: Table, period: Period | None, context: Context, area_id: str | None, persons: Persons
) -> TableReading:
    descriptor = context.descriptor
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
    periods = column_periods(table) if table.periods else [period] if period else []
    raw = kept.rows.reindex(columns=raw_schema(descriptor).names).astype(object)
    return TableReading(
        raw=raw.where(lambda cells: cells.notna(), None),
        refused=refused.sort_values("_row_number"),
        hits=kept.hits.sort_values("_row_number", kind="stable"),
        withdrawals=withdrawals_in(pd.concat([good, set_aside], ignore_index=True), descriptor, keys),
        periods=[period.model_copy(update={"area_id": area_id}) for period in periods],
        questions=questions_of(table, checked.good, descriptor),
        counts={
            "rows_read": len(table.rows) + len(table.ragged),
            "rows_loaded": len(kept.rows),
            "rows_quarantined": len(refused),
            "rows_duplicate": rows_good - len(good),
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
