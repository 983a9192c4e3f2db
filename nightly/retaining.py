"""Remove what is past its retention: what `omraadetal retention --apply` runs."""

import logging
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

log = logging.getLogger(__name__)


def past_retention(settings: Settings, as_of: date) -> list[Past]:
    """What is past its time on a day. Nothing is written."""
    return find_past(Ingest(settings), as_of)


def count_past(settings: Settings) -> int:
    """How many sources hold something past today. How much of each is logged, and no file's name."""
    past = [one for one in past_retention(settings, local_date()) if not one.is_empty]
    for one in past:
        log.info(
            "%s, before %s: %d files, and rows of %d others",
            one.source_id,
            one.expired_before,
            len(one.whole),
            len(one.parts),
        )
    return len(past)


def retain_today(settings: Settings) -> int:
    """Remove what is past today; how many files still hold some of it, which `omraadetal retention` names."""
    left = retain(settings, local_date(), log.info)
    log.info("%d files still hold what is past; `omraadetal retention` names them, for their owners", len(left))
    return len(left)


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
