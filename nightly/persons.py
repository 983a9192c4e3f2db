"""What is done about one person, as stages: search, show, list, take out."""

from collections.abc import Callable
from datetime import date

from ingest.erasing import TakenOut, finish, put_on_list, take_out
from ingest.erasure_list import Entry, ErasureList
from ingest.finding import Found, find_person
from ingest.holding import HeldRow, held_rows
from ingest.stage import Ingest
from nightly.running import stage
from vocabulary.settings import Settings
from warehouse.builds import Builds
from warehouse.paths import Paths


def search_person(settings: Settings, identity: str, source_id: str | None) -> Found:
    """Where a person is found. Nothing is written."""
    return find_person(Ingest(settings), identity, source_id)


def held_of_person(settings: Settings, found: Found, *, with_delivered: bool) -> list[HeldRow]:
    """Every row of a person, and what is kept of it."""
    return held_rows(Ingest(settings), found, with_delivered=with_delivered)


def unfinished_erasure(settings: Settings, found: Found) -> Entry | None:
    """The entry of an erasure of this person that was stopped before its end."""
    entry = ErasureList.of(settings).entry_of(found.identity, found.scope)
    return entry if entry and not entry.is_finished else None


def list_person(settings: Settings, found: Found, on: date) -> Entry:
    """Put a person of whom nothing was found on the erasure list: what comes later is never read."""
    return put_on_list(settings, found, on, is_finished=True)


def take_out_person(
    settings: Settings,
    identity: str,
    source_id: str | None,
    *,
    on: date,
    keep_files: bool,
    progress: Callable[[str], None],
    wait_seconds: float = 0,
) -> TakenOut:
    """Take a person out of delivered files and readings; the builds come next."""
    with stage(settings, "erase", wait_seconds):
        found = find_person(Ingest(settings), identity, source_id)
        return take_out(settings, found, on, keep_files=keep_files, progress=progress)


def finish_erasure(settings: Settings, entry: Entry) -> None:
    """Note that no build with the person is left."""
    finish(settings, entry)


def remove_builds(settings: Settings, wait_seconds: float = 0) -> None:
    """Remove every build, where none is to take their place."""
    with stage(settings, "erase", wait_seconds):
        Builds(Paths.of(settings)).remove_all()
