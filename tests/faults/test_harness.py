"""The trials themselves: they kill where they aim, and see what is wrong."""

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from benchmarks.faults import __main__ as command
from benchmarks.faults import alone
from benchmarks.faults.alone import COMMANDS, StageProcess
from benchmarks.faults.chains import BY, drawn_chains, for_kills
from benchmarks.faults.disk import FullNight
from benchmarks.faults.found import keep, kill_table, read, wrongs
from benchmarks.faults.killing import FILES, STAGES, Aim, NightProcess, run_killed
from benchmarks.faults.reader import Reader
from benchmarks.faults.state import left_behind, let_a_day_pass, lost_rows, partial, state_of
from benchmarks.faults.trial import Kill, Trial, settings_of
from benchmarks.faults.whole import problem_of_files
from warehouse.paths import Paths

NIGHT = """
import pathlib, subprocess, sys, time
home = pathlib.Path(sys.argv[1])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(home / "child").write_text(str(child.pid))
for stage in ("ingest", "build", "publish"):
    print(f"{stage}   told", flush=True)
    time.sleep(0.5)
    (home / "raw" / stage).mkdir(parents=True)
    (home / "raw" / stage / ".1.parquet.part").touch()
time.sleep(600)
"""
USUAL = {"start": 0.1, "ingest": 0.5, "build": 0.5, "publish": 0.5}


def alive(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("aim", "stage"),
    [
        (Aim("ingest", 0.2), "ingest"),
        (Aim("build", 0.2), "build"),
        (Aim("publish", 0.0), "publish"),
        (Aim("a raw Parquet file"), "build"),
        (Aim("any moment", 0.0), "start"),
    ],
)
@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes in /proc")
def test_a_night_is_killed_where_it_is_aimed_at_with_all_that_it_started(tmp_path, aim, stage):
    night = NightProcess([sys.executable, "-c", NIGHT, str(tmp_path)], os.environ)
    while not (tmp_path / "child").exists() and aim.at != "any moment":
        time.sleep(0.01)
    killed = run_killed(night, tmp_path, set(), aim, USUAL)
    # a line may be told between the file and the look at it
    assert killed.code is None and killed.stage in (stage, STAGES[STAGES.index(stage) + 1])
    if (tmp_path / "child").exists():
        child = int((tmp_path / "child").read_text() or 0)
        until = time.monotonic() + 30
        while alive(child) and time.monotonic() < until:
            time.sleep(0.05)
        assert not alive(child)


