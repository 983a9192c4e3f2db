"""Where everything lies in OMRAADETAL_HOME and OMRAADETAL_STORE (DESIGN: «Where data lies»)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vocabulary.errors import HomeNotWritable
from vocabulary.settings import Settings

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600
OWNER_ONLY_UMASK = 0o077
WAREHOUSE_FILE = "warehouse.duckdb"
PUBLICATION_FILE = "omraadetal.duckdb"
DATA_DOCS = "data_docs"


@dataclass(frozen=True)
class Paths:
    """The folders of one HOME; every path of the product is made here."""

    home: Path

    @classmethod
    def of(cls, settings: Settings) -> "Paths":
        return cls(settings.home)

    @property
    def builds(self) -> Path:
        return self.home / "warehouse" / "builds"

    def build(self, build_id: str) -> Path:
        return self.builds / build_id

    def warehouse(self, build_id: str) -> Path:
        return self.build(build_id) / WAREHOUSE_FILE

    def data_docs(self, build_id: str) -> Path:
        """Great Expectations' pages on the checks of a build."""
        return self.build(build_id) / DATA_DOCS

    @property
    def latest_warehouse(self) -> Path:
        """Link to the last build that was checked, blocked ones included."""
        return self.home / "warehouse" / WAREHOUSE_FILE

    @property
    def journal(self) -> Path:
        return self.home / "journal"

    @property
    def decisions(self) -> Path:
        """What persons decided about restatements."""
        return self.journal / "decisions"

    @property
    def rollbacks(self) -> Path:
        """When an earlier publication was put back in force, by whom and why."""
        return self.journal / "rollbacks"

    @property
    def runs(self) -> Path:
        """How each stage of each night went."""
        return self.home / "runs"

    @property
    def docs(self) -> Path:
        """dbt's documentation of the publication in force, where it was made."""
        return self.home / "docs"

    @property
    def refused(self) -> Path:
        """The flags of nights that a blocking flag kept from being published."""
        return self.journal / "refused"

    @property
    def editions(self) -> Path:
        """Reports as the board approved them."""
        return self.journal / "editions"

    @property
    def publications(self) -> Path:
        return self.home / "publications"

    def publication(self, publication_id: str) -> Path:
        return self.publications / publication_id

    @property
    def replays(self) -> Path:
        """Publications made for a day before the one in force; never current, never in the journal."""
        return self.home / "replays"

    def find_publication(self, publication_id: str) -> Path:
        """The folder of a publication, or of a replay with that id."""
        published = self.publication(publication_id)
        return published if published.exists() else self.replays / publication_id

    @property
    def airflow(self) -> Path:
        """Airflow's own: configuration, logs and, where it stands on this machine, database, secrets and processes."""
        return self.home / "airflow"

    @property
    def superset(self) -> Path:
        """What Superset keeps of its own: users, charts made by hand, its secrets."""
        return self.home / "superset"

    @property
    def current(self) -> Path:
        """Link to the publication in force."""
        return self.home / "published" / "current"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def dbt_manifest(self, step: str) -> Path:
        """dbt's manifest of the last run of a step."""
        return self.logs / step / "target" / "manifest.json"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL: its data, its log, and how to connect to it."""
        return self.home / "postgres"

    @property
    def run_holder(self) -> Path:
        """Who took the run lock last."""
        return self.home / "run.json"

    @property
    def run_guard(self) -> Path:
        """Held for the moments in which what is in force changes, or who may change it."""
        return self.home / "run.guard"

    @property
    def run_lock(self) -> Path:
        return self.home / "run.lock"

    def create(self) -> None:
        """Make the folders, for the owner only. Raises HomeNotWritable."""
        try:
            self.home.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            self.home.chmod(OWNER_ONLY_FOLDER)
            made = (
                self.builds,
                self.journal,
                self.publications,
                self.replays,
                self.current.parent,
                self.logs,
                self.runs,
            )
            for folder in made:
                folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeNotWritable(path=self.home, cause=error.strerror or "unknown cause") from None


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever is made meanwhile is for its owner alone, by libraries and programs that we start too."""
    before = os.umask(OWNER_ONLY_UMASK)
    try:
        yield
    finally:
        os.umask(before)


def swap_link(link: Path, target: Path) -> None:
    """Point `link` at `target` in one atomic step: a reader sees the old or the new, never none."""
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=target.is_dir())
    fresh.replace(link)
