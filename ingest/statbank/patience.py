"""How long is waited for StatBank, and how often it is asked again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

Answer = TypeVar("Answer")


class Passing(Exception):
    """What may pass by itself: `cause` in words, and how many seconds the other side asked to wait, if it did."""

    def __init__(self, cause: str, asked_seconds: float | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.asked_seconds = asked_seconds


class OutOfPatience(Exception):
    """The last cause, and after how many attempts."""

    def __init__(self, cause: str, attempts: int) -> None:
        super().__init__(cause)
        self.cause = cause
        self.attempts = attempts


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Patience:
    """Waits twice as long after each failure, up to `longest_wait` seconds, by chance between half of it and all of it,
    so that those who failed together do not come back together. A wait that the other side asks for is kept, up to
    `longest_asked`: who asks for more is not asked again in this run.
    """

    attempts: int = 5
    first_wait: float = 2.0
    longest_wait: float = 60.0
    longest_asked: float = 600.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _now
    chance: Callable[[], float] = field(default=random.SystemRandom().random)

    def until_answered(self, once: Callable[[], Answer], tell: Callable[[str], None]) -> Answer:
        """Call until it answers. Raises OutOfPatience; whatever is not Passing goes through."""
        for attempt in range(1, self.attempts + 1):
            try:
                return once()
            except Passing as passing:
                wait = self._wait(attempt, passing)
                if attempt == self.attempts or wait > self.longest_asked:
                    later = f"; it asks to come back in {wait:.0f} seconds" if wait > self.longest_asked else ""
                    raise OutOfPatience(passing.cause + later, attempt) from None
                tell(f"{passing.cause}; attempt {attempt} of {self.attempts}, again in {wait:.0f} seconds")
                self.sleep(wait)
        raise AssertionError("the last attempt answers or raises")

    def _wait(self, attempt: int, passing: Passing) -> float:
        backoff = min(self.longest_wait, self.first_wait * 2 ** (attempt - 1)) * (0.5 + self.chance() / 2)
        return max(backoff, passing.asked_seconds or 0.0)


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """What the header Retry-After asks for, a number of seconds or an HTTP date; None where it is neither."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # «-0000» is read as a time without a zone, and means UTC
    return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())
