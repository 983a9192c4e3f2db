"""One run at a time: a second is told of the first, a dead one's lock is free, a stopped one's is broken for good."""

import getpass
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nightly import lock as lock_module
from nightly.lock import run_lock
from nightly.running import all_stages, stage
from vocabulary.errors import RunLocked
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.fence import STALE_AFTER_SECONDS, Holder, guarded, read_holder, this_host, write_holder
from warehouse.paths import Paths

HOLDER = """
import sys
from pathlib import Path
from nightly.lock import run_lock
from warehouse.paths import Paths

with run_lock(Paths(Path(sys.argv[1])), "the first night") as fence:
    print(fence.token, flush=True)
    sys.stdin.readline()
    with fence.passed():
        print("published", flush=True)
"""


@pytest.fixture
def paths(tmp_path):
    made = Paths(tmp_path / "home")
    made.create()
    return made


@pytest.fixture
def first(paths):
    """Another process that holds the lock, and publishes when it is told to go on."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(paths.home)],
        cwd=PROJECT_ROOT,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    ) as process:
        assert process.stdout.readline().strip() == "1"
        yield process
        process.kill()


def long_ago(paths):
    then = time.time() - STALE_AFTER_SECONDS - 1
    os.utime(paths.run_holder, (then, then))


def take(paths):
    """Hold the lock for a moment; the token that came with it."""
    with run_lock(paths, "the second night") as fence:
        return fence.token


def test_a_second_run_is_told_of_the_first(paths, first):
    with pytest.raises(RunLocked) as refused:
        take(paths)
    who = rf"the first night by {getpass.getuser()} on {this_host()}, process {first.pid}, since \d{{4}}-"
    assert re.search(who, str(refused.value))


def test_who_waits_long_enough_gets_it(paths, first):
    first.communicate("go\n", timeout=60)
    with run_lock(paths, "the second night", wait_seconds=60) as fence:
        assert fence.token == 2
    assert read_holder(paths).has_ended


def test_a_killed_run_holds_nothing(paths, first):
    first.kill()
    first.wait()
    assert not read_holder(paths).has_ended
    assert take(paths) == 2


def test_a_stopped_run_that_wakes_up_publishes_nothing(paths, first):
    first.send_signal(signal.SIGSTOP)
    with pytest.raises(RunLocked):
        take(paths)
    long_ago(paths)
    with run_lock(paths, "the second night") as fence:
        first.send_signal(signal.SIGCONT)
        said, problem = first.communicate("go\n", timeout=60)
        assert "published" not in said
        assert "RunOvertaken" in problem and "the second night by" in problem
        with fence.passed():  # what the first left behind takes nothing from the second
            pass
        with pytest.raises(RunLocked):
            take(paths)
    assert take(paths) == 3


def test_a_lock_is_not_broken_while_what_is_in_force_changes(paths, monkeypatch):
    monkeypatch.setattr("warehouse.fence.GUARD_SECONDS", 0.1)
    with run_lock(paths, "the first night") as fence, fence.passed():
        long_ago(paths)
        with pytest.raises(RunLocked, match="the first night"):
            take(paths)


@pytest.mark.parametrize("lives", [True, False])
def test_another_machine_is_believed_while_it_gives_signs_of_life(paths, lives):
    """Their lock may not be seen from here: it is not held on this machine."""
    other = Holder(token=7, doing="night", owner="drift", host="elsewhere", pid=1, started_at=datetime.now(UTC))
    write_holder(paths, other)
    if lives:
        with pytest.raises(RunLocked, match="night by drift on elsewhere"):
            take(paths)
    else:
        long_ago(paths)
        assert take(paths) == 8


def test_a_run_gives_signs_of_life(paths, monkeypatch):
    monkeypatch.setattr(lock_module, "BEAT_SECONDS", 0.01)
    with run_lock(paths, "night"):
        long_ago(paths)
        for _ in range(1000):
            if time.time() - paths.run_holder.stat().st_mtime < STALE_AFTER_SECONDS:
                break
            time.sleep(0.01)
        else:
            pytest.fail("no sign of life")


def test_who_holds_the_lock_is_told_to_its_owner_alone(paths):
    with run_lock(paths, "night"), guarded(paths):
        assert paths.run_holder.stat().st_mode & 0o777 == 0o600


def test_a_night_holds_one_lock_for_all_its_stages(tmp_path):
    settings = replace(Settings.from_environment(home=tmp_path / "home"), store=str(tmp_path / "home"))
    with all_stages(settings, "night"):
        with stage(settings, "build", 0) as inner:
            assert inner.fence.token == 1
        with pytest.raises(RunLocked, match="night by"):
            take(Paths.of(settings))
    assert take(Paths.of(settings)) == 2
