"""Read one delivered content: tables of text -> rows for raw Parquet, rows for quarantine, and their counts."""

import hashlib
import json
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from agreements.areas import AreaList
from ingest.derivations import with_derivations
from ingest.descriptor import Descriptor
from ingest.erasure_list import NOBODY
from ingest.file_areas import areas_in, file_area
from ingest.layouts import WideLayout
from ingest.left_out import LeftOut
from ingest.periods import Span, periods_of, years_in
from ingest.personal_data import without_personal_data
from ingest.pseudonyms import PseudonymKey
from ingest.quarantine import check_rows
from ingest.questions import merged, questions_of
from ingest.readers.table import READER_VERSION, Table
from ingest.tables import tables_of
from ingest.values import number_parser
from warehouse.ledger import Period, Question

LINEAGE = ("_row_number", "_sheet", "_dataset", "_period", "_period_on")
VALUES_BY_PERIOD = "values_by_period"
"""Raw column of a wide source: the row's cells as a JSON object {year label: text}."""


@dataclass
class TableReading:
    """What one table gave: raw rows, refused rows, the periods it stands for, what it asked, and its counts."""

    raw: pd.DataFrame
    refused: pd.DataFrame
    periods: list[Period]
    questions: list[Question]
    counts: dict[str, int]


@dataclass
class Reading(TableReading):
    """What one content gave: the tables of the file together, and what was found around them."""

    reader: str
    layout: str
    columns_unknown: list[str]
    sheets_unknown: list[str]
    notes: list[str]
    control_total: int | None


@dataclass(frozen=True)
class Context:
    """Everything beside the content that decides how it is read; it goes into the reading_id."""

    descriptor: Descriptor
    areas: AreaList
    span: Span
    key: PseudonymKey | None
    left_out: LeftOut | None = None

    @property
    def left_out_digest(self) -> str | None:
        return self.left_out.digest if self.left_out else None

    def reading_id(self, file_id: str, file_name: str) -> str:
        """Equal content that is read in the same way is the same reading.

        Of the file's name only what decides the reading counts: the years and areas in it and the layouts it fits. So
        a file that was given its year is read again, and a copy under another name is not.
        """
        parts = [
            file_id,
            READER_VERSION,
            ",".join(layout.layout for layout in self.descriptor.layouts_for(file_name)),
            ",".join(years_in(file_name)) if self.descriptor.period.origin == "file_name" else "",
            ",".join(areas_in(file_name, self.areas)) if self.descriptor.one_file_per == "area" else "",
            self.descriptor.model_dump_json(exclude={"retention"}),
            self.areas.model_dump_json(),
            str(self.span),
            self.key.key_id if self.key else "",
            *([self.left_out_digest] if self.left_out_digest else []),
        ]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def raw_schema(descriptor: Descriptor) -> pa.Schema:
    """The columns of a source's raw Parquet: everything delivered is text."""
    names = [*descriptor.kept_columns, *([VALUES_BY_PERIOD] if descriptor.is_wide else [])]
    fields = [pa.field(name, pa.string()) for name in names]
    return pa.schema([*fields, *(pa.field(n, pa.int64() if n == "_row_number" else pa.string()) for n in LINEAGE)])


def read_content(content: bytes, file_name: str, context: Context) -> Reading:
    """Read, check, remove duplicates, pseudonymise. Raises FileRefused with a reason for the whole file."""
    descriptor = context.descriptor
    layout, tables = tables_of(content, file_name, descriptor)
    area_id = file_area(file_name, descriptor, context.areas)
    parts = [_read_table(table, file_name, context, area_id) for table in tables]
    totals = [table.control_total for table in tables if table.control_total is not None]
    return Reading(
        reader=f"{tables[0].layout.format}-{READER_VERSION}",
        layout=layout,
        raw=pd.concat([part.raw for part in parts], ignore_index=True),
        refused=pd.concat([part.refused for part in parts], ignore_index=True),
        periods=[period for part in parts for period in part.periods],
        questions=list(merged([question for part in parts for question in part.questions], descriptor)),
        counts={name: sum(part.counts[name] for part in parts) for name in parts[0].counts},
        columns_unknown=sorted({name for table in tables for name in table.unknown_columns}),
        sheets_unknown=[name for table in tables for name in table.unknown_sheets],
        notes=[note for table in tables for note in table.notes],
        control_total=sum(totals) if totals else None,
    )


