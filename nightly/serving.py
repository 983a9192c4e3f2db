"""What is served beside the night: an earlier publication put back in force, in files and in PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from nightly.running import stage
from vocabulary.errors import PublicationAlreadyInForce
from vocabulary.settings import Settings
from warehouse.paths import Paths, swap_link
from warehouse.publications import in_force, require_usable
from warehouse.rollbacks import Rollback, Rollbacks

Load = Callable[[str, Path], object]
"""Loads a publication's folder into the database of a URL, in one step for those who read it."""


def rollback(
    settings: Settings,
    publication_id: str,
    *,
    role: str,
    reason: str,
    load: Load | None = None,
    wait_seconds: float = 0,
) -> Rollback:
    """Put another publication that is still on the disk in force, and note who decided it and why.

    Files first, then PostgreSQL where `settings.postgres_url` is set, by `load`. The journal keeps what was published;
    the next night publishes anew, after the last one in the journal.
    Raises NothingPublished, PublicationNotFound, PublicationDamaged, PublicationAlreadyInForce, and what `load` raises:
    the files are then rolled back.
    """
    paths = Paths.of(settings)
    with stage(settings, "rollback", wait_seconds):
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
        swap_link(paths.current, folder)
        if settings.postgres_url and load:
            load(settings.postgres_url, folder)
    return made
