"""The bed that the checks are tried in: what it draws, what its claims keep apart, and that its score can fail."""

import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.fault import CATALOGUE, Place, Planted
from benchmarks.quality.planting import clean_world, combinations, mutations
from benchmarks.quality.score import by_world, mistakes, score, table
from benchmarks.quality.world import World
from vocabulary.flags import FlagCode

SEED = 5
UNREADABLE = ("samtaler_i_aar.csv", "noegletal_igen.xlsx", "samtaler.csv")
"""Planted files that nothing of is read."""


@pytest.fixture(scope="module")
def planted():
    return mutations(SEED)


def flags_as_planted(worlds):
    return by_world(set().union(*(one.expected for one in worlds)), worlds)


def fault(name):
    return next(one for one in CATALOGUE if one.name == name)


def test_flags_as_planted_are_full_recall_without_false_alarm(planted):
    result = score("all", planted, flags_as_planted(planted))
    assert result.is_perfect and result.planted == len(CATALOGUE)
    assert list(mistakes([result])) == []


def test_a_flag_that_is_not_raised_lowers_recall_and_is_told(planted):
    flags = flags_as_planted(planted)
    missed = flags["single_003"].pop()
    result = score("all", planted, flags)
    code = result.codes[FlagCode(missed.flag_code)]
    assert not result.is_perfect and (code.planted - code.found, code.planted - code.exact) == (1, 1)
    told = "\n".join(mistakes([result]))
    assert "missing in single_003" in told and missed.flag_code in told


def test_a_flag_at_another_place_is_found_and_still_wrong(planted):
    flags = flags_as_planted(planted)
    flag = flags["single_003"].pop()
    flags["single_003"].add(flag._replace(file_name="another.csv"))
    code = score("all", planted, flags).codes[FlagCode(flag.flag_code)]
    assert code.found == code.planted and code.exact == code.planted - 1 and code.false_alarms == 1


def test_a_flag_at_a_source_that_worlds_share_is_a_false_alarm_of_the_clean_world(planted):
    worlds = [clean_world(), *planted]
    stray = next(iter(planted[0].expected))._replace(source_id="samtaler")
    flags = by_world({stray, *set().union(*(one.expected for one in worlds))}, worlds)
    result = score("all", worlds, flags)
    assert result.recall == 1 and result.false_alarms == 1
    assert any("too many in clean" in line for line in mistakes([result]))


def test_the_table_has_a_line_for_every_code(planted):
    lines = list(table([score("all", planted, flags_as_planted(planted))]))
    assert {line.split()[0] for line in lines} >= set(FlagCode)


def test_a_seed_draws_the_same_again_and_another_seed_does_not():
    drawn = [[str(one) for one in combinations(20, seed)] for seed in (SEED, SEED, SEED + 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_codes_are_drawn_about_as_often_as_each_other():
    drawn = [one.planted.fault.code for world in combinations(200, SEED) for one in world.mutations]
    counts = [drawn.count(code) for code in FlagCode]
    assert min(counts) > 0.5 * max(counts)


def test_faults_that_would_change_each_other_are_kept_apart():
    zero = Planted(fault("a year in which nothing was marked as bridged"), Place(2022, "nordby"))
    again = Planted(fault("a closed year that was delivered again"), Place(2023, "nordby"))
    elsewhere = Planted(fault("a closed year that was delivered again"), Place(2023, "sydby"))
    early = Planted(fault("a file that was made before the year was over"), Place(2022))
    row = Planted(fault("a row of another year"), Place(2023, "havnen"))
    assert zero.meets(again) and again.meets(zero)  # the same series
    assert early.meets(zero)  # every series of the source
    assert early.meets(elsewhere)  # the agreement year that both lie in
    assert row.meets(elsewhere)  # the file that is delivered again
    assert not zero.meets(elsewhere) and not zero.meets(row)


def delivered(world):
    """What the readable files of a world hold, whatever the order in which rows were added."""
    return {
        (one.source, one.delivered_on, one.file_name): [
            sorted(map(str, rows))
            for rows in ([one.file.rows] if hasattr(one.file, "rows") else one.file.sheets.values())
        ]
        for files in world.deliveries.values()
        for one in files
        if one.file_name not in UNREADABLE and not one.file_name.startswith("uden_dato")
    }


@pytest.mark.parametrize("seed", range(4))
def test_faults_of_one_world_do_not_depend_on_which_was_planted_first(seed):
    for one in combinations(50, seed):
        turned = World(one.world.name)
        flags = [mutation.planted.plant(turned) for mutation in reversed(one.mutations)]
        assert turned.placed(set().union(*flags)) == one.expected, str(one)
        assert delivered(turned) == delivered(one.world), str(one)


def test_a_world_is_changed_alone(planted):
    before = [delivery.file.content() for delivery in clean_world().world.files("samtaler")]
    combinations(50, SEED)
    assert [delivery.file.content() for delivery in clean_world().world.files("samtaler")] == before


@pytest.mark.parametrize("wrong", [["--combinations", "-1"], ["--combinations", "x"], ["--work", "/no/such/folder"]])
def test_a_wrong_argument_is_told_before_anything_runs(wrong, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2
    assert wrong[1] in capsys.readouterr().err
