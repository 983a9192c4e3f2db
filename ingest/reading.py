"""Read one delivered content: tables of text -> rows for raw Parquet, rows for quarantine, and their counts.

The pieces of a file are checked one after the other (`ingest.piece`). What only the whole file tells is looked at when
all are there: which rows lose to a later one, whose names stand where, who withdrew their consent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.ahead import one_ahead, worked_ahead
from ingest.consent import withdrawals_of
from ingest.content import Content
from ingest.context import Context
from ingest.descriptor import Descriptor
from ingest.duplicates import losing_rows
from ingest.file_areas import file_area
from ingest.file_names import shown_name
from ingest.finish import Finish
from ingest.memory import giving_back
from ingest.parts import Parts
from ingest.persons import NamesSeen, Persons
from ingest.piece import Piece, Pieces
from ingest.questions import merged, questions_of
from ingest.raw_rows import HIT_SCHEMA, REFUSED_SCHEMA
from ingest.readers.table import READER_VERSION, Table, joined
from ingest.surroundings import cleaned
from ingest.tables import delivered_pieces
from ingest.text_columns import constant, whole
from vocabulary.errors import FileRefused, OmraadetalError
from vocabulary.reasons import FileReason
from warehouse.disk_full import is_disk_full
from warehouse.ledger import Period, Question


@dataclass(repr=False)
class Reading:
    """What one content gave beside its raw rows: refused rows, where values were taken out (`hits`), which persons
    withdrew their consent, the periods it stands for, what it asked, its counts, and what was found around its tables.

    `file_name` is the name as it may be told.
    """

    refused: pa.Table
    hits: pa.Table
    withdrawals: pa.Table
    periods: list[Period]
    questions: list[Question]
    counts: dict[str, int]
    file_name: str
    reader: str
    layout: str
    columns_unknown: list[str]
    sheets_unknown: list[str]
    notes: list[str]
    control_total: int | None


def read_content(content: Content, file_name: str, context: Context, keep: Callable[[pa.Table], None]) -> Reading:
    """Read, check, remove duplicates, pseudonymise. Raw rows go to `keep`, in the order of the file.

    Raises FileRefused with a reason for the whole file, whatever a damaged file makes a reader raise, so that the other
    files load. It carries the name as it may be told (`file_name`), and of a library's error only the kind: its message
    may quote the file.
    """
    seen = NamesSeen(context.descriptor, context.areas)
    try:
        with Parts() as parts:
            pieces = list(_checked(content, file_name, context, seen, parts))
            return _together(
                pieces, parts, seen.persons(), file_name=file_name, descriptor=context.descriptor, keep=keep
            )
    except FileRefused as refusal:
        facts = refusal.facts
    except OmraadetalError:  # the file cannot be opened, or what is read cannot be kept
        raise
    except Exception as error:
        # no fault of the file: some formats are read from a copy on the disk, and memory has a limit
        if is_disk_full(error) or isinstance(error, MemoryError):
            raise
        # every library has errors of its own, and a refusal hides none
        facts = {"problem": f"could not be read ({type(error).__name__}).", "reason": FileReason.FILE_UNREADABLE}
    # outside of the blocks above, so that no other exception hangs on it
    shown = shown_name(file_name, seen.persons())
    raise FileRefused(problem=f"{shown}: {facts['problem']}", reason=facts["reason"], file_name=shown)


def _checked(content: Content, file_name: str, context: Context, seen: NamesSeen, parts: Parts) -> Iterator[Piece]:
    area_id = file_area(file_name, context.descriptor, context.areas)
    delivered = delivered_pieces(content, file_name, context.descriptor)
    if context.descriptor.period.origin == "column":  # which rows are inside is told by all of them
        delivered = iter(joined(delivered))
    pieces = Pieces(context, file_name, area_id)

    def check(table: Table) -> tuple[Piece, pa.Table]:
        seen.look_at(table)
        return pieces.check(table)

    for piece, rows in giving_back(worked_ahead(one_ahead(delivered), check)):
        parts.add(rows)
        yield piece


def _together(
    pieces: list[Piece],
    parts: Parts,
    persons: Persons,
    *,
    file_name: str,
    descriptor: Descriptor,
    keep: Callable[[pa.Table], None],
) -> Reading:
    tables, texts_redacted = cleaned([piece.table for piece in pieces], descriptor, persons)
    losing, rows_conflicting = _duplicates(pieces, parts)
    withdrawals = withdrawals_of(_refusals(pieces, parts, tables, losing))
    finish = Finish(descriptor, persons, withdrawals)
    hits = [HIT_SCHEMA.empty_table()]
    rows_loaded = 0
    finished = worked_ahead(range(len(parts)), lambda at: finish.rows(parts[at], tables[at], losing[at]))
    for raw, found in giving_back(finished):
        keep(raw)
        rows_loaded += raw.num_rows
        hits.append(found)
    totals = [table.control_total for table in tables if table.control_total is not None]
    shown = shown_name(file_name, persons)
    refused = [
        piece.refused.append_column("_sheet", constant(table.sheet, piece.refused.num_rows))
        for piece, table in zip(pieces, tables, strict=True)
    ]
    questions = [
        question
        for piece, table in zip(pieces, tables, strict=True)
        for question in questions_of(table, piece.answers, descriptor)
    ]
    counts = {name: sum(piece.counts[name] for piece in pieces) for name in pieces[0].counts}
    all_hits = pa.concat_tables(hits)
    return Reading(
        refused=pa.concat_tables(refused).select(REFUSED_SCHEMA.names).cast(REFUSED_SCHEMA),
        hits=all_hits,
        withdrawals=withdrawals,
        periods=[period for piece in pieces for period in piece.periods],
        questions=list(merged(questions, descriptor)),
        counts=counts
        | {
            "rows_loaded": rows_loaded,
            "rows_duplicate": sum(len(lost) for lost in losing),
            "rows_conflicting": rows_conflicting,
            "values_redacted": all_hits.num_rows,
            "texts_redacted": texts_redacted + (shown != file_name),
        },
        file_name=shown,
        reader=f"{tables[0].layout.format}-{READER_VERSION}",
        layout=", ".join(dict.fromkeys(table.layout.layout for table in tables)),
        columns_unknown=sorted({name for table in tables for name in table.unknown_columns}),
        sheets_unknown=[name for table in tables for name in table.unknown_sheets],
        notes=[note for table in tables for note in table.notes],
        control_total=sum(totals) if totals else None,
    )


def _duplicates(pieces: list[Piece], parts: Parts) -> tuple[list[np.ndarray], int]:
    """The rows of each part that lose to a later one of the same table, and how many of them differ from it."""
    losing, conflicting = [], 0
    tables: list[list[int]] = []
    for at, piece in enumerate(pieces):
        tables.append([at]) if not piece.table.continues else tables[-1].append(at)
    for own in tables:
        filled = [at for at in own if pieces[at].keys is not None]
        lost, differing = losing_rows([pieces[at].keys for at in filled], lambda part, of=filled: parts[of[part]])
        by_part = dict(zip(filled, lost, strict=True))
        losing += [by_part.get(at, np.empty(0, dtype=np.int64)) for at in own]
        conflicting += differing
    return losing, conflicting


def _refusals(pieces: list[Piece], parts: Parts, tables: list[Table], losing: list[np.ndarray]) -> Iterator[pa.Table]:
    """Where consent is refused, in rows that count."""
    for at, (piece, table, lost) in enumerate(zip(pieces, tables, losing, strict=True)):
        for refusals in piece.refusals:
            placed = refusals.append_column("_sheet", constant(table.sheet, refusals.num_rows))
            if len(lost):
                gone = pc.is_in(placed["_row_number"], whole(parts[at]["_row_number"]).take(pa.array(lost)))
                placed = placed.filter(pc.invert(gone))
            yield placed
