"""The index page of `omraadetal serve`: what is published, and where each part of it lies. In Danish."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from publish.pages import QUALITY_FILE, REPORT_FILE, REPORT_FOLDER, render_page
from vocabulary.settings import LOCAL_ZONE
from vocabulary.states import Severity
from warehouse.paths import DATA_DOCS, PUBLICATION_FILE, Paths
from warehouse.publications import FIGURES_TABLE, RECORD_FILE, in_force, read_publication
from warehouse.rollbacks import Rollbacks

DOCS_PREFIX = "/dokumentation/"
DOCS_PAGE = "static_index.html"
PUBLICATION_PREFIX = "/udgivelse/"
MEGABYTE = 1_000_000

REPORT_FILES = {
    REPORT_FILE: "Rapporten som side",
    "rapport.pdf": "Rapporten som PDF",
    "rapport.xlsx": "Rapportens bilag som regneark",
    QUALITY_FILE: "Datakvalitet: hvor gode er tallene?",
}
FILE_GROUPS = {
    "excel": "Excel: en projektmappe pr. år",
    "csv": "CSV til dansk Excel (semikolon og decimalkomma)",
    "parquet": "Parquet: en fil pr. tabel",
}


@dataclass(frozen=True)
class DatabaseAddress:
    """Where the publication lies in PostgreSQL; without the password, which no page shows."""

    host: str
    port: int
    database: str
    user: str

    @classmethod
    def of(cls, url: str) -> "DatabaseAddress":
        """From a connection string `postgresql://user:password@host:port/database`."""
        found = urlsplit(url)
        return cls(found.hostname or "127.0.0.1", found.port or 5432, found.path.lstrip("/"), found.username or "")


@dataclass(frozen=True)
class Link:
    """A file of the publication: its address on the site, its name and how large it is."""

    href: str
    name: str
    megabytes: float


def write_front_page(paths: Paths, database: DatabaseAddress | None) -> str:
    """The page of the publication in force as HTML. Raises NothingPublished."""
    folder = in_force(paths)
    record = read_publication(folder)
    docs = paths.docs / DOCS_PAGE
    return render_page(
        "forside.html.j2",
        styles=("side.css", "forside.css"),
        publication=_facts(record),
        rollback=_rollback(paths),
        pages=[_link(folder, folder / REPORT_FOLDER / name, title) for name, title in REPORT_FILES.items()],
        data=[_link(folder, folder / PUBLICATION_FILE, PUBLICATION_FILE)],
        groups=[
            (title, [_link(folder, file, file.relative_to(folder / name).as_posix()) for file in files])
            for name, title in FILE_GROUPS.items()
            if (files := sorted(file for file in (folder / name).rglob("*") if file.is_file()))
        ],
        checks=_link(folder, folder / DATA_DOCS / "index.html", "Data Docs"),
        record=_link(folder, folder / RECORD_FILE, RECORD_FILE),
        docs=Link(f"{DOCS_PREFIX}{DOCS_PAGE}", "dbt", docs.stat().st_size / MEGABYTE) if docs.is_file() else None,
        database=database,
    )


def _facts(record: dict[str, Any]) -> dict[str, object]:
    flags = record.get("flags_by_severity", {})
    published_at = datetime.fromisoformat(record["published_at"]).astimezone(LOCAL_ZONE)
    return {
        "publication_id": record["publication_id"],
        "as_of": date.fromisoformat(record["as_of"]),
        "published_on": published_at.date(),
        "published_time": f"{published_at:%H.%M}",
        "figures": record.get("tables", {}).get(FIGURES_TABLE, {}).get("rows"),
        "warnings": flags.get(Severity.WARNS.value, 0),
        "notes": flags.get(Severity.NOTES.value, 0),
    }


def _rollback(paths: Paths) -> dict[str, object] | None:
    made = Rollbacks(paths).in_effect()
    if made is None:
        return None
    on = made.rolled_back_at.astimezone(LOCAL_ZONE).date()
    return {"on": on, "replaced_id": made.replaced_id, "role": made.role, "reason": made.reason}


def _link(folder: Path, file: Path, name: str) -> Link | None:
    """None where the publication has no such file."""
    if not file.is_file():
        return None
    return Link(
        f"{PUBLICATION_PREFIX}{quote(file.relative_to(folder).as_posix())}", name, file.stat().st_size / MEGABYTE
    )
