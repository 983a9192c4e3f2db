"""Whether a night has come to an end: published, blocked or held, of which `notify` tells. Else it is late."""

from dataclasses import dataclass
from datetime import date

from publish.news import News
from vocabulary.errors import BuildNotFound
from vocabulary.settings import LOCAL_ZONE
from vocabulary.wording import date_da
from warehouse.builds import Builds
from warehouse.fence import Holder, read_holder
from warehouse.journal import Journal
from warehouse.paths import Paths


@dataclass(frozen=True)
class Late:
    """A night that has come to no end. `holder` is the run that has not given the lock back; it may have died since."""

    day: date
    holder: Holder | None

    @property
    def news(self) -> News:
        """What is told of it."""
        words = "Ingen kørsel er i gang."
        if self.holder:
            begun = self.holder.started_at.astimezone(LOCAL_ZONE)
            words = f"En kørsel er i gang siden {date_da(begun.date())} kl. {begun:%H.%M}."
        return News(f"{self.day.isoformat()}-late", self.day, (), is_late=True, running=words)


def late_night(paths: Paths, day: date) -> Late | None:
    """The night of a day that is late; None where it, or that of a later day, has come to an end."""
    if _has_ended(paths, day):
        return None
    holder = read_holder(paths)
    return Late(day, None if holder is None or holder.has_ended else holder)


def _has_ended(paths: Paths, day: date) -> bool:
    if any(entry.as_of >= day for entry in Journal(paths.journal).entries()):
        return True
    try:
        latest = Builds(paths).latest()
    except BuildNotFound:
        return False
    return latest.as_of >= day and bool(latest.blocking_flags or latest.is_held)
