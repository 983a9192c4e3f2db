"""Nights on the samples are killed, as many as there is time for; the next one is as if nothing had happened.

`make faults` is the long form (docs/reliability.md).
"""

import os
import random
import shutil
import time
from datetime import datetime

import pytest

from benchmarks.faults.found import wrongs
from benchmarks.faults.killing import Aim
from benchmarks.faults.trial import SAMPLES, know, try_kills
from vocabulary.settings import LOCAL_ZONE

SEED = int(os.environ.get("FAULTS_SEED") or datetime.now(LOCAL_ZONE).date().toordinal())
"""Moves on by one a day, and with it the place that is aimed at; a day that failed can be asked for again."""

BUDGET_SECONDS = 60.0
"""Of kills, beside the two nights that nobody kills."""

DELIVERED_TONIGHT = ("vejledninger", "2025-10-06", "Vejledninger 2025.csv")


@pytest.fixture(scope="module")
def world(tmp_path_factory, sample_night):
    """The sample night, and on the day after it a delivery that replaces an earlier one."""
    work = tmp_path_factory.mktemp("faults")
    shutil.copytree(sample_night[0].home, work / "base", symlinks=True)
    shutil.copytree(SAMPLES, work / "landing")
    source, day, name = DELIVERED_TONIGHT
    content = (SAMPLES / source / day / name).read_bytes()
    (work / "landing" / source / "2025-11-02").mkdir()
    (work / "landing" / source / "2025-11-02" / name).write_bytes(content[: content.rindex(b"\n", 0, -1) + 1])
    return know(work, work / "landing", "2025-11-02", None, print)


def aims(world, draw):
    """The place of the day, then any moment until the time is up."""
    started = time.monotonic()
    yield Aim.drawn(draw, world.aims[SEED % len(world.aims)])
    while time.monotonic() - started < BUDGET_SECONDS:
        yield Aim.drawn(draw, "any moment")


def test_killed_nights_lose_nothing_and_the_next_one_is_as_if_none_had_been(world):
    print(f"seed {SEED}: FAULTS_SEED={SEED} asks for the same kills")  # noqa: T201
    trial = try_kills(world, aims(world, random.Random(SEED)), "trial")  # noqa: S311
    print([(kill.at, kill.stage, kill.readings) for kill in trial.kills])  # noqa: T201
    assert wrongs(trial) == []
    assert any(kill.stage for kill in trial.kills), "no night was hit"
    assert all(kill.readings for kill in trial.kills), "nobody read meanwhile"
    assert len(world.expected.journal) == 2 and len(world.expected.deliveries) == 23
