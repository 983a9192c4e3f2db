"""What follows from known figures."""

import math

from publish.disclosure.bounds import Knowledge, Relation, Web, neighbours, width


def pinned(target, relations, known, near=None, truth=0.0):
    return width(target, Web(relations), Knowledge(known, near or {}), truth=truth, enough=math.inf)


def test_a_total_minus_the_others_pins_the_last_one():
    total = Relation("t", ("a", "b", "c"))
    assert pinned("a", [total], {"t": 14, "b": 7, "c": 5}) == 0
    assert pinned("a", [total], {"t": 14, "b": 7}, truth=2) == 7
    assert pinned("a", [total], {"b": 7, "c": 5}) == math.inf


def test_a_chain_of_subtractions_pins_what_no_table_shows():
    # agreement year = q4 + rest, calendar year = rest + next: next = calendar - (agreement - q4)
    years = [Relation("calendar 2021", ("q4",)), Relation("agreement", ("q4", "rest"))]
    years.append(Relation("calendar 2022", ("rest", "next")))
    known = {"calendar 2021": 9.0, "agreement": 29.0, "calendar 2022": 21.0}
    assert pinned("next", years, known) == 0
    assert pinned("next", years, {name: known[name] for name in ("agreement", "calendar 2022")}, truth=1) == 21


def test_persons_lie_between_the_largest_part_and_the_sum():
    persons = Relation("t", ("a", "b"), None)
    # a <= 10, and a >= 10 - 8
    assert pinned("a", [persons], {"t": 10, "b": 8}, truth=4) == 8
    # a known overlap of 2: a = 10 - 8 + 2
    assert pinned("a", [Relation("t", ("a", "b"), 2)], {"t": 10, "b": 8}) == 0
    # and where both are unknown, neither is larger than the total
    assert pinned("a", [Relation("t", ("a", "b"), 2)], {"t": 10}, truth=4) == 8


def test_a_figure_that_is_nearly_known_pins_others_nearly():
    total = Relation("t", ("a", "b"))
    assert pinned("a", [total], {"b": 7}, near={"t": (12, 16)}, truth=7) == 4


def test_neighbours_are_what_is_known_the_nearest_first():
    relations = [Relation("t", ("a", "b")), Relation("u", ("b", "c")), Relation("v", ("d", "e"))]
    assert neighbours("a", Web(relations), Knowledge({"t": 1, "u": 2, "v": 3, "c": 0}, {"b": (0, 1)})) == [
        "t",
        "b",
        "u",
        "c",
    ]


def test_where_one_end_is_far_enough_the_other_is_not_looked_for():
    total = Relation("t", ("a", "b"))
    assert width("a", Web([total]), Knowledge({"t": 30.0}, {}), truth=10, enough=3) == 20
