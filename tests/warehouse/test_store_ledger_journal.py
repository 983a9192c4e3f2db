"""Storage: whole files or none, records in order, an append-only journal, atomic links."""

import os
from datetime import UTC, date, datetime

import duckdb
import pytest

from vocabulary.errors import HomeNotWritable
from warehouse.journal import Journal, JournalEntry
from warehouse.ledger import Ledger, LedgerRecord
from warehouse.paths import Paths, swap_link
from warehouse.store import Folder
from warehouse.whole_file import whole_file


def record(**changed):
    facts = {
        "source_id": "s",
        "delivered_on": date(2023, 1, 12),
        "file_name": "b.csv",
        "file_id": "1" * 16,
        "sha256": "1" * 64,
        "size_bytes": 1,
        "status": "loaded",
        "reading_id": "r",
        "read_at": datetime(2023, 1, 12, tzinfo=UTC),
    }
    return LedgerRecord(**{**facts, **changed})


def test_records_come_in_order_of_delivery_date_then_file_name(tmp_path):
    ledger = Ledger(Folder.at(str(tmp_path)))
    for number, (day, name) in enumerate([("2023-03-02", "a.csv"), ("2023-01-12", "b.csv"), ("2023-01-12", "a.csv")]):
        ledger.commit(record(delivered_on=date.fromisoformat(day), file_name=name, file_id=str(number) * 16))
    assert [(str(one.delivered_on), one.file_name) for one in ledger.records()] == [
        ("2023-01-12", "a.csv"),
        ("2023-01-12", "b.csv"),
        ("2023-03-02", "a.csv"),
    ]
    assert len(ledger.records(as_of=date(2023, 3, 1))) == 2


def test_what_an_overwritten_file_left_can_be_removed(tmp_path):
    ledger = Ledger(Folder.at(str(tmp_path)))
    old = record(file_id="aaaa", reading_id="old", read_at=datetime(2023, 1, 1, tzinfo=UTC))
    new = record(file_id="bbbb", reading_id="new", read_at=datetime(2023, 1, 2, tzinfo=UTC))
    for one in (old, new):
        ledger.commit(one)
        for folder in ("raw", "quarantine"):
            ledger.store.write(b"x", folder, one.source_id, f"{one.reading_id}.parquet")
    ledger.store.write(b"x", "raw", new.source_id, "_schema.parquet")
    ledger.remove_overwritten(new.source_id)
    assert ledger.records() == [new] and ledger.store.names("ledger", new.source_id) == [new.name]
    assert ledger.store.names("raw", new.source_id) == ["_schema.parquet", "new.parquet"]
    assert ledger.store.names("quarantine", new.source_id) == ["new.parquet"]


def test_the_ledger_lies_where_the_design_says(tmp_path):
    Ledger(Folder.at(str(tmp_path))).commit(record())
    assert (tmp_path / "ledger" / "s" / f"2023-01-12_{'1' * 16}.json").exists()


def test_a_failed_write_leaves_neither_the_file_nor_a_rest(tmp_path, monkeypatch):
    folder = Folder.at(str(tmp_path))
    folder.write(b"old", "a", "f")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.write(b"new", "a", "f")
    assert folder.read("a", "f") == b"old" and folder.names("a") == ["f"]


def test_a_writer_that_is_stopped_half_way_leaves_what_was_there(tmp_path):
    path = tmp_path / "f"
    for content in ("old", "newer"):
        with whole_file(path) as fresh:
            fresh.write_text(content)
            assert fresh.parent == tmp_path and fresh.name.startswith(".") and fresh.name.endswith(".part")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as fresh:
        fresh.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "newer" and list(tmp_path.iterdir()) == [path]


def test_what_is_written_is_for_its_owner_only(tmp_path):
    Folder.at(str(tmp_path)).write(b"x", "f")
    Paths(tmp_path / "home").create()
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "home").write_text("a file in the way")
    with pytest.raises(HomeNotWritable, match="home"):
        Paths(tmp_path / "home").create()


def test_a_link_is_swapped_in_place(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        swap_link(tmp_path / "published" / "current", tmp_path / name)
        assert (tmp_path / "published" / "current").resolve() == tmp_path / name
    assert [path.name for path in (tmp_path / "published").iterdir()] == ["current"]


def test_an_entry_counts_once_it_is_whole(tmp_path):
    journal = Journal(tmp_path)
    entry = JournalEntry(
        publication_id="2023-01-12-00000000", as_of=date(2023, 1, 12), published_at=datetime.now(UTC), build_id="b"
    )
    (tmp_path / "20230101T000000000000_half").mkdir()
    with duckdb.connect() as connection:
        rows = connection.sql("select 1 as one")
        journal.append(entry, figures=rows, shown=rows, flags=rows)
    assert journal.entries() == [entry]
    assert journal.entries(as_of=date(2023, 1, 11)) == []
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / entry.folder_name).iterdir()}
    assert modes == {0o600}
