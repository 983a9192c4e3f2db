"""What looks like personal data, and what only looks a little like it."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.patterns import kind_of, kind_of_number, without_matches

CPR = """
010190-1234|0101901234|010190 1234|010190 - 1234|610190-1234|014190-1234|010190/1234|010190_1234
01 01 90-1234|01.01.90-1234|01 01 90 1234|101901234|10190-1234|cpr101901234|0101901234.0
0101901234,0|101901234,0|1,01901234E+08|1.01901234e9|1.01901234e+08|1,01901E+08
0101901234,0202901234|v_010190-1234_2022.csv|010190‑1234|010190–1234|010190—1234|010190−1234
010190 1234|010190\u202f1234|010190\u200b-1234|０１０１９０-1234
"""
PHONES = """
12 34 56 78|12-34-56-78|12.34.56.78|1234 5678|123 45 678|12 34 56 78|+4512345678|+45 12 34 56 78
(+45) 12345678|0045 12 34 56 78|+45 1234 5678|tlf. 23456789|Telefon: 23456789|ring på 23456789
+46 70 123 45 67|Ring på 70 10 10 10.|v_12 34 56 78_2022.csv
"""
ORDINARY = """
Sag 9912345678|Hus 12|2021-2022|2021 2022|2022-01-05|05-01-2022|20220105|12345678|1234567890,50
61.43852024|12 345 678|12.345.678|Sag 240115001|8.123456789|kl. 10.30-12.30|2021/22|05-01-2022 14:30
31-12-2022 1400|123456789|Ring til 12|1.5e3|CVR 12345678|2024-0001|sag 2022-1234|RAS200
EAN 5790000123456|2018 2021 2023|10-12 år|2024K1|J.nr. 22/14592|01.10.2021-30.09.2025
01-10-2021 - 30-09-2025|3fa94c1e2b7d8890|kontakt @kommunen|1 Disposable income (2+30-31-32-35)
"""


def each(block):
    return block.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("text", each(CPR))
def test_a_cpr_number_is_found_in_every_form(text):
    for around in (text, f"Politi ({text})", f"{text} og {text}"):
        assert kind_of(around) == "cpr"
    assert not re.search(r"[1-9]", without_matches(text).replace("2022", ""))


@pytest.mark.parametrize("text", each(PHONES))
def test_a_telephone_number_is_found_as_danes_write_it(text):
    assert kind_of(text) == "phone" and not any(sign.isdigit() for sign in without_matches(text).replace("2022", ""))


@pytest.mark.parametrize("text", ["a.b@c.dk", "bo+x@kommune.slagelse.dk", "Skriv til bø@x-y.dk."])
def test_an_address_is_found(text):
    assert kind_of(text) == "email" and "@" not in without_matches(text)


@pytest.mark.parametrize("text", each(ORDINARY))
def test_ordinary_numbers_are_no_hit(text):
    assert kind_of(text) is None and without_matches(text) == text


@given(
    st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " ", "‑", " ", "–"]),
    st.sampled_from([0, 60]),
    st.text(alphabet="abc æø().,:", max_size=5),
)
def test_every_day_and_every_last_digits_are_found(day, last, gap, replacement, beside):
    text = f"{day.day + replacement:02}{day:%m%y}{gap}{last:04}"
    assert kind_of(f"{beside} {text} {beside}") == "cpr"


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 9999))
def test_a_number_cell_that_is_a_cpr_number_is_found_with_and_without_its_zero(day, last):
    digits = f"{day:%d%m%y}{last:04}"
    for text in (digits, digits.lstrip("0") if digits[1] != "0" else digits, f"{digits}.0"):
        assert kind_of_number(text) == "cpr"


@pytest.mark.parametrize("text", ["120", "75.5", "1234567890", "101901234.5", "20220105", "12345678901", "-5"])
def test_an_amount_is_no_cpr_number(text):
    assert kind_of_number(text) is None
