"""A reader beside the night: it opens what is in force, over and over, and must only ever see whole publications."""

from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import psycopg

from benchmarks.faults.whole import problem_of_database, problem_of_files
from warehouse.paths import Paths

PAUSE_SECONDS = 0.3


class Reader(AbstractContextManager):
    """Reads files, and the database where one is named, until the block ends; `problems` are what was seen amiss."""

    def __init__(self, home: Path, url: str | None) -> None:
        self.paths, self.url = Paths(home), url
        self.problems: list[str] = []
        self.readings = 0
        self._ended = Event()
        self._thread = Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """One reading, as a BI tool does it: find out once where the link leads, then open everything there."""
        if not self.paths.current.exists():
            self.problems.append("nothing is in force")
            return
        self._note(problem_of_files(self.paths.current.resolve()))
        if self.url:
            try:
                self._note(problem_of_database(self.url, self.paths.publications))
            except psycopg.Error as error:
                self._note(f"PostgreSQL: {type(error).__name__} {error}")
        self.readings += 1

    def _read(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            self.look()

    def _note(self, problem: str | None) -> None:
        if problem:
            self.problems.append(problem)
