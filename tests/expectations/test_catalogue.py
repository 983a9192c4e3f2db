"""The page of the catalogue says what the code does, and every threshold is used and explained."""

from expectations.catalogue import PAGE, page
from expectations.suites import SUITES
from expectations.thresholds import read_thresholds
from vocabulary.flags import CATALOGUE


def test_the_page_is_what_the_catalogue_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m expectations.catalogue"


def test_every_threshold_is_named_by_an_expectation_of_its_flag_and_by_its_rule():
    for threshold in read_thresholds():
        own = [check for suite in SUITES for check in suite.checks if check.flag_code is threshold.flag]
        named = " ".join(str(check.expectation().configuration.kwargs) for check in own)
        assert threshold.column in named, f"{threshold.flag}: nothing is measured against {threshold.name}"
        assert f"[{threshold.name}]" in CATALOGUE[threshold.flag].rule or threshold.name == "interval_gap"


def test_an_expectation_names_no_limit_without_a_threshold():
    known = {(one.flag, one.column) for one in read_thresholds()}
    for suite in SUITES:
        for check in suite.checks:
            texts = [value for value in check.expectation().configuration.kwargs.values() if isinstance(value, str)]
            limits = {word for text in texts for word in text.split() if word.startswith("limit_")}
            assert {(check.flag_code, limit) for limit in limits} <= known


def test_suites_have_names_of_their_own():
    names = [suite.name for suite in SUITES]
    assert len(names) == len(set(names))
