"""The comparison of readers gives each of them the same rows, and tells when one wrote another number."""

import pytest

from benchmarks import ingest
from benchmarks.exports import write_export
from benchmarks.ingest_sides import ROWS


def test_export_and_rows_hold_the_same(tmp_path):
    delivered = tmp_path / "landing" / "a.csv"
    write_export(400, delivered, tmp_path / ROWS)
    text = delivered.read_bytes().decode("cp1252")
    assert text == (tmp_path / ROWS).read_text(encoding="utf-8") and text.count("\n") == 401
    persons = {line.split(";")[3] for line in text.splitlines()[1:]}
    assert 15 <= len(persons) <= 20 and '"Sagde ""måske""; aftalt nyt møde"' in text


def test_all_sides_write_every_row_and_the_tables_tell_it(tmp_path, capsys, monkeypatch):
    kept = {}
    monkeypatch.setattr(ingest, "keep_result", lambda name, found: kept.update({name: found}) or ingest.PROJECT_ROOT)
    monkeypatch.setattr(ingest, "SIDES", ("ours", "duckdb", "pandas"))
    options = ["--sizes", "0.001", "--repeat", "1", "--files", "3", "--records", "20", "--work", str(tmp_path)]
    assert ingest.main(options) == 0
    told = capsys.readouterr().out
    assert told.count("| 1,000 | ") == 3 and "3 files of 200 rows" in told and "20 ledger records" in told
    assert list(kept["ingest"]["sizes"][0]["runs"]) == ["ours", "duckdb", "pandas"]
    assert list(tmp_path.iterdir()) == []


def test_a_side_that_loses_rows_gives_no_time(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(ingest, "rows_written", lambda side, folder: 999)
    assert ingest.main(["--sizes", "0.001", "--repeat", "1", "--work", str(tmp_path)]) == 1
    assert "ours wrote 999 rows of 1,000." in capsys.readouterr().err


@pytest.mark.parametrize("side", ["duckdb", "pandas"])
def test_a_side_that_fails_gives_no_time(tmp_path, side):
    with pytest.raises(ingest.CommandFailed):
        ingest.run_side(side, tmp_path)
