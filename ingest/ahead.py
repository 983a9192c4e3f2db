"""Work ahead in threads: what comes next is made while what came before is used.

What Arrow does needs no lock of Python's, so that both processors of a small machine are busy. Each step is a thread of
its own: a pool waits for ever for a worker that dies where memory is at its limit.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
WORKERS = 2
END = object()
UNDONE = object()


class _Step(threading.Thread, Generic[Result]):
    """One call in a thread that is started at once."""

    def __init__(self, work: Callable[[], Result]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._value: object = UNDONE
        self._error: BaseException | None = None
        try:
            self.start()
        except RuntimeError:  # no memory for its stack
            raise MemoryError from None

    def run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            self._error = error

    def result(self) -> Result:
        self.join()
        if self._error is not None:
            raise self._error
        if self._value is UNDONE:
            raise MemoryError
        return self._value


def one_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items; what making one raises is raised where it is asked for."""
    source = iter(items)
    coming = _Step(partial(next, source, END))
    try:
        while (item := coming.result()) is not END:
            coming = _Step(partial(next, source, END))
            yield item
    finally:
        coming.join()


def worked_ahead(items: Iterable[Item], work: Callable[[Item], Result]) -> Iterator[Result]:
    """What `work` gives of each item, in their order, for a few items at a time."""
    coming: deque[_Step[Result]] = deque()
    try:
        for item in items:
            if len(coming) == WORKERS:
                yield coming.popleft().result()
            coming.append(_Step(partial(work, item)))
        while coming:
            yield coming.popleft().result()
    finally:
        for step in coming:
            step.join()
