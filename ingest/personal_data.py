"""Where personal data stops: drop, pseudonymise, derive ages, and take out of public text what looks personal.

A cell with a hit is taken out whole, since what stands beside a number tells whose it is: text becomes «[fjernet]»,
which is still filled, and a number becomes null.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.columns import Column
from ingest.descriptor import Descriptor
from ingest.patterns import REDACTED, kind_of, kind_of_number, may_hold
from ingest.persons import Persons
from ingest.pseudonyms import Pseudonyms
from ingest.text_columns import constant, mapped, mask, whole

FEW_TEXTS = 20
SCANNED_AS_TEXT = ("text", "region")
"""Types whose public cells are kept as somebody wrote them; the others are canonical values of a closed kind."""


def without_identities(good: pa.Table, descriptor: Descriptor, pseudonyms: Pseudonyms | None) -> pa.Table:
    """Checked rows without the columns that are not kept: birth dates become ages, identities become pseudonyms where
    consent is given.
    """
    kept = good
    for name, age in descriptor.derived.items():
        kept = kept.append_column(name, _whole_years(whole(good[age.birth]), whole(good[age.at])))
    for name in [name for name in good.column_names if name in descriptor.columns]:
        column = descriptor.columns[name]
        if not column.is_kept:
            kept = kept.drop_columns(name)
        elif column.treatment == "pseudonymise":
            known = _may_be_known(good, name, column)
            found = (
                pseudonyms.of(pc.if_else(known, whole(good[name]), pa.scalar(None, pa.string())))
                if pseudonyms
                else None
            )
            empty = constant(None, good.num_rows)
            kept = kept.set_column(kept.column_names.index(name), name, empty if found is None else found)
    return kept


@dataclass(frozen=True, repr=False)
class Kept:
    """Rows as they may leave ingest, and where a value was taken out (`_row_number`, `_sheet`, `column`, `kind`)."""

    rows: pa.Table
    hits: list[pa.Table]


def without_personal_data(rows: pa.Table, descriptor: Descriptor, persons: Persons) -> Kept:
    """Rows without the public values in which `persons` or a pattern was found."""
    hits = []
    for name in [name for name in rows.column_names if name in descriptor.columns]:
        column = descriptor.columns[name]
        if column.treatment != "public":
            continue
        values = whole(rows[name])
        kinds = _kinds(values, column, persons)
        if kinds is not None:
            found = pc.is_valid(kinds)
            hits.append(_places(rows, name, kinds))
            other = _replacement(rows, column, is_key=name in descriptor.key_columns)
            rows = rows.set_column(rows.column_names.index(name), name, pc.if_else(found, other, values))
    return Kept(rows, hits)


def _may_be_known(good: pa.Table, name: str, column: Column) -> pa.Array:
    """The rows whose person may get a pseudonym: an id, and consent where the descriptor asks for it."""
    has_id = pc.is_valid(whole(good[name]))
    if column.consent is None:
        return has_id
    if column.consent not in good.column_names:
        return pa.array(np.zeros(good.num_rows, dtype=bool))
    return pc.and_(has_id, pc.fill_null(pc.equal(whole(good[column.consent]), "true"), False))


def _whole_years(births: pa.Array, days: pa.Array) -> pa.Array:
    """From canonical dates; null where one is missing."""
    (birth_year, birth_day), (year, day) = _year_and_day(births), _year_and_day(days)
    before_birthday = pc.cast(pc.less(day, birth_day), pa.int32())
    return pc.cast(pc.subtract(pc.subtract(year, birth_year), before_birthday), pa.string())


def _year_and_day(dates: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The year as a number, and month and day as text that sorts."""
    return pc.cast(pc.utf8_slice_codeunits(dates, 0, 4), pa.int32()), pc.utf8_slice_codeunits(dates, 5, 10)


def _kinds(values: pa.Array, column: Column, persons: Persons) -> pa.Array | None:
    """The kind of personal data that each value holds, null where it holds none; None where no value does."""
    if column.type in SCANNED_AS_TEXT:
        # of a key each row has its own
        coded = None if column.key else values.dictionary_encode()
        texts = values if coded is None else coded.dictionary
        # to make patterns ready for a few texts takes longer than to read these
        is_long = len(texts) > FEW_TEXTS
        worth = np.flatnonzero(may_hold(texts) | persons.may_be_named_in(texts) if is_long else mask(texts.is_valid()))
        kinds = {int(at): kind for at in worth if (kind := text_kind(texts[int(at)].as_py(), persons))}
        if not kinds:
            return None
        answers = np.full(len(texts), None, dtype=object)
        answers[list(kinds)] = list(kinds.values())
        found = pa.array(answers, pa.string())
        return found if coded is None else found.take(coded.indices)
    if column.type == "number":
        found = mapped(values, kind_of_number)
        return found if found.null_count < len(found) else None
    return None


def text_kind(text: str, persons: Persons) -> str | None:
    """`cpr`, `email`, `phone` or `name`, the first that a text holds; None for text that may be kept."""
    return kind_of(text) or ("name" if persons.is_named_in(text) else None)


def _replacement(rows: pa.Table, column: Column, *, is_key: bool) -> pa.Array:
    if is_key:  # records must stay apart: a key of its own for each row
        numbers = pc.cast(whole(rows["_row_number"]), pa.string())
        return pc.binary_join_element_wise(REDACTED, numbers, " ")
    return constant(None if column.type == "number" else REDACTED, rows.num_rows)


def _places(rows: pa.Table, name: str, kinds: pa.Array) -> pa.Table:
    found = pc.is_valid(kinds)
    hit = rows.select(["_row_number", "_sheet"]).filter(found)
    return hit.append_column("column", constant(name, hit.num_rows)).append_column("kind", kinds.filter(found))
