"""No text becomes a formula in a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.spreadsheet import FORMULA_SIGNS, IGNORED, spreadsheet_safe

FORMULAS = (
    "=1+1",
    "+45 27182818",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "＝1+1",
    "＠A1",
    "\ufeff=1",
)


@pytest.mark.parametrize("text", [*FORMULAS, "−1", "\u200b+1", "\u3000-1", '=HYPERLINK("http://x";"y")'])
def test_what_could_be_a_formula_gets_an_apostrophe(text):
    assert spreadsheet_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Sydbyen", "a=1", "2022-23", "'=1", "1 + 1", " Fest", "tlf. +45"])
def test_other_text_stays_as_it_is(text):
    assert spreadsheet_safe(text) == text


@given(st.text(alphabet=[*"=+-@\t\r\n '", *IGNORED, *"a1＝"]))
def test_nothing_begins_with_a_sign_of_a_formula_and_twice_is_once(text):
    safe = spreadsheet_safe(text)
    assert not safe.lstrip(IGNORED).startswith(FORMULA_SIGNS)
    assert safe.removeprefix("'") in (text, text.removeprefix("'")) and spreadsheet_safe(safe) == safe
