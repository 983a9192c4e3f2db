"""Memory between the pieces of a file: what stays of each lies among what was freed, so that much is held in vain."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import pyarrow as pa

Item = TypeVar("Item")
FIRST, PIECES = 64, 4
"""Half a gigabyte of text, until which there is memory enough; and after how many more it is done each time."""


def giving_back(items: Iterable[Item]) -> Iterator[Item]:
    """The same items; now and then, and at the end, what is free goes back to the system."""
    at = 0
    for at, item in enumerate(items, 1):
        yield item
        if at > FIRST and at % PIECES == 0:
            pa.default_memory_pool().release_unused()
    if at > FIRST:
        pa.default_memory_pool().release_unused()
