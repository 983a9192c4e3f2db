"""Numbers and dates as a Danish reader writes them."""

from datetime import date

import pytest

from vocabulary.wording import date_da, number_da, wording_da


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(1500, None, "1.500"), (61.43, None, "61,4"), (74.0, 1, "74,0"), (0, None, "0"), (None, None, "–")],
)
def test_numbers(value, decimals, expected):
    assert number_da(value, decimals) == expected


def test_dates_and_blanks():
    assert date_da(date(2025, 11, 1)) == "1. november 2025"
    assert wording_da(None) == "–"
    assert wording_da("sådan") == "sådan"
