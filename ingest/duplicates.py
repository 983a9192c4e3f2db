"""Rows with one key: which of them stay. The later wins, wherever in the file it stands.

Of each row 8 bytes are held (a digest of its key), so that a file of any size is looked at whole; two more digests, of
its key and of what is not kept of it, lie with the row. Two keys with equal digests of 128 bits do not occur.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from ingest.descriptor import Descriptor
from ingest.raw_rows import LINEAGE

DIGESTS = ("_key", "_key_reversed", "_unkept")
RANGE_BITS = 3


@lru_cache(maxsize=1)
def _hashing() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def with_digests(good: pa.Table, descriptor: Descriptor) -> pa.Table:
    """Checked rows with the digests of their key, and of what is not kept or not as it is; as they are where the source
    has no key.
    """
    keys = [f'"{name}"' for name in descriptor.key_columns if name in good.column_names]
    if not keys or not good.num_rows:
        return good
    columns = [(name, descriptor.columns[name]) for name in good.column_names if name in descriptor.columns]
    unkept = [f'"{name}"' for name, column in columns if column.treatment != "public"]
    reversed_keys = [f"reverse({key})" for key in keys]
    for name, column in zip(DIGESTS, _hashed(good, keys, reversed_keys, unkept), strict=True):
        good = good.append_column(name, column)
    return good


def _hashed(rows: pa.Table, *groups: Sequence[str]) -> list[pa.ChunkedArray]:
    """A digest of each row for each group of SQL expressions."""
    hashes = ", ".join(f"hash({', '.join(group or ['0'])})" for group in groups)
    return _hashing().cursor().from_arrow(rows).project(hashes).to_arrow_table().columns


def _repeated(keys: Sequence[np.ndarray]) -> np.ndarray:
    """The digests that occur more than once, in order. One range at a time is sorted, so that copies are small."""
    found = []
    for kind in range(1 << RANGE_BITS):
        own = [one[one >> np.uint64(64 - RANGE_BITS) == kind] for one in keys]
        every = np.sort(np.concatenate([np.empty(0, dtype=np.uint64), *own]))
        found.append(np.unique(every[1:][every[1:] == every[:-1]]))
    return np.concatenate(found)


def losing_rows(keys: Sequence[np.ndarray], rows_of: Callable[[int], pa.Table]) -> tuple[list[np.ndarray], int]:
    """Of each part of a table the rows that lose, and how many of all of these differ from the row that stays.

    `keys` are the first digests of the rows of each part; `rows_of` gives a part with all three and what is kept.
    """
    again = _repeated(keys)
    if not len(again):
        return [np.empty(0, dtype=np.int64) for _ in keys], 0
    frames = []
    for part, own in enumerate(keys):
        at = np.flatnonzero(np.isin(own, again))
        rows = rows_of(part).take(at)
        (content,) = _hashed(rows, [f'"{name}"' for name in rows.column_names if name not in (*LINEAGE, *DIGESTS[:2])])
        frames.append(rows.select(DIGESTS[:2]).append_column("_content", content).to_pandas().assign(part=part, at=at))
    rows = pd.concat(frames, ignore_index=True)
    key = list(DIGESTS[:2])
    loses = rows.duplicated(key, keep="last")
    lost = rows[loses].merge(rows.loc[~loses, [*key, "_content"]], on=key, suffixes=("", "_stays"))
    differs = int((lost["_content"] != lost["_content_stays"]).sum())
    return [np.sort(lost.loc[lost["part"].eq(part), "at"].to_numpy()) for part in range(len(keys))], differs
