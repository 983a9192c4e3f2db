"""Read what is published: its record, and the one in force."""

import json
from pathlib import Path
from typing import Any

from vocabulary.errors import NothingPublished
from warehouse.paths import Paths

RECORD_FILE = "publication.json"


def read_publication(folder: Path) -> dict[str, Any]:
    """publication.json of a publication."""
    return json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))


def in_force(paths: Paths) -> Path:
    """The folder of the publication in force. Raises NothingPublished."""
    if not paths.current.exists():
        raise NothingPublished(path=paths.home)
    return paths.current.resolve()