def _read_table(table: Table, file_name: str, context: Context, area_id: str | None) -> TableReading:
    descriptor = context.descriptor
    left_out = context.left_out or LeftOut(descriptor.source_id, NOBODY)
    without = left_out.without_persons(table, descriptor)
    table = without.table
    period, periods = periods_of(table, descriptor, file_name, context.span)
    without = left_out.without_expired(without, descriptor, max((one.end for one in periods), default=None))
    table = without.table
    checked = check_rows(table, descriptor, context.areas, period, area_id)
    good, values_invalid = with_derivations(checked.good, table.layout), checked.values_invalid
    if area_id and descriptor.area_column not in table.columns:
        good[descriptor.area_column] = area_id
    if isinstance(table.layout, WideLayout):
        good, bad_cells = _cells_as_json(good, table.periods, table.layout)
        values_invalid += bad_cells
    else:
        good["_period"] = period.label if period else None
        event = descriptor.event_column
        has_event = event in table.columns
        good["_period_on"] = good[event] if has_event else (period.start.isoformat() if period else None)
    good["_sheet"], good["_dataset"] = table.sheet, table.dataset
    rows_good = len(good)
    good, rows_conflicting = _without_duplicates(good, descriptor)
    raw, values_redacted = without_personal_data(good, descriptor, context.key)
    refused = checked.refused.assign(_sheet=table.sheet)
    return TableReading(
        raw=raw.reindex(columns=raw_schema(descriptor).names).astype(object).where(lambda cells: cells.notna(), None),
        refused=refused.sort_values("_row_number"),
        periods=[period.model_copy(update={"area_id": area_id}) for period in periods],
        questions=questions_of(table, checked.good, descriptor),
        counts={
            "rows_read": len(table.rows) + len(table.ragged) + without.rows_erased + without.rows_expired,
            "rows_loaded": len(raw),
            "rows_quarantined": len(refused),
            "rows_duplicate": rows_good - len(good),
            "rows_erased": without.rows_erased,
            "rows_expired": without.rows_expired,
            "rows_conflicting": rows_conflicting,
            "values_invalid": values_invalid,
            "values_redacted": values_redacted,
        },
    )


def _cells_as_json(good: pd.DataFrame, periods: list[str], layout: WideLayout) -> tuple[pd.DataFrame, int]:
    """One JSON object per sheet row. A missing marker stays as it is; any other text that is no number is dropped."""
    parse, markers, bad = number_parser(), set(layout.missing_markers), 0

    def cell(text: str | None) -> str | None:
        nonlocal bad
        if text is None or text.strip() in markers:
            return text and text.strip()
        number = parse(text)
        bad += number is None
        return number

    rows = ({label: cell(text) for label, text in row.items()} for row in good[periods].to_dict("records"))
    kept = good.drop(columns=periods)
    kept[VALUES_BY_PERIOD] = [json.dumps(row, ensure_ascii=False) for row in rows]
    kept["_period"], kept["_period_on"] = None, None
    return kept, bad


def _without_duplicates(good: pd.DataFrame, descriptor: Descriptor) -> tuple[pd.DataFrame, int]:
    """Keep the last row of each key; also how many of the rows left out differ from the one that stays."""
    keys = [name for name in descriptor.key_columns if name in good.columns]
    if not keys or good.empty:
        return good, 0
    content = [name for name in good.columns if name != "_row_number"]
    loses = good.duplicated(keys, keep="last")
    if not loses.any():
        return good, 0
    same_as_winner = good.merge(good.loc[~loses, content], how="left", on=content, indicator=True)["_merge"].eq("both")
    conflicting = int((loses & ~same_as_winner.to_numpy()).sum())
    return good[~loses].reset_index(drop=True), conflicting
