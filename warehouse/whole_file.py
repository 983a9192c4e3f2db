"""Files that are there whole or not at all: written under a name of their own, then renamed."""

import glob
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A new hidden name beside `path`, for whatever writes files itself.

    At the end it takes the place of `path`; after an error `path` is what it was and nothing else is left.
    """
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def remove_unfinished(path: Path) -> None:
    """Remove what others began to write for `path` and were killed over."""
    for fresh in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        fresh.unlink(missing_ok=True)
