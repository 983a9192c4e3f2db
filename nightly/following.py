"""What follows a publication: its load into PostgreSQL, then reports and files. None of it undoes the publication."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from nightly import stages
from vocabulary.errors import PUBLISHED_ALL_THE_SAME, OmraadetalError
from vocabulary.settings import Settings

Result = TypeVar("Result")


@dataclass
class Followed:
    """What was done after publishing; `undone` is what could not be, in order. `report` is the page for the board."""

    report: Path | None = None
    undone: list[OmraadetalError] = field(default_factory=list)

    def attempt(self, step: Callable[[], Result], progress: Callable[[str], None]) -> Result | None:
        """Do a step; what is no reason to undo the publication is said and kept, anything else is raised."""
        try:
            return step()
        except OmraadetalError as error:
            if error.exit_code != PUBLISHED_ALL_THE_SAME:
                raise
            progress(f"         {error}")
            self.undone.append(error)
            return None


def follow(settings: Settings, publication: Path, progress: Callable[[str], None]) -> Followed:
    """Load a publication into PostgreSQL where one is named, and write its reports and files."""
    followed = Followed()
    if settings.postgres_url:
        progress("postgres marts, curated and quality for BI tools")
        told = followed.attempt(lambda: stages.load_postgres(settings, publication), progress)
        if told:
            progress(f"         {told}")
    progress("report   page, PDF and Excel annex for the board; the quality page; files for analysts")
    followed.report = followed.attempt(lambda: stages.report(settings, publication), progress)
    return followed
