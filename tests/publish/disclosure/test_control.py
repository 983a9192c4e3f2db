"""Too few persons are never shown, nor what would give them away; statuses don't rest on hidden cells."""

import pytest

from publish.disclosure.control import HIDDEN_COLUMNS, INNER_COLUMNS
from publish.disclosure.limits import LIMITS_FILE, read_limits
from vocabulary.errors import DefinitionInvalid


def states(controlled):
    return dict(zip(controlled.figures["area_id"], controlled.figures["value_state"], strict=True))


def hidden(controlled):
    found = controlled.figures
    return set(found.loc[found["value_state"].eq("suppressed"), "area_id"])


def test_one_or_two_persons_are_hidden_and_a_companion_with_them(world, publish):
    rows = [world.count("a", 2), world.count("b", 7), world.count("c", 5), world.count("alle_omraader", 14)]
    found = publish(*rows)
    assert states(found) == {"a": "suppressed", "b": "observed", "c": "suppressed", "alle_omraader": "observed"}
    shown = found.figures
    assert shown.loc[shown["value_state"].eq("suppressed"), HIDDEN_COLUMNS].isna().all(axis=None)
    assert not set(INNER_COLUMNS) & set(shown.columns)


def test_nobody_is_a_real_zero_and_stays(world, publish):
    rows = [world.count("a", 0), world.count("b", 7), world.count("c", 3), world.count("alle_omraader", 10)]
    assert hidden(publish(*rows)) == set()


def test_two_hidden_areas_that_are_three_together_need_no_companion(world, publish):
    rows = [world.count("a", 1), world.count("b", 2), world.count("c", 9), world.count("alle_omraader", 12)]
    assert hidden(publish(*rows)) == {"a", "b"}


def test_two_hidden_areas_of_one_person_each_need_one(world, publish):
    # total 11 - 9 = 2 = a + b: each would be known to be 0, 1 or 2
    rows = [world.count("a", 1), world.count("b", 1), world.count("c", 9), world.count("alle_omraader", 11)]
    assert hidden(publish(*rows)) == {"a", "b", "c"}


def test_the_total_of_two_persons_goes_with_them(world, publish):
    rows = [world.count("a", 5, contributors=2), world.count("b", 0), world.count("c", 0)]
    assert hidden(publish(*rows, world.count("alle_omraader", 5, contributors=2))) == {"a", "alle_omraader"}


def test_events_without_persons_are_shown(world, publish):
    rows = [world.count(area, 1, contributors=None) for area in ("a", "b", "c", "alle_omraader")]
    assert hidden(publish(*rows)) == set()


def test_persons_of_several_areas_overlap_in_the_total_and_still_give_a_companion_away(world, publish):
    # 2 + 7 + 5 = 14, one of them in two areas: who guesses no overlap is off by one only
    rows = [world.count("a", 2), world.count("b", 7), world.count("c", 5), world.count("alle_omraader", 13)]
    found = publish(*({**row, "measure_kind": "distinct_persons"} for row in rows))
    assert hidden(found) == {"a", "c"}


def test_a_share_needs_ten_answers_and_three_on_either_side(world, publish):
    # no total is shown, so no share gives another one away
    found = publish(world.share("a", 9, 5), world.share("b", 40, 2), world.share("c", 40, 39), world.share("d", 40, 20))
    assert states(found) == {"a": "suppressed", "b": "suppressed", "c": "suppressed", "d": "observed"}
    assert found.figures[["numerator", "denominator"]].isna().all(axis=None)


def test_a_hidden_share_is_not_the_total_minus_the_others(world, publish):
    rows = [world.share("a", 30, 2), world.share("b", 40, 20), world.share("c", 50, 30)]
    found = hidden(publish(*rows, world.share("alle_omraader", 120, 52)))
    assert "a" in found and len(found) == 2 and "alle_omraader" not in found


def test_no_status_rests_on_a_hidden_figure(world, publish):
    target = {"target_value": 12.0, "target_status": "missed", "baseline_value": 5.0, "baseline_trend": "worse"}
    shown = publish(world.count("alle_omraader", 2, **target)).figures
    assert shown.iloc[0][["target_status", "baseline_trend"]].tolist() == ["not_assessable", "not_comparable"]


