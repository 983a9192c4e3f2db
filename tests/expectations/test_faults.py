"""Every check finds the fault that is planted for it, exactly where it stands, and says nothing else.

The faults and the clean world stand in benchmarks/quality; `make quality-report` prints the same as a table.
"""

import pytest

from benchmarks.quality.fault import CATALOGUE
from benchmarks.quality.planting import FEWEST
from benchmarks.quality.score import by_world, table
from benchmarks.quality.trial import COMBINATIONS, run_trial
from vocabulary.flags import FlagCode


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """Every fault alone and 200 combinations, found by a night like any other."""
    return run_trial(tmp_path_factory.mktemp("worlds"))


def test_every_code_has_a_fault():
    assert {fault.code for fault in CATALOGUE} == set(FlagCode)


def test_clean_deliveries_give_no_flag(trial):
    assert trial.flags.get("clean", set()) == set()


@pytest.mark.parametrize("number", range(len(CATALOGUE)), ids=[fault.name for fault in CATALOGUE])
def test_one_fault_gives_exactly_its_flags(trial, number):
    planted = trial.single[1 + number]
    (mutation,) = planted.mutations
    assert CATALOGUE[number].code in {flag.flag_code for flag in mutation.flags}
    assert trial.flags.get(planted.world.name, set()) == mutation.flags


def test_faults_together_give_the_union_of_their_flags(trial):
    assert len(trial.combined) == COMBINATIONS
    assert sum(len(one.mutations) >= FEWEST for one in trial.combined) > 0.9 * COMBINATIONS
    wrong = {
        str(one): trial.flags.get(one.world.name, set()) ^ one.expected
        for one in trial.combined
        if trial.flags.get(one.world.name, set()) != one.expected
    }
    assert wrong == {}


def test_the_report_tells_full_recall_and_no_false_alarm(trial):
    assert all(score.is_perfect for score in trial.scores)
    assert "recall 100.0 %, 0 false alarms" in list(table(trial.scores))[-1]


def test_no_flag_is_left_over(trial):
    """Each flag of the nights belongs to a world that was judged above."""
    worlds = [*trial.single, *trial.combined]
    assert set(trial.flags) <= {one.world.name for one in worlds}
    assert by_world(set().union(*trial.flags.values()), worlds) == trial.flags
