"""What a reading leaves out before it checks a row: erased persons, and what retention has let expire."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.descriptor import Descriptor
from ingest.erasure_list import ErasureList, is_cpr
from ingest.readers.table import Cells, ColumnarRows, Table
from ingest.readers.tombstones import Tombstone
from ingest.text_columns import mapped, mask, whole
from ingest.values import parse_date


@dataclass(frozen=True)
class Without:
    """A table without the rows that are left out, and how many those are, tombstones included."""

    table: Table
    rows_erased: int = 0
    rows_expired: int = 0


@dataclass(frozen=True)
class LeftOut:
    """What is left out of one source. `expired_before`: the day that retention was applied to, None where it wasn't."""

    source_id: str
    erasures: ErasureList
    expired_before: date | None = None

    @property
    def digest(self) -> str | None:
        """Tells one selection from another; part of the reading id. None where nothing is left out."""
        parts = (self.erasures.digest(self.source_id), self.expired_before)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16] if any(parts) else None

    def without_persons(self, table: Table, descriptor: Descriptor) -> Without:
        """The table without tombstones and without the rows of persons on the erasure list."""
        erased = table.tombstones.count(Tombstone.ERASED)
        expired = table.tombstones.count(Tombstone.EXPIRED)
        if not self.erasures.entries:
            return Without(table, erased, expired)
        listed = own_rows(table, descriptor, lambda found: self.erasures.holds(self.source_id, found))
        return Without(_kept(table, listed), erased + len(listed.rows) + len(listed.ragged), expired)

    def without_expired(self, found: Without, descriptor: Descriptor, last_day: date | None) -> Without:
        """The same without what is dated before the day that retention was applied to.

        `last_day` is the last of the table's period: where it is past, nothing is kept. In any other table a row goes
        by its day; one without a readable day is quarantined, so that nothing but its position is kept of it.
        """
        table = found.table
        if self.expired_before is None:
            return found
        listed = expired_rows(table, descriptor, last_day, self.expired_before)
        gone = len(listed.rows) + len(listed.ragged)
        return replace(found, table=_kept(table, listed), rows_expired=found.rows_expired + gone)


@dataclass(frozen=True)
class RowsAt:
    """Places in a table's `rows` and in its `ragged`."""

    rows: frozenset[int]
    ragged: frozenset[int]


def own_rows(table: Table, descriptor: Descriptor, holds: Callable[[set[str]], set[str]]) -> RowsAt:
    """Where the rows of some persons stand; `holds` gives those of some numbers that are theirs.

    Consent does not matter, and neither does whether a row could be used.
    """
    person = descriptor.person_column
    if person not in table.columns:
        return RowsAt(frozenset(), frozenset())
    own = whole(table.data[person])
    ragged = [_identities(cells, table.positions[person], table.width) for cells in table.ragged_cells]
    found = holds({one for one in pc.unique(own).to_pylist() if one} | {one for ones in ragged for one in ones})
    return RowsAt(
        _at(pc.is_in(own, pa.array(found, pa.string()))),
        frozenset(at for at, ones in enumerate(ragged) if not found.isdisjoint(ones)),
    )


def expired_rows(table: Table, descriptor: Descriptor, last_day: date | None, expired_before: date) -> RowsAt:
    """Where the rows stand that are dated before a day: all of them where the table's last day is."""
    if last_day and last_day < expired_before:
        return RowsAt(frozenset(range(len(table.rows))), frozenset(range(len(table.ragged))))
    event = descriptor.event_column
    if event not in table.columns:
        return RowsAt(frozenset(), frozenset())
    past = mapped(
        whole(table.data[event]), lambda text: "x" if (d := parse_date(text)) and d < expired_before else None
    )
    return RowsAt(_at(pc.is_valid(past)), frozenset())


def _at(found: pa.Array) -> frozenset[int]:
    return frozenset(np.flatnonzero(mask(found)).tolist())


def _identities(cells: Cells, place: int, width: int) -> set[str]:
    """The cells of a malformed row that may name its person.

    A missing or surplus field moves a cell by as many places. A CPR number is told by its form, wherever it stands.
    """
    shift = max(1, abs(len(cells) - width))
    near = range(place - shift, place + shift + 1)
    return {cell for at, cell in enumerate(cells) if cell and cell.strip() and (at in near or is_cpr(cell))}


def _kept(table: Table, gone: RowsAt) -> Table:
    if not gone.rows and not gone.ragged:
        return table
    keep = np.ones(len(table.rows), dtype=bool)
    keep[list(gone.rows)] = False
    ragged = [at for at in range(len(table.ragged)) if at not in gone.ragged]
    return replace(
        table,
        rows=ColumnarRows(table.data.filter(pa.array(keep))),
        row_numbers=np.asarray(table.row_numbers)[keep],
        ragged=[table.ragged[at] for at in ragged],
        ragged_cells=[table.ragged_cells[at] for at in ragged],
    )
