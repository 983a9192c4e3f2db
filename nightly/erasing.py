"""Erase a person: what `omraadetal erase` runs, from the search to a publication made without that person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.erasing import TakenOut
from nightly import persons, stages
from nightly.following import follow
from vocabulary.errors import NothingPublished, OmraadetalError
from vocabulary.settings import Settings, local_date
from warehouse.paths import Paths
from warehouse.publications import in_force, read_publication


@dataclass(frozen=True)
class Erased:
    """What was done; `publication` is None where nothing had been published that could hold the person.

    `undone` is what failed after publishing: an old report, or a database that still shows the publication before.
    """

    taken_out: TakenOut
    publication: Path | None
    undone: tuple[OmraadetalError, ...] = ()


def erase(
    settings: Settings,
    identity: str,
    source_id: str | None,
    *,
    as_of: date | None,
    keep_files: bool,
    progress: Callable[[str], None],
    done: Callable[[TakenOut], None],
) -> Erased:
    """Take the person out of files, readings and builds, then publish for the day of the publication in force.

    `done` is called when nothing holds the person any more, before anything is published: what the publication may be
    held up by (BuildBlocked, RestatementsHeld) undoes nothing of the erasure.
    """
    taken_out = persons.take_out_person(
        settings, identity, source_id, on=local_date(), keep_files=keep_files, progress=progress
    )
    day = as_of or published_as_of(settings)
    if day is None:
        persons.remove_builds(settings)
        persons.finish_erasure(settings, taken_out.entry)
        done(taken_out)
        return Erased(taken_out, None)
    progress(f"build, check as of {day}")
    built = stages.build_warehouse(settings, day)
    stages.check(settings, built.build_id)
    persons.finish_erasure(settings, taken_out.entry)
    done(taken_out)
    progress("publish")
    publication = stages.publish(settings, built.build_id)
    return Erased(taken_out, publication, tuple(follow(settings, publication, progress).undone))


def published_as_of(settings: Settings) -> date | None:
    """The day of the publication in force; None where nothing is published."""
    try:
        folder = in_force(Paths.of(settings))
    except NothingPublished:
        return None
    return date.fromisoformat(read_publication(folder)["as_of"])
