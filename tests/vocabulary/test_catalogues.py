"""The closed lists hang together: every code has its words, every word has one home."""

import string

import pytest
import yaml

from expectations.acknowledged import ACKNOWLEDGEMENTS_HOLD
from expectations.suites import SUITES
from vocabulary import errors
from vocabulary.error_docs import PAGE, catalogue, page
from vocabulary.flags import CATALOGUE
from vocabulary.reason_catalogue import REASONS, read_catalogue
from vocabulary.reasons import CellReason, FileReason, RowReason
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import (
    ALL_AREAS_ID,
    LABELS_DA,
    BaselineTrend,
    FlagState,
    Severity,
    TargetStatus,
    ValueState,
    YearKind,
)

CLASSES = [*catalogue(), errors.OmraadetalError, errors.FileRefused]


def test_every_flag_of_the_suites_has_its_text_and_every_text_its_suite():
    raised = {check.flag_code for suite in (*SUITES, ACKNOWLEDGEMENTS_HOLD) for check in suite.checks}
    assert raised == set(CATALOGUE)


REASON_TEXT = (PROJECT_ROOT / "vocabulary" / "reason_catalogue.yaml").read_text(encoding="utf-8")


def test_every_reason_is_in_the_catalogue_and_no_two_share_their_words():
    assert list(REASONS) == [*FileReason, *RowReason, *CellReason]
    for part in ("label_da", "sentence_da", "sentence", "operator"):
        said = [getattr(text, part) for text in REASONS.values()]
        assert len(said) == len(set(said)), part
    assert all(text.sentence.endswith(".") and text.sentence_da.endswith(".") for text in REASONS.values())
    assert not any(text.label_da.endswith(".") for text in REASONS.values()), "a label stands in a sentence"


def without(document, section, code, *parts):
    """The catalogue without a part of an entry, or without the entry."""
    place = document[section]
    for name in (code, *parts)[:-1]:
        place = place[name]
    del place[(code, *parts)[-1]]
    return document


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("files", "empty_file"), "differ: empty_file"),
        (("rows", "unknown_area"), "differ: unknown_area"),
        (("cells", "values_invalid"), "differ: values_invalid"),
        (("flags", "schema_drift"), "differ: schema_drift"),
        (("files", "empty_file", "partner_da"), "empty_file: .*partner_da"),
        (("files", "empty_file", "example"), "empty_file: an example is one of"),
        (("files", "empty_file", "example", "text"), "empty_file: an example is one of"),
        (("files", "empty_file", "example", "file_name"), "empty_file: a delivered example has"),
    ],
    ids="-".join,
)
def test_what_a_reason_lacks_is_named(place, told):
    assert read_catalogue(REASON_TEXT)
    with pytest.raises(ValueError, match=told):
        read_catalogue(yaml.safe_dump(without(yaml.safe_load(REASON_TEXT), *place), allow_unicode=True))


def test_a_reason_that_the_code_does_not_know_is_named():
    with pytest.raises(ValueError, match="differ: of_no_code"):
        read_catalogue(REASON_TEXT.replace("files:", "files:\n  of_no_code: {}", 1))


def test_the_page_of_errors_is_what_the_catalogue_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m vocabulary.error_docs"


@pytest.mark.parametrize("error", catalogue(), ids=lambda one: one.__name__)
def test_an_error_says_what_to_do_and_has_an_exit_code_that_is_told(error):
    assert error.remedy and error.template.rstrip().endswith((".", "}", ":")), "a sentence, and what to do"
    assert error.exit_code in set(errors.EXIT_CODES) - {0}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("value_state", ValueState),
        ("severity", Severity),
        ("year_kind", YearKind),
        ("flag_state", FlagState),
        ("target_status", TargetStatus),
        ("baseline_trend", BaselineTrend),
    ],
)
def test_every_state_has_a_danish_label(name, values):
    assert set(LABELS_DA[name]) == set(values)


def test_dbt_names_all_areas_as_the_vocabulary_does():
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text())
    assert project["vars"]["all_areas_id"] == ALL_AREAS_ID


@pytest.mark.parametrize("error", CLASSES, ids=lambda one: one.__name__)
def test_an_error_fills_its_template_and_its_remedy_from_the_same_facts(error):
    fields = {
        name for text in (error.template, error.remedy) for _, name, _, _ in string.Formatter().parse(text) if name
    }
    raised = error(**{name: f"<{name}>" for name in fields})
    assert all(f"<{name}>" in str(raised) for name in fields)
