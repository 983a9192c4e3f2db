"""A publication in the embedded PostgreSQL of its HOME, for as long as somebody looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publish.postgres.loading import load
from publish.postgres.server import Server, start
from warehouse.paths import Paths


@contextmanager
def showing(paths: Paths, publication: Path) -> Iterator[Server]:
    """Start the server and let it show the publication, a folder; what was started is stopped at the end.

    Raises what `start` and `load` raise.
    """
    with start(paths) as server:
        load(server.admin_url, publication)
        yield server
