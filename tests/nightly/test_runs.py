"""Each stage of a night leaves a record: how long, how much, to which end. Nothing delivered can be told from it."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from nightly.running import all_stages, stage
from vocabulary.errors import BuildBlocked, DiskFull, RunLocked
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.runs import KEPT, Runs, StageRun

START = datetime(2025, 11, 1, 3, 30, tzinfo=UTC)
VERSIONS = {"omraadetal_version": "1", "dbt_version": "2", "duckdb_version": "3"}


def records(settings):
    return [(one.run_id, one.stage, one.outcome, one.exit_code) for one in Runs(Paths.of(settings)).records()]


def kept(settings, name, *, began=START, **facts):
    run = StageRun(run_id="run 1", stage=name, started_at=began, ended_at=began, versions=VERSIONS, **facts)
    Runs(Paths.of(settings)).add(run)


@pytest.mark.parametrize(
    ("error", "outcome", "exit_code"),
    [
        (BuildBlocked(build_id="b", count=1, home="h"), "BuildBlocked", 3),
        (OSError(28, "No space left on device"), "DiskFull", DiskFull.exit_code),
        (ValueError("Anna And, 010190-1234.csv"), "ValueError", 1),
        (KeyboardInterrupt(), "stopped", 1),
    ],
)
def test_what_ended_a_stage_is_told_by_its_name_alone(settings, error, outcome, exit_code):
    with pytest.raises((type(error), DiskFull)), stage(settings, "publish", 0):
        raise error
    assert records(settings) == [("run 1", "publish", outcome, exit_code)]
    for file in Paths.of(settings).runs.iterdir():
        assert "Anna" not in file.read_text() and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_stages_of_one_command_are_one_run_and_those_of_airflow_are_its(settings, monkeypatch):
    with all_stages(settings, "night"):
        for name in ("ingest", "build"):
            with stage(settings, name, None if name == "ingest" else 0):
                pass
    told = {("run 1", name, "done", 0) for name in ("night", "ingest", "build")}
    assert set(records(settings)) == told
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "nightly_load")
    monkeypatch.setenv("AIRFLOW_CTX_DAG_RUN_ID", "scheduled__1")
    with stage(settings, "check", 0):
        pass
    assert set(records(settings)) == told | {("nightly_load scheduled__1", "check", "done", 0)}


def test_who_is_refused_did_not_run_and_what_is_no_stage_of_a_night_is_not_kept(settings):
    with stage(settings, "backup", 0), pytest.raises(RunLocked), stage(settings, "publish", 0):
        raise AssertionError("two at once")
    assert records(settings) == []


def test_a_record_that_cannot_be_written_stops_nothing(settings, caplog, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Runs, "add", full)
    with stage(settings, "check", 0):
        pass
    assert "no record was kept of how check went" in caplog.text


def test_what_was_delivered_is_shown_rounded_and_what_is_published_as_it_is(settings):
    Paths.of(settings).create()
    kept(settings, "ingest", rows=3, bytes=49_999)
    kept(settings, "ingest", rows=151, bytes=1_260_000)
    kept(settings, "publish", rows=13_931, bytes=7, publication_id="p")
    kept(settings, "notify")
    shown = Runs(Paths.of(settings)).published().to_pylist()
    assert sorted((one["stage"], one["rows"], one["bytes"]) for one in shown if one["stage"] != "notify") == [
        ("ingest", 0, 0),
        ("ingest", 200, 1_300_000),
        ("publish", 13_931, 7),
    ]
    assert {one["dbt_version"] for one in shown} == {"2"}


def test_what_is_long_past_is_removed(settings):
    Paths.of(settings).create()
    kept(settings, "night", began=START - KEPT - timedelta(minutes=1))
    kept(settings, "night", began=START - KEPT + timedelta(minutes=1))
    runs = Runs(Paths.of(settings))
    runs.remove_past(START)
    assert [one.started_at for one in runs.records()] == [START - KEPT + timedelta(minutes=1)]


def test_a_publication_tells_how_its_night_went_up_to_itself(sample_night):
    settings, night = sample_night
    with reading(night.publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select stage, outcome, seconds >= 0, rows, bytes > 0 from quality.run order by started_at"
        ).fetchall()
    assert [row[0] for row in rows] == ["ingest", "build", "check"]
    assert all(row[1] == "done" and row[2] for row in rows)
    read = sum(one.rows_read for one in night.new_files)
    assert rows[0][3] == round(read / 100) * 100 != read and rows[0][4]
    kept_rows = [one for one in Runs(Paths.of(settings)).records() if one.stage == "publish"]
    assert kept_rows[0].publication_id == night.publication.name
    told = json.loads((night.publication / "publication.json").read_text())["tables"]
    assert kept_rows[0].rows == sum(table["rows"] for table in told.values())
