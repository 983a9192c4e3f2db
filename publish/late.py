"""Whether a night has come to an end: published, blocked or held, of which `notify` tells. Else it is late."""

from datetime import date

from publish.news import News
from vocabulary.errors import BuildNotFound
from vocabulary.settings import LOCAL_ZONE
from vocabulary.wording import date_da
from warehouse.builds import Builds
from warehouse.fence import Holder, read_holder
from warehouse.journal import Journal
from warehouse.paths import Paths


def late_news(paths: Paths, day: date) -> News | None:
    """What is told of a night that is late; None where that of the day, or of a later one, has come to an end."""
    if has_ended(paths, day):
        return None
    holder = running(paths)
    words = "Ingen kørsel er i gang."
    if holder:
        begun = holder.started_at.astimezone(LOCAL_ZONE)
        words = f"En kørsel er i gang siden {date_da(begun.date())} kl. {begun:%H.%M}."
    return News(f"{day.isoformat()}-late", day, (), is_late=True, running=words)


def has_ended(paths: Paths, day: date) -> bool:
    if any(entry.as_of >= day for entry in Journal(paths.journal).entries()):
        return True
    try:
        latest = Builds(paths).latest()
    except BuildNotFound:
        return False
    return latest.as_of >= day and bool(latest.blocking_flags or latest.is_held)


def running(paths: Paths) -> Holder | None:
    """The run that holds the lock, if it has not given it back; it may have died since."""
    holder = read_holder(paths)
    return None if holder is None or holder.has_ended else holder
