"""Small files are read beside each other, and what is told of them keeps their order."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.side_by_side import AT_ONCE, FEWEST, side_by_side


@given(st.lists(st.booleans(), max_size=40))
def test_every_item_is_worked_on_once_and_told_in_its_order(sizes):
    worked = []

    def work(at):
        worked.append(at)
        return at * 10

    told = [(at, give()) for at, give in side_by_side(range(len(sizes)), work, lambda at: sizes[at])]
    assert told == [(at, at * 10) for at in range(len(sizes))]
    assert sorted(worked) == list(range(len(sizes)))


def test_small_items_are_worked_on_beside_each_other_in_threads_that_last():
    beside = threading.Barrier(AT_ONCE, timeout=30)
    threads = set()

    def work(_):
        beside.wait()  # broken where one waits alone
        threads.add(threading.current_thread())

    for _, give in side_by_side(range(FEWEST), work, lambda _: True):
        give()
    assert len(threads) == AT_ONCE and threading.main_thread() not in threads


def test_a_large_item_is_worked_on_alone_and_by_who_asks():
    at_work = set()

    def work(at):
        at_work.add(at)
        seen = set(at_work)
        at_work.discard(at)
        return seen, threading.current_thread()

    sizes = [True] * FEWEST + [False] + [True] * FEWEST
    told = {at: give() for at, give in side_by_side(range(len(sizes)), work, lambda at: sizes[at])}
    assert told[FEWEST] == ({FEWEST}, threading.main_thread())


def test_what_an_item_raises_is_raised_where_it_is_asked_for_and_the_rest_goes_on():
    def work(at):
        if at == 3:
            raise ValueError(at)
        return at

    told = []
    for at, give in side_by_side(range(FEWEST), work, lambda _: True):
        if at == 3:
            with pytest.raises(ValueError, match="3"):
                give()
        else:
            told.append(give())
    assert told == [at for at in range(FEWEST) if at != 3]


def test_who_stops_asking_leaves_no_thread():
    before = threading.active_count()
    asked = side_by_side(range(5 * FEWEST), lambda at: at, lambda _: True)
    next(asked)
    asked.close()
    assert threading.active_count() == before
