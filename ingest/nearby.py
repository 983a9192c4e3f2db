"""Files of an object store, on this disk while the process that reads deliveries has them: it needs no way there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ingest.landing import LandedFile
from vocabulary.errors import FileNotOpened
from warehouse.ledger import READING_FOLDERS
from warehouse.paths import OWNER_ONLY_FILE
from warehouse.store import Folder
from warehouse.whole_file import remove_unfinished

FETCHED = "delivery"


@contextmanager
def looking_at(file: LandedFile) -> Iterator[None]:
    """What is asked of a delivered file in the block finds it there. Raises FileNotOpened."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or type(error).__name__
    else:
        return
    raise FileNotOpened(file=file, cause=cause)


def opened(folder: Folder, parts: tuple[str, ...], file: LandedFile) -> BinaryIO:
    """A delivered file, wherever it lies now. Raises FileNotOpened."""
    with looking_at(file):
        return folder.opened(*parts)


@contextmanager
def fetched(folder: Folder, file: LandedFile) -> Iterator[tuple[Folder, tuple[str, ...]]]:
    """Where a file lies on this disk: where it is, or a private copy that is gone after the block.

    Raises FileNotOpened.
    """
    if folder.is_local:
        yield folder, file.parts
        return
    with tempfile.TemporaryDirectory(prefix="omraadetal-") as place:
        path = Path(place) / FETCHED
        path.touch(mode=OWNER_ONLY_FILE)
        with opened(folder, file.parts, file) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        yield Folder.at(place), (FETCHED,)


@contextmanager
def sent_after(store: Folder, source_id: str, name: str) -> Iterator[Folder]:
    """Where the files of a reading are written: the store, or a private folder whose files are sent there at the end of
    the block, raw rows last. After an error nothing is sent.
    """
    if store.is_local:
        try:
            yield store
        except BaseException:  # whoever wrote may have been killed over it
            for folder in READING_FOLDERS:
                remove_unfinished(Path(store.path(folder, source_id, name)))
            raise
        return
    with tempfile.TemporaryDirectory(prefix="omraadetal-") as place:
        yield Folder.at(place)
        for folder in reversed(READING_FOLDERS):
            path = Path(place) / folder / source_id / name
            if path.exists():
                store.upload(path, folder, source_id, name)
            else:
                store.remove(folder, source_id, name)
