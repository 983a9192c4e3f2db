"""Work ahead in threads: what comes next is made while what came before is used.

What Arrow does needs no lock of Python's, so that both processors of a small machine are busy.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
WORKERS = 2
END = object()


def one_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items; what making one raises is raised where it is asked for."""
    source = iter(items)
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, source, END)
        while (item := coming.result()) is not END:
            coming = thread.submit(next, source, END)
            yield item


def worked_ahead(items: Iterable[Item], work: Callable[[Item], Result]) -> Iterator[Result]:
    """What `work` gives of each item, in their order, for a few items at a time."""
    with ThreadPoolExecutor(max_workers=WORKERS) as threads:
        coming: deque[Future[Result]] = deque()
        for item in items:
            coming.append(threads.submit(work, item))
            if len(coming) > WORKERS:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
