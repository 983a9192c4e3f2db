"""What a killed run leaves counts as nothing, and the next night removes it."""

import os
import time
from datetime import UTC, date, datetime

import duckdb
import pytest

from nightly import stages
from warehouse import journal as journal_module
from warehouse.builds import BuildRecord, Builds
from warehouse.journal import FIGURES_FILE, Journal, JournalEntry
from warehouse.left_behind import OLD_SECONDS, remove_left_behind
from warehouse.paths import Paths
from warehouse.store import Folder

LEFT = [
    "publications/.2025-11-01-00000000/omraadetal.duckdb",
    "replays/.2023-01-12-00000000/omraadetal.duckdb",
    "journal/.20251101T000000000000_2025-11-01-00000000/figures.parquet",
    "journal/20231101T000000000000_2023-11-01-00000000/figures.parquet",
    "warehouse/builds/killed/warehouse.duckdb",
    "ledger/aktiviteter/.2022-01-20_1.json.0a1b2c3d.part",
    "raw/aktiviteter/.1.parquet.0a1b2c3d.part",
    "journal/notices/.n.json.0a1b2c3d.part",
    "publications/2025-11-01-11111111/report/.rapport.pdf.0a1b2c3d.part",
]
KEPT = [
    "publications/2025-11-01-11111111/publication.json",
    "journal/20251101T010000000000_2025-11-01-11111111/entry.json",
    "ledger/aktiviteter/2022-01-20_1.json",
    "raw/aktiviteter/_schema.parquet",
    "postgres/data/.part",
    "superset/.secret.part",
]


@pytest.fixture
def paths(tmp_path):
    """A HOME in which a run was killed in every place, an hour and more ago."""
    paths = Paths(tmp_path / "home")
    paths.create()
    for name in (*LEFT, *KEPT):
        path = paths.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rows")
        os.utime(path, (0, time.time() - OLD_SECONDS - 60))
    for link in (paths.current, paths.latest_warehouse):
        link.symlink_to(paths.publications)
        link.with_name(f".{link.name}.4711").symlink_to(paths.publications)
    Builds(paths).save(BuildRecord(build_id="whole", as_of=date(2025, 11, 1), started_at=""))
    return paths


def test_what_was_left_is_removed_and_everything_else_stays(paths):
    assert remove_left_behind(paths, Folder.at(str(paths.home))) == len(LEFT) + 2
    there = {str(one.relative_to(paths.home)) for one in paths.home.rglob("*") if one.is_file() or one.is_symlink()}
    assert there == {*KEPT, "published/current", "warehouse/warehouse.duckdb", "warehouse/builds/whole/build.json"}
    assert remove_left_behind(paths, Folder.at(str(paths.home))) == 0


def test_a_young_half_written_file_may_be_at_work(paths):
    young = paths.home / LEFT[-3]
    os.utime(young)
    remove_left_behind(paths, Folder.at(str(paths.home)))
    assert young.exists() and not (paths.home / LEFT[-2]).exists()


def test_every_night_removes_it(settings, monkeypatch):
    def goes_no_further(*_):
        raise InterruptedError

    monkeypatch.setattr(stages, "build", goes_no_further)
    Paths.of(settings).create()
    (Paths.of(settings).builds / "killed").mkdir()
    with pytest.raises(InterruptedError):
        stages.build_warehouse(settings, date(2025, 11, 1))
    assert Builds(Paths.of(settings)).unfinished() == []


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_entry_that_cannot_be_finished_does_not_end_every_later_night(tmp_path, monkeypatch, error):
    """An entry.json without content would be one that no night can read."""

    def full(*_):
        raise error

    entry = JournalEntry(
        publication_id="2023-01-12-00000000", as_of=date(2023, 1, 12), published_at=datetime.now(UTC), build_id="b"
    )
    journal = Journal(tmp_path)
    monkeypatch.setattr(journal_module.Folder, "write", full)
    with duckdb.connect() as connection, pytest.raises(type(error)):
        rows = connection.sql("select 1 as one")
        journal.append(entry, figures=rows, shown=rows, flags=rows)
    assert journal.entries() == [] and list(tmp_path.iterdir()) == []


def test_an_entry_has_its_name_only_when_it_is_whole(tmp_path, monkeypatch):
    """A kill leaves what is there at that moment: nothing that counts."""
    seen = []
    journal, write = Journal(tmp_path), Folder.write

    def watched(self, *arguments):
        write(self, *arguments)
        seen.append((journal.entries(), [path.parent.name[0] for path in tmp_path.rglob(FIGURES_FILE)]))

    monkeypatch.setattr(journal_module.Folder, "write", watched)
    entry = JournalEntry(
        publication_id="2023-01-12-00000000", as_of=date(2023, 1, 12), published_at=datetime.now(UTC), build_id="b"
    )
    with duckdb.connect() as connection:
        rows = connection.sql("select 1 as one")
        journal.append(entry, figures=rows, shown=rows, flags=rows)
    assert seen == [([], ["."])] and journal.entries() == [entry]
