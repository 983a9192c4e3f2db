"""Work one step ahead: the next item is made in a thread of its own while the one before is used."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
END = object()


def one_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items; what making one raises is raised where it is asked for."""
    source = iter(items)
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, source, END)
        while (item := coming.result()) is not END:
            coming = thread.submit(next, source, END)
            yield item
