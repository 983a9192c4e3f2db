"""Working ahead changes nothing but the time it takes."""

import threading

import pytest

from ingest.ahead import one_ahead, worked_ahead


def failing(at):
    for number in range(10):
        if number == at:
            raise ValueError(f"at {number}")
        yield number


def test_items_come_in_their_order():
    assert list(one_ahead(range(20))) == list(range(20))
    assert list(worked_ahead(range(20), lambda number: number * 2)) == list(range(0, 40, 2))
    assert list(one_ahead([])) == list(worked_ahead([], str)) == []


def gathered(items, found):
    for item in items:
        found.append(item)


def test_an_error_comes_where_its_item_was():
    found = []
    with pytest.raises(ValueError, match="at 4"):
        gathered(one_ahead(failing(4)), found)
    assert found == [0, 1, 2, 3]


def test_an_error_of_a_source_may_come_before_what_is_being_worked_on():
    found = []
    with pytest.raises(ValueError, match="at 4"):
        gathered(worked_ahead(failing(4), int), found)
    assert found == [0, 1]


def test_an_error_of_the_work_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(worked_ahead([1, 0], lambda number: 1 / number))


def test_the_next_item_is_made_while_one_is_used():
    second_is_made = threading.Event()

    def items():
        yield 1
        second_is_made.set()
        yield 2

    for item in one_ahead(items()):
        assert second_is_made.wait(10) or item == 2
