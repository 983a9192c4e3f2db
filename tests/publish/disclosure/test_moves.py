"""A figure that was shown moves in public by 3 or more, or not at all."""

import itertools
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def total(controlled):
    shown = controlled.figures
    return shown[shown["area_id"].eq("alle_omraader")].iloc[0]


@pytest.mark.parametrize(
    ("now", "shown"), [(21, 20), (22, 20), (19, 20), (18, 20), (20, 20), (23, 23), (17, 17), (60, 60)]
)
def test_a_change_of_one_or_two_waits(world, publish, now, shown):
    publish(world.count("alle_omraader", 20))
    found = publish(world.count("alle_omraader", now))
    assert total(found)["value"] == shown and total(found)["numerator"] == shown
    assert found.untold["area_id"].tolist() == (["alle_omraader"] if shown != now else [])


def test_changes_that_waited_add_up(world, publish):
    assert [total(publish(world.count("alle_omraader", value)))["value"] for value in (20, 21, 22, 23, 24)] == [
        20,
        20,
        20,
        23,
        23,
    ]


def test_a_year_that_ends_is_final_and_its_last_small_change_still_waits(world, publish):
    publish(world.count("alle_omraader", 20, value_state="incomplete", is_closed=False))
    found = total(publish(world.count("alle_omraader", 22)))
    assert (found["value"], found["value_state"]) == (20, "observed")


def test_a_figure_that_waits_keeps_the_definition_it_was_counted_by(world, publish):
    publish(world.count("alle_omraader", 20, definition_version="1"))
    found = publish(world.count("alle_omraader", 22, definition_version="2"))
    assert total(found)[["value", "definition_version"]].tolist() == [20, "1"]
    assert total(publish(world.count("alle_omraader", 23, definition_version="2")))["definition_version"] == "2"


def test_events_move_as_they_like(world, publish):
    publish(world.count("alle_omraader", 20, contributors=None))
    assert total(publish(world.count("alle_omraader", 21, contributors=None)))["value"] == 21


def test_a_status_rests_on_what_is_shown(world, publish):
    target = {"target_value": 21.0, "target_needed": 21.0, "baseline_value": 20.0}
    first = world.count("alle_omraader", 20, target_status="missed", baseline_trend="no_clear_change", **target)
    publish(first)
    now = world.count("alle_omraader", 22, target_status="reached", baseline_trend="better", **target)
    assert total(publish(now))[["value", "target_status", "baseline_trend"]].tolist() == [
        20,
        "missed",
        "no_clear_change",
    ]


def test_a_status_of_an_open_year_follows_the_calendar_though_the_figure_waits(world, publish):
    publish(world.count("alle_omraader", 20, target_value=40.0, target_needed=20.0, target_status="on_track"))
    now = world.count("alle_omraader", 21, target_value=40.0, target_needed=20.5, target_status="on_track")
    assert total(publish(now))["target_status"] == "behind"
    ceiling = {"better": "lower", "target_value": 20.0, "target_needed": 20.0}
    ended = world.count("alle_omraader", 21, target_status="missed", **ceiling)
    assert total(publish(ended))["target_status"] == "reached"


def test_a_share_waits_for_its_answers(world, publish):
    publish(world.share("alle_omraader", 100, 40))
    found = total(publish(world.share("alle_omraader", 102, 42)))
    assert found[["value", "n", "n_effective"]].tolist() == [40.0, 100, 100.0]
    # ten more answers, one of them a hit: the share of the ten is not told either
    assert total(publish(world.share("alle_omraader", 110, 41)))["n"] == 100
    assert total(publish(world.share("alle_omraader", 110, 45)))["n"] == 110


def test_a_rate_waits_with_what_it_counts(world, publish):
    def rows(persons):
        rate = {"indicator_id": "rate", "numerator_id": "i", "measure_kind": "rate", "denominator": 200.0}
        counted = world.count("alle_omraader", persons)
        return counted, world.count("alle_omraader", persons, value=persons / 2, **rate)

    publish(*rows(20))
    shown = publish(*rows(21)).figures
    assert shown[["value", "numerator"]].to_numpy().tolist() == [[20, 20], [10, 20]]


def test_an_area_that_waits_does_not_follow_from_the_total(world, publish):
    publish(world.count("a", 9), world.count("b", 30), world.count("c", 40), world.count("alle_omraader", 79))
    # a grew by 1, b and c by 20: total - b - c would be a
    found = publish(world.count("a", 10), world.count("b", 50), world.count("c", 60), world.count("alle_omraader", 120))
    states = dict(zip(found.figures["area_id"], found.figures["value_state"], strict=True))
    assert states["alle_omraader"] == "observed" and "suppressed" in {states["b"], states["c"]}


def test_what_was_reached_over_the_years_goes_where_a_year_waits(world, publish):
    years = [world.count("alle_omraader", 20, year=year, cumulative_value=20.0) for year in (2021, 2022)]
    publish(*years)
    now = [world.count("alle_omraader", 21, year=2021, cumulative_value=21.0), years[1]]
    assert publish(*now).figures["cumulative_value"].isna().all()


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_no_two_publications_differ_by_one_or_two(world, values):
    publications = world.new()
    shown = [publications.publish([world.count("alle_omraader", one)]).figures["value"].iloc[0] for one in values]
    publications.connection.close()
    told = [value for value in shown if not math.isnan(value)]
    assert all(abs(one - other) in (0, *range(3, 13)) for one, other in itertools.pairwise(told))
    assert not {1, 2} & set(told)
