"""Danish dates, numbers, booleans and areas, as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.areas import read_areas
from ingest.values import area_parser, boolean_parser, code_parser, number_parser, parse_date
from vocabulary.settings import PROJECT_ROOT


@pytest.mark.parametrize(
    "text",
    ["05-10-2021", "5.10.2021", "05/10/2021", "5. oktober 2021", "den 5. okt. 2021", "2021-10-05", "2021-10-05 08:30"],
)
def test_dates_are_day_first(text):
    assert parse_date(text) == date(2021, 10, 5)


@pytest.mark.parametrize(
    "text", ["31-02-2023", "00-00-0000", "ukendt", "5.10.21", "2021", "32. maj 2021", "5. brumaire 2021", "44475"]
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_reads_back_from_every_notation(day):
    for text in (f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d/%m/%Y}", day.isoformat()):
        assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,25", "1.25"), ("1.908", "1908"), ("75", "75"), ("-3", "-3"), ("1.25", None), ("", None), ("x", None)],
)
def test_numbers_have_a_decimal_comma(text, expected):
    assert number_parser()(text) == expected


def test_about_120_is_120_only_where_estimates_are_allowed():
    assert number_parser(approximate=True)("ca. 120") == "120"
    assert number_parser()("ca. 120") is None


def test_a_number_below_the_minimum_is_none():
    assert number_parser(minimum=0)("-1") is None
    assert number_parser(minimum=0)("0") == "0"


def test_booleans_and_codes_ignore_case_and_blanks():
    parse = boolean_parser(("ja", "x"), ("nej",))
    assert [parse(text) for text in (" X ", "JA", "nej", "måske")] == ["true", "true", "false", None]
    assert code_parser(["I høj grad"])("  i  HØJ grad ") == "I høj grad"


@pytest.fixture(scope="module")
def names():
    return read_areas(PROJECT_ROOT / "agreements").housing_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ringparken ", "ringparken"),
        ("Motalavej, Korsør", "motalavej"),
        ("Parkvej", "parkvej"),
        ("Slagelse", None),
        ("Nørrevang", None),
    ],
)
def test_one_area(names, text, expected):
    assert area_parser(names)(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ringparken; Sydbyen", "ringparken;sydbyen"),
        ("Sydbyen og Motalavej, Korsør", "motalavej;sydbyen"),
        ("Ringparken / Ringparken", "ringparken"),
        ("Ringparken, Sydbyen", "ringparken;sydbyen"),
        ("Motalavej, Korsør; Sydbyen", "motalavej;sydbyen"),
        ("Ringparken, Nørrevang", None),
        ("Alle", "alle_omraader"),
        ("Ringparken; Nørrevang", None),
        (";", None),
    ],
)
def test_several_areas(names, text, expected):
    assert area_parser(names, several=True)(text) == expected


def test_one_area_is_not_taken_from_several(names):
    assert area_parser(names)("Ringparken; Sydbyen") is None


@pytest.mark.parametrize("text", ["1e999999999", "-1e-999999999", "1e301"])
def test_a_number_of_more_digits_than_a_double_holds_is_none(text):
    assert number_parser()(text) is None


def test_the_largest_doubles_are_numbers():
    assert number_parser()("1e300") == "1" + "0" * 300
