"""Columns of text (Arrow arrays), value by value: what is asked of a value is asked once, however often it stands."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def mapped(values: pa.Array, answer: Callable[[str], str | None]) -> pa.Array:
    """Each value as `answer` gives it; null stays null."""
    coded = whole(values).dictionary_encode()
    answers = pa.array([answer(one) for one in coded.dictionary.to_pylist()], pa.string())
    return answers.take(coded.indices)


def whole(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def blank(values: pa.Array) -> pa.Array:
    """Which values are empty or nothing but space; null for null."""
    return pc.or_(pc.equal(pc.binary_length(values), 0), pc.utf8_is_space(values))


def filled(values: pa.Array) -> pa.Array:
    """The values with null instead of what is blank."""
    is_blank = blank(values)
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), values) if pc.any(is_blank).as_py() else values


def mask(found: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Truth values, false for null."""
    return whole(pc.fill_null(found, False)).to_numpy(zero_copy_only=False)


def constant(text: str | None, length: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), length)
