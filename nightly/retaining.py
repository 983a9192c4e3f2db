"""Remove what is past its retention: what `omraadetal retention --apply` runs."""

from collections.abc import Callable
from datetime import date

from ingest.landing import LandedFile
from ingest.retention import Past, find_past, remove_past
from ingest.stage import Ingest
from nightly import stages
from nightly.erasing import published_as_of
from nightly.persons import remove_builds
from nightly.running import stage
from vocabulary.settings import Settings, local_date


def past_retention(settings: Settings, as_of: date) -> list[Past]:
    """What is past its time on a day. Nothing is written."""
    return find_past(Ingest(settings), as_of)


def apply_retention(
    settings: Settings, as_of: date, on: date, progress: Callable[[str], None], wait_seconds: float = 0
) -> list[tuple[LandedFile, str]]:
    """Remove what is past; the delivered files that still hold some of it, and why. The builds come next."""
    with stage(settings, "retention", wait_seconds):
        return remove_past(settings, as_of, on, progress)


def retain(settings: Settings, as_of: date, progress: Callable[[str], None]) -> list[tuple[LandedFile, str]]:
    """Remove it from files and readings, then from builds; the files that still hold some of it, and why.

    Nothing is published: figures stay as they were last published. A new build takes the place of those that hold what
    is past; where nothing was published, none does.
    """
    left = apply_retention(settings, as_of, local_date(), progress)
    day = published_as_of(settings)
    if day is None:
        remove_builds(settings)
    else:
        progress(f"build, check as of {day}")
        stages.check(settings, stages.build_warehouse(settings, day).build_id)
    return left
