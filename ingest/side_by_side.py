"""Several small files at a time: one of a single piece keeps one processor busy, and then waits for the disk."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 2
"""Each has a process with readers of its own, of about 200 MB."""

FEWEST = 8
"""Of small items. For fewer, a second process would be started in vain."""

WAITING = 2 * AT_ONCE


def side_by_side(
    items: Sequence[Item], work: Callable[[Item], Result], is_small: Callable[[Item], bool]
) -> Iterator[tuple[Item, Callable[[], Result]]]:
    """Each item in its order with a call that gives, or raises, what `work` gives of it.

    Small items are worked on beforehand in threads that last, others alone and by the call.
    """
    small = {at for at, item in enumerate(items) if is_small(item)}
    if len(small) < FEWEST:
        yield from ((item, partial(work, item)) for item in items)
        return
    begun: deque[tuple[Item, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reading")
    try:
        for at, item in enumerate(items):
            if at in small:
                begun.append((item, pool.submit(work, item)))
            while begun and (at not in small or len(begun) > WAITING):
                first, future = begun.popleft()
                yield first, future.result
            if at not in small:
                yield item, partial(work, item)
        for first, future in begun:
            yield first, future.result
    finally:
        pool.shutdown(cancel_futures=True)
