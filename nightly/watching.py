"""Whether the night was done in time, asked beside it and without its lock: the night may be what hangs."""

from datetime import date

from publish.late import late_night
from publish.notify import tell_late
from vocabulary.errors import NightLate
from vocabulary.settings import LOCAL_ZONE, Settings
from warehouse.paths import Paths


def require_ended(settings: Settings, day: date) -> None:
    """Tell the places where notices go, once, that the night of a day is late, and raise NightLate.

    Raises NoticeNotSent, which is worth another try, where a place could not be told.
    """
    late = late_night(Paths.of(settings), day)
    if late is None:
        return
    tell_late(settings, late)
    words = "No run is at work."
    if holder := late.holder:
        since = f"{holder.started_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
        words = f"{holder.doing} by {holder.owner} on {holder.host} has not given the run lock back since {since}."
    raise NightLate(day=day, running=words)
