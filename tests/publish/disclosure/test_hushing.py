"""Flags, files and comparisons tell nothing of figures that are hidden or wait."""

import pandas as pd
import pytest

from publish.disclosure.hushing import HUSHED_DA, hush_flags, hush_sources, without_untold


def flag(world, **changed):
    numbers = {"message": "fra 7 til 15", "observed": "15", "expected": "7", "acknowledged_reason": "7 er lidt"}
    return {
        **world.key,
        "flag_code": "restated",
        "area_id": "a",
        "acknowledged_by": "programleder",
        **numbers,
        **changed,
    }


def small_and_large(world, **changed):
    return [
        world.count("a", 2, **changed),
        world.count("b", 17),
        world.count("c", 15),
        world.count("alle_omraader", 34),
    ]


def test_a_flag_on_a_hidden_figure_loses_its_numbers(world, publish):
    rows = [flag(world), flag(world, area_id="b"), flag(world, area_id=None, indicator_id=None)]
    quiet = hush_flags(pd.DataFrame(rows), publish(*small_and_large(world)))
    assert quiet["observed"].isna().tolist() == [True, False, False]
    assert quiet["message"].tolist() == [HUSHED_DA, "fra 7 til 15", "fra 7 til 15"]
    assert quiet["acknowledged_reason"].isna().tolist() == [True, False, False]
    assert quiet["acknowledged_by"].tolist() == ["programleder"] * 3


def test_a_flag_on_a_figure_that_was_hidden_before_tells_no_number(world, publish):
    publish(*small_and_large(world))
    found = publish(world.count("a", 30), world.count("b", 27), world.count("c", 25), world.count("alle_omraader", 82))
    assert found.untold.empty
    assert hush_flags(pd.DataFrame([flag(world)]), found)["expected"].isna().all()


def test_a_restatement_does_not_tell_what_a_figure_was_while_it_waited(world, publish):
    for value in (20, 21, 30):
        found = publish(world.count("a", value))
    assert found.untold.empty
    quiet = hush_flags(pd.DataFrame([flag(world, expected="21"), flag(world, flag_code="jump")]), found)
    assert quiet["expected"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("code", "hidden", "is_hushed"),
    [
        ("jump", {"year": 2021}, True),
        ("jump", {"area_id": "b"}, False),
        ("zero_suspected", {"year": 2020}, True),
        ("area_sum_mismatch", {"area_id": "b"}, True),
        ("area_sum_mismatch", {"year": 2021}, False),
        ("baseline_mismatch", {"area_id": "b"}, False),
    ],
)
def test_a_flag_that_tells_of_a_hidden_neighbour_tells_no_number(world, publish, code, hidden, is_hushed):
    found = publish(world.count("x", 20), world.count(**{"area": "a", "persons": 2, **hidden_place(hidden)}))
    quiet = hush_flags(pd.DataFrame([flag(world, flag_code=code)]), found)
    assert quiet["expected"].isna().all() == is_hushed


def hidden_place(changed):
    place = dict(changed)
    return {**({"area": place.pop("area_id")} if "area_id" in place else {}), **place}


def source(world, area, rows, file="f", **changed):
    numbers = {"rows_count": rows, "first_row_number": 2, "last_row_number": 99}
    return {**world.key, "area_id": area, "file_id": file, **numbers, **changed}


def told(sources, found):
    quiet = hush_sources(pd.DataFrame(sources), found).to_pandas()
    assert (quiet["rows_count"].isna() == quiet["first_row_number"].isna()).all()
    return dict(zip(quiet["area_id"], quiet["rows_count"].notna(), strict=True))


def test_where_an_area_is_hidden_only_the_total_is_told_by_file(world, publish):
    found = publish(*small_and_large(world))
    rows = {"a": 2, "b": 17, "c": 15, "alle_omraader": 34}
    sources = [source(world, area, number) for area, number in rows.items()]
    assert told(sources, found) == {"a": False, "b": False, "c": False, "alle_omraader": True}


def test_a_file_with_two_rows_of_a_larger_figure_is_not_told(world, publish):
    found = publish(world.count("a", 9), world.count("b", 17), world.count("c", 15), world.count("alle_omraader", 41))
    sources = [
        source(world, "a", 7),
        source(world, "a", 2, "g"),
        source(world, "b", 17),
        source(world, "alle_omraader", 41),
    ]
    assert told(sources, found) == {"a": False, "b": False, "alle_omraader": True}


def test_files_of_events_are_told(world, publish):
    found = publish(world.count("a", 3, contributors=None))
    assert told([source(world, "a", 2), source(world, "a", 1, "g")], found) == {"a": True}


def test_the_files_of_a_rate_go_with_those_of_what_it_counts(world, publish):
    rate = {"indicator_id": "rate", "numerator_id": "i", "measure_kind": "rate"}
    rows = [*small_and_large(world), *(world.count(area, 20, **rate) for area in ("b", "alle_omraader"))]
    sources = [source(world, "b", 17, indicator_id="rate"), source(world, "alle_omraader", 34, indicator_id="rate")]
    assert told([source(world, "a", 2), *sources], publish(*rows))["alle_omraader"]


def test_comparisons_of_what_is_untold_are_left_out(world, publish):
    found = publish(*small_and_large(world))
    rows = pd.DataFrame([{**world.key, "area_id": area, "value": 1.0} for area in ("a", "b")])
    assert without_untold(rows, found)["area_id"].to_pylist() == ["b"]
