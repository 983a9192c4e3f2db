"""Which flags an acknowledgement covers, from when to when, and what becomes of it when it has run out."""

from datetime import date

import duckdb
import pytest

from agreements.acknowledgements import Acknowledgement
from expectations.acknowledged import ACKNOWLEDGEMENTS_HOLD, acknowledge
from expectations.flag_table import add_flags, create_flag_table
from expectations.judge import Judge
from expectations.stage import _flag
from warehouse import journal_tables
from warehouse.acknowledgement_table import load_acknowledgements
from warehouse.connections import create_tables

FLAG = {
    "flag_code": "restated",
    "agreement_id": "x",
    "indicator_id": "i",
    "area_id": "a",
    "year_kind": "calendar",
    "year": 2022,
    "source_id": "s",
    "file_name": "f.csv",
    "detail": None,
    "severity": "warns",
    "message": "m",
    "observed": "1.487",
    "expected": None,
}
ONE = {
    "acknowledgement_id": "one",
    "flag": "restated",
    "scope": {"indicator": "i"},
    "observed": "1.487",
    "reason": "because",
    "by": "head",
    "decided_on": date(2023, 3, 10),
    "until": date(2023, 6, 30),
}
DAY = date(2023, 4, 1)


def built(*flags, acknowledgements=(ONE,), as_of=DAY):
    """A build with flags, held against acknowledgements; the journal is empty."""
    connection = duckdb.connect()
    create_tables(connection, {"agreement.run": "as_of date", **journal_tables.TABLES})
    connection.execute("insert into agreement.run values (?)", [as_of])
    load_acknowledgements(connection, [Acknowledgement(**one) for one in acknowledgements], as_of)
    create_flag_table(connection)
    add_flags(connection, [{**FLAG, **flag} for flag in flags], as_of)
    acknowledge(connection, as_of)
    return connection


def covered(connection):
    return connection.execute("select acknowledged_until is not null from quality.flag order by all").fetchall()


def expired(connection):
    return [_flag(finding) for finding in Judge(connection).findings([ACKNOWLEDGEMENTS_HOLD])]


@pytest.mark.parametrize(
    ("as_of", "holds"),
    [
        (date(2023, 3, 9), False),
        (date(2023, 3, 10), True),
        (date(2023, 6, 30), True),
        (date(2023, 7, 1), False),
    ],
    ids=["not decided yet", "first day", "last day", "day after"],
)
def test_it_holds_from_its_decision_to_its_last_day(as_of, holds):
    connection = built({}, as_of=as_of)
    assert covered(connection) == [(holds,)]
    assert len(expired(connection)) == (as_of > ONE["until"])


def test_the_flag_tells_who_until_when_and_why_and_keeps_its_severity():
    rows = built({}).execute(
        "select severity, acknowledged_until, acknowledged_by, acknowledged_reason from quality.flag"
    )
    assert rows.fetchall() == [("warns", date(2023, 6, 30), "head", "because")]


@pytest.mark.parametrize(
    ("flag", "scope", "is_meant"),
    [
        ({}, {"area": "a", "year": 2022, "year_kind": "calendar", "agreement": "x"}, True),
        ({}, {"source": "s", "file": "f.csv"}, True),
        ({"detail": "2023-07"}, {"detail": "2023-07"}, True),
        ({"detail": "2023-07"}, {"indicator": "i"}, True),
        ({"detail": "2023-08"}, {"detail": "2023-07"}, False),
        ({"detail": None}, {"detail": "2023-07"}, False),
        ({"area_id": "b"}, {"area": "a"}, False),
        ({"year": 2023}, {"year": 2022}, False),
        ({"flag_code": "jump"}, {"area": "a"}, False),
        ({"file_name": None}, {"indicator": "i", "file": "f.csv"}, False),
    ],
)
def test_only_the_keys_that_are_given_must_match(flag, scope, is_meant):
    assert covered(built(flag, acknowledgements=[{**ONE, "scope": scope}])) == [(is_meant,)]


@pytest.mark.parametrize("observed", ["1.488", None], ids=["another number", "no number"])
def test_a_changed_number_is_a_new_matter_and_nothing_has_expired(observed):
    connection = built({"observed": observed}, as_of=date(2024, 1, 1))
    assert covered(built({"observed": observed})) == [(False,)]
    assert expired(connection) == []


def test_a_flag_without_a_number_is_acknowledged_without_one():
    acknowledgement = {**ONE, "flag": "missing_figure", "observed": None}
    without = {"flag_code": "missing_figure", "observed": None}
    assert covered(built(without, acknowledgements=[acknowledgement])) == [(True,)]


def test_of_several_the_one_that_holds_longest_counts():
    longer = {**ONE, "acknowledgement_id": "longer", "until": date(2023, 12, 31), "by": "board"}
    to_come = {**longer, "acknowledgement_id": "to_come", "decided_on": date(2023, 4, 2), "until": date(2025, 1, 1)}
    connection = built({}, acknowledgements=[longer, ONE, to_come])
    assert connection.execute("select acknowledged_by, acknowledged_until from quality.flag").fetchall() == [
        ("board", date(2023, 12, 31))
    ]


def test_an_expired_one_is_flagged_once_at_its_scope():
    scope = {"indicator": "i", "year": 2022}
    connection = built({}, {"area_id": "b"}, acknowledgements=[{**ONE, "scope": scope}], as_of=date(2023, 7, 1))
    (flag,) = expired(connection)
    assert flag["flag_code"] == "acknowledgement_expired" and flag["detail"] == "one"
    assert (flag["indicator_id"], flag["year"], flag["area_id"], flag["agreement_id"]) == ("i", 2022, None, None)
    assert "one" in flag["message"] and "30. juni 2023" in flag["message"] and "1.487" not in str(flag)
    add_flags(connection, [flag], date(2023, 7, 1))
    assert connection.execute(
        "select detail, year, severity, acknowledged_until, first_seen from quality.flag "
        "where flag_code = 'acknowledgement_expired'"
    ).fetchall() == [("one", 2022, "warns", None, date(2023, 7, 1))]


def test_an_expired_one_whose_finding_was_taken_up_again_is_not_flagged():
    again = {**ONE, "acknowledgement_id": "again", "decided_on": date(2023, 7, 1), "until": date(2024, 6, 30)}
    assert expired(built({}, acknowledgements=[ONE, again], as_of=date(2023, 7, 1))) == []
    only_one = {**again, "scope": {"indicator": "i", "area": "a"}}
    connection = built({}, {"area_id": "b"}, acknowledgements=[ONE, only_one], as_of=date(2023, 7, 1))
    assert [flag["detail"] for flag in expired(connection)] == ["one"]


def test_an_expired_one_whose_finding_is_gone_is_not_flagged():
    assert expired(built(as_of=date(2024, 1, 1))) == []
