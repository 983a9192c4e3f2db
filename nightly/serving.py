"""What is served beside the night: the publication in force as a web site and in PostgreSQL, or an earlier one."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from nightly.running import stage
from vocabulary.errors import PublicationAlreadyInForce
from vocabulary.settings import Settings
from warehouse.paths import Paths, swap_link
from warehouse.publications import in_force, require_usable
from warehouse.rollbacks import Rollback, Rollbacks

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0
"""How often it is looked whether another publication is in force, to load that."""


@dataclass(frozen=True)
class Served:
    """A site that listens: `url` of its front page, `connection` for BI tools where a database was started (with its
    password: for the terminal alone).
    """

    url: str
    connection: str | None
    run: Callable[[], None]


@contextmanager
def open_site(settings: Settings, *, port: int | None = None, with_database: bool = True) -> Iterator[Served]:
    """Listen on this machine; `with_database`: the publication in force is in an embedded PostgreSQL too.

    `run` serves until the process is told to end. Where another publication comes into force meanwhile, the site shows
    it at the next request and the database within seconds. What was started is stopped at the end. A database that
    OMRAADETAL_POSTGRES_URL names is left to the nights.
    Raises NothingPublished, PortTaken, ServerNotStarted, and what the first load raises.
    """
    # Starlette and uvicorn are imported by this command alone
    from publish.front_page import DatabaseAddress
    from publish.postgres.embedded import showing
    from publish.postgres.loading import load
    from publish.serving import Site, open_socket, serve, url_of

    paths = Paths.of(settings)
    folder = in_force(paths)
    with open_socket(port) as opened:
        if settings.postgres_url or not with_database:
            address = DatabaseAddress.of(settings.postgres_url) if settings.postgres_url else None
            yield Served(url_of(opened), None, lambda: serve(Site(paths, address).app(), opened))
            return
        with showing(paths, folder) as database:
            site = Site(paths, DatabaseAddress.of(database.bi_url))
            with _following(paths, folder, lambda fresh: load(database.admin_url, fresh)):
                yield Served(url_of(opened), database.bi_url, lambda: serve(site.app(), opened))


@contextmanager
def _following(paths: Paths, loaded: Path, load: Callable[[Path], object]) -> Iterator[None]:
    """Load whichever publication comes into force; one that cannot be loaded is told and tried again."""
    ended = Event()

    def follow() -> None:
        at = loaded
        while not ended.wait(LOOK_EVERY_SECONDS):
            try:
                if (current := in_force(paths)) != at:
                    load(current)
                    at = current
            except Exception:
                log.exception("PostgreSQL still holds %s", at.name)

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def rollback(settings: Settings, publication_id: str, *, role: str, reason: str, wait_seconds: float = 0) -> Rollback:
    """Put another publication that is still on the disk in force, and note who decided it and why.

    The files only: `load_postgres` follows. The journal keeps what was published; the next night publishes anew, after
    the last one in the journal. Raises NothingPublished, PublicationNotFound, PublicationDamaged and
    PublicationAlreadyInForce.
    """
    paths = Paths.of(settings)
    with stage(settings, "rollback", wait_seconds) as at_work:
        current = in_force(paths)
        folder = require_usable(paths, publication_id)
        if folder.resolve() == current:
            raise PublicationAlreadyInForce(publication_id=publication_id)
        made = Rollback(
            publication_id=publication_id,
            replaced_id=current.name,
            rolled_back_at=datetime.now(UTC),
            role=role,
            reason=reason,
        )
        # noted first: where this is stopped in between, the link still says which one is in force
        Rollbacks(paths).append(made)
        with at_work.fence.passed():
            swap_link(paths.current, folder)
    return made


def shown_by_postgres(settings: Settings) -> str | None:
    """The id of the publication that the database of OMRAADETAL_POSTGRES_URL shows.

    None where it shows none, and where no database is named. Raises the catalogue's Postgres errors.
    """
    from publish.postgres.loading import shown_by

    return shown_by(settings.postgres_url) if settings.postgres_url else None


def load_postgres(settings: Settings, publication: Path | None = None, wait_seconds: float = 0) -> str:
    """Let the database of OMRAADETAL_POSTGRES_URL show the publication in force; one line on what was done.

    Nothing is loaded where no database is named, nor a `publication` that is not in force: a replay stays a file.
    Raises NothingPublished, PublicationWithoutContract and the catalogue's Postgres errors.
    """
    from publish.postgres.loading import load

    if settings.postgres_url is None:
        return "no database is named in OMRAADETAL_POSTGRES_URL"
    with stage(settings, "postgres", wait_seconds):
        current = in_force(Paths.of(settings))
        if publication is not None and publication.resolve() != current:
            return f"{publication.name} is not in force and is not loaded"
        loaded = load(settings.postgres_url, current)
    if loaded.was_there:
        return f"{loaded.where} shows {loaded.publication_id} already"
    lost = "".join(f"; the {one.kind} {one.identity} could not be kept: {one.reason}" for one in loaded.lost)
    return f"{loaded.where} shows {loaded.publication_id}{lost}"