def test_a_rate_goes_with_the_count_it_would_give_away(world, publish):
    persons = {"a": 2, "b": 7, "c": 5, "alle_omraader": 14}
    counts = [world.count(area, number) for area, number in persons.items()]
    rates = [
        world.count(area, number, indicator_id="rate", numerator_id="i", measure_kind="rate", value=number / 5)
        for area, number in persons.items()
    ]
    shown = publish(*counts, *rates).figures
    found = shown[shown["value_state"].eq("suppressed")].groupby("indicator_id")["area_id"].agg(set)
    assert found.to_dict() == {"i": {"a", "c"}, "rate": {"a", "c"}}


def test_what_was_reached_over_the_years_goes_where_one_of_them_is_hidden(world, publish):
    target = {"target_value": 9.0, "target_status": "reached"}
    years = [
        world.count("alle_omraader", persons, year=year, cumulative_value=float(total), **target)
        for year, persons, total in ((2021, 5, 5), (2022, 2, 7), (2023, 4, 11))
    ]
    shown = publish(*years, world.count("b", 8, year=2021, cumulative_value=8.0, **target)).figures
    assert shown["cumulative_value"].fillna(0).tolist() == [0, 0, 0, 8]
    assert shown["target_status"].tolist() == ["not_assessable"] * 3 + ["reached"]


def test_the_companion_that_was_hidden_before_is_hidden_again(world, publish):
    publish(world.count("a", 1), world.count("b", 17), world.count("c", 15), world.count("alle_omraader", 33))
    # b is the smaller one now; c stays, so that both publications together tell no more than one
    rows = [world.count("a", 1), world.count("b", 7), world.count("c", 15), world.count("alle_omraader", 23)]
    assert hidden(publish(*rows)) == {"a", "c"}


def test_what_was_hidden_stays_hidden_until_it_changes(world, publish):
    rows = [world.count("a", 2), world.count("b", 7), world.count("c", 5), world.count("alle_omraader", 14)]
    assert hidden(publish(*rows)) == {"a", "c"}
    # a is large now, but c as it was beside the old total would tell what a was
    rows = [world.count("a", 12), world.count("b", 7), world.count("c", 5), world.count("alle_omraader", 24)]
    assert "c" in hidden(publish(*rows))
    rows = [world.count("a", 16), world.count("b", 7), world.count("c", 9), world.count("alle_omraader", 32)]
    assert hidden(publish(*rows)) == set()


def test_a_quarter_of_one_person_does_not_follow_from_two_kinds_of_years(world, publish):
    """Calendar 2022 = Q1-Q3 + Q4, agreement year 2021 = Q4 2021 + Q1-Q3 2022; Q4 2022 has one person in area a."""
    quarters = {"a": (9, 20, 1), "b": (9, 30, 8), "c": (9, 25, 7)}
    quarters["alle_omraader"] = tuple(map(sum, zip(*quarters.values(), strict=True)))
    rows, parts = [], []
    for area, (before, middle, after) in quarters.items():
        for kind, year, own in (
            ("calendar", 2021, {"2021-10-01": before}),
            ("calendar", 2022, {"2022-01-01": middle, "2022-10-01": after}),
            ("agreement", 2021, {"2021-10-01": before, "2022-01-01": middle}),
        ):
            rows.append(world.count(area, sum(own.values()), year_kind=kind, year=year))
            parts += [("x", "i", area, kind, year, 0, start, start, n, n) for start, n in own.items()]
    shown = publish(*rows, parts=parts).figures
    assert shown["value_state"].eq("suppressed").any()
    a, b, c, _ = (shown[shown["area_id"].eq(area)].set_index(["year_kind", "year"])["value"] for area in quarters)
    chain = [("calendar", 2021), ("calendar", 2022), ("agreement", 2021)]
    assert a[chain].isna().any()
    # and no year of a is the total minus the others
    assert all(b[year] != b[year] or c[year] != c[year] for year in chain if a[year] != a[year])


def test_a_count_that_became_a_share_is_controlled_anew(world, publish):
    publish(world.count("a", 2), world.count("b", 7), world.count("c", 5), world.count("alle_omraader", 14))
    rows = [world.share("a", 30, 2), world.share("b", 40, 20), world.share("c", 50, 30)]
    assert "a" in hidden(publish(*rows, world.share("alle_omraader", 120, 52)))


def test_the_limits_are_data_that_say_why(tmp_path):
    limits = read_limits()
    assert (limits.fewest_persons.value, limits.fewest_answers.value, limits.narrowest_range.value) == (3, 10, 3)
    wrong = tmp_path / "limits.yaml"
    wrong.write_text(LIMITS_FILE.read_text().replace("value: 10", "value: many"))
    with pytest.raises(DefinitionInvalid, match="fewest_answers"):
        read_limits(wrong)