def test_a_night_that_ends_before_is_no_kill(tmp_path):
    night = NightProcess([sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    killed = run_killed(night, tmp_path, set(), Aim("publish", 0.5), {"publish": 1.0})
    assert (killed.stage, killed.code) == (None, 3)
    assert signal.SIGKILL not in (killed.code,)


@pytest.fixture
def home(tmp_path, sample_night):
    shutil.copytree(sample_night[0].home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def test_a_whole_night_has_nothing_wrong_and_equals_itself(home, sample_night):
    settings = settings_of(home)
    assert lost_rows(settings) == partial(settings) == left_behind(home) == []
    state = state_of(settings)
    assert state.differences(state_of(sample_night[0])) == []
    assert len(state.deliveries) == 22 and len(state.readings) >= 2 * 22 and state.figures[0] > 100
    with Reader(home, None) as reader:
        reader.look()
    assert reader.problems == [] and reader.readings


def change(path, old, new):
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(old, new))


def test_a_publication_that_is_not_whole_is_seen(home):
    current = Paths(home).current.resolve()
    for path, old, new in (
        (current / "parquet" / "marts" / "dim_area.parquet", b"PAR1", b"PAR2"),
        (current / "publication.json", b'"rows": 3', b'"rows": 4'),
        (current / "publication.json", current.name.encode(), b"2025-11-01-00000000"),
    ):
        kept = path.read_bytes()
        assert problem_of_files(current) is None
        change(path, old, new)
        assert problem_of_files(current), path
        assert partial(settings_of(home))
        path.write_bytes(kept)
    (current / "omraadetal.duckdb").unlink()
    with Reader(home, None) as reader:
        reader.look()
    assert reader.problems and all("omraadetal.duckdb" in problem for problem in reader.problems)


def test_lost_rows_are_seen(home):
    record = next((home / "ledger" / "vejledninger").iterdir())
    told = json.loads(record.read_text())
    record.write_text(json.dumps(told | {"rows_read": told["rows_read"] + 1}))
    next((home / "raw" / "aktiviteter").glob("[!_]*.parquet")).unlink()
    assert len(lost_rows(settings_of(home))) == 2
    before = state_of(settings_of(home))
    record.unlink()
    assert state_of(settings_of(home)).differences(before) == ["deliveries"]


def test_a_journal_that_is_doubled_partial_or_cannot_be_read_is_seen(home):
    (entry,) = (home / "journal").glob("2*_*")
    again = entry.with_name(f"3{entry.name[1:]}")
    shutil.copytree(entry, again)
    told = json.loads((entry / "entry.json").read_text())
    moment = told["published_at"].replace("2", "3", 1)
    (again / "entry.json").write_text(json.dumps(told | {"published_at": moment}))
    assert any("2 times" in problem for problem in partial(settings_of(home)))
    (again / "entry.json").write_text("")
    assert any("cannot be read" in problem for problem in partial(settings_of(home)))


def test_what_is_left_behind_is_seen_and_a_day_makes_it_old(home):
    left = [home / "ledger" / ".x.part", home / "publications" / ".p", home / "warehouse" / "builds" / "b"]
    left[0].touch()
    for folder in left[1:]:
        folder.mkdir()
    assert left_behind(home) == sorted(str(path.relative_to(home)) for path in left)
    let_a_day_pass(home)
    assert time.time() - left[0].stat().st_mtime > 80_000


PLACES = ("ingest", "build", *FILES)


def chains_of(by, kills, seed=1):
    drawn = drawn_chains(PLACES, tuple(COMMANDS), by, random.Random(seed))  # noqa: S311
    return list(for_kills(drawn, kills))


def test_every_place_is_aimed_at_and_every_chain_has_its_kills():
    chains = chains_of("night", 2 * len(PLACES))
    aimed = [aim.at for chain in chains for aim in chain.aims]
    assert set(aimed) == {*PLACES, "any moment"} and len(aimed) == 2 * len(PLACES)
    assert len({len(chain.aims) for chain in chains}) > 1
    assert all(chain.alone is None and aim.alone is None for chain in chains for aim in chain.aims)


def test_every_stage_is_run_alone_and_killed_at_each_of_its_files():
    chains = chains_of("stage", 200)
    assert {chain.alone for chain in chains} == set(COMMANDS)
    assert {aim.at for chain in chains for aim in chain.aims} == {*COMMANDS, *FILES}
    assert all(aim.alone == chain.alone for chain in chains for aim in chain.aims)


@pytest.mark.parametrize("by", BY)
def test_a_longer_run_of_a_seed_begins_as_a_shorter_one_did(by):
    short, long = chains_of(by, 20), chains_of(by, 60)
    assert long[: len(short) - 1] == short[:-1]
    assert short != chains_of(by, 20, seed=2)


def test_any_moment_is_waited_for_by_stage_so_that_a_faster_night_is_hit_too():
    assert Aim(fraction=0.0).moment(USUAL) == ("start", 0.0)
    assert Aim(fraction=0.5).moment(USUAL) == ("build", pytest.approx(0.2))
    assert Aim("publish", 0.5).moment(USUAL) == ("publish", 0.25)


HOLDING = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from warehouse.fence import Holder, write_holder
from warehouse.paths import Paths
time.sleep(0.5)
write_holder(Paths(Path(sys.argv[1])), Holder.this_process(2, "build"))
time.sleep(600)
"""


def test_a_stage_alone_has_begun_when_it_holds_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(alone, "PROGRAM", sys.executable)
    process = StageProcess("build", tmp_path, ["-c", HOLDING, str(tmp_path)], os.environ)
    assert process.stage == "start"
    killed = run_killed(process, tmp_path, set(), Aim("build", 0.1, "build"), {"build": 1.0})
    assert (killed.stage, killed.code) == ("build", None)


def test_the_table_adds_up_what_was_wrong():
    kills = [Kill("build", "build", ["a"], [], ["b", "c"], 5, is_alone=True), Kill("build", None, [], ["d"], [], 2)]
    trial = Trial(kills, ["figures"], ["left"], 1800.0)
    lines = list(kill_table([trial]))
    assert lines[2:5] == [
        "| build | 1 | 1 | 1 | 0 | 2 | 5 |",
        "| (had ended) | 1 | 0 | 0 | 1 | 0 | 2 |",
        "| in all | 2 | 1 | 1 | 1 | 2 | 7 |",
    ]
    assert lines[-1].endswith(": 2"), "one kill that hit in half an hour"
    assert sorted(wrongs(trial)) == ["a", "b", "c", "d", "figures", "left"]


def test_runs_add_up_in_one_file_and_a_seed_goes_on_where_it_was(tmp_path):
    file = tmp_path / "results" / "all.jsonl"
    trials = [Trial([Kill("build", "build", [], [], [], at, is_alone=True)], [], [], 1.0) for at in range(3)]
    for seed, trial in zip((7, 8, 7), trials, strict=True):
        keep(file, seed, trial)
    keep(file, 7, FullNight(1024, 1, True, "build", []))
    found = read(file)
    assert found.trials == trials and found.by_seed == {7: 2, 8: 1} and len(found.full) == 1 and found.is_good
    keep(file, 8, Trial([], ["figures"]))
    assert not read(file).is_good
    assert read(tmp_path / "none").trials == []


def test_lanes_share_out_the_kills_and_tell_one_table(tmp_path, monkeypatch, capsys):
    """With a program in the lanes' place that writes what it was told."""
    program = tmp_path / "lane"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    program.chmod(0o700)
    results = tmp_path / "all.jsonl"
    keep(results, 1, Trial([Kill("build", "build", [], [], [], 3)], []))
    monkeypatch.setattr(command.sys, "executable", str(program))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert (
            command.main(["--kills", "5", "--disks", "0", "--lanes", "2", "--seed", "3", "--results", str(results)])
            == 0
        )
    finally:
        signal.signal(signal.SIGTERM, before)
    asked = sorted((tmp_path / "asked").read_text().splitlines())
    assert ["--kills 2" in asked[0], "--kills 3" in asked[1]] == [True, True]
    assert ["--seed 3" in asked[0], "--seed 4" in asked[1]] == [True, True]
    assert all(f"--results {results}" in words and "--is-lane" in words for words in asked)
    assert "| in all | 1 |" in capsys.readouterr().out


@pytest.mark.parametrize(("wrong", "code"), [([], 0), (["a row"], 1)])
def test_a_run_that_is_ended_early_tells_what_it_found(tmp_path, monkeypatch, capsys, wrong, code):
    def kills(*_):
        yield Trial([Kill("build", "build", wrong, [], [], 5)], [])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    before = signal.getsignal(signal.SIGTERM)
    for name, stand_in in (("make_base", lambda *_: None), ("know", lambda *_: None), ("_kills", kills)):
        monkeypatch.setattr(command, name, stand_in)
    results = tmp_path / "results" / "faults.jsonl"
    words = ["--without-database", "--seed", "7", "--work", str(tmp_path), "--results", str(results)]
    try:
        assert command.main(words) == code
    finally:
        signal.signal(signal.SIGTERM, before)
    assert f"| in all | 1 | 0 | {len(wrong)} | 0 | 0 | 5 |" in capsys.readouterr().out
    assert read(results).trials[0].kills[0].lost == wrong
    assert bool(list(tmp_path.glob("omraadetal_faults_*"))) == bool(wrong), "what went wrong is kept to look into"
