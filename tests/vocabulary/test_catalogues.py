"""The closed lists hang together: every code has its words, every word has one home."""

import string

import pytest
import yaml

from expectations.acknowledged import ACKNOWLEDGEMENTS_HOLD
from expectations.suites import SUITES
from vocabulary import errors
from vocabulary.flags import CATALOGUE
from vocabulary.reasons import (
    FILE_REASON_LABELS_DA,
    FILE_REASON_REMEDIES,
    ROW_REASON_LABELS_DA,
    FileReason,
    RowReason,
)
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

CLASSES = [one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__]


def test_every_flag_of_the_suites_has_its_text_and_every_text_its_suite():
    raised = {check.flag_code for suite in (*SUITES, ACKNOWLEDGEMENTS_HOLD) for check in suite.checks}
    assert raised == set(CATALOGUE)


def test_every_reason_has_a_danish_label_and_every_file_reason_a_remedy():
    assert set(ROW_REASON_LABELS_DA) == set(RowReason)
    assert set(FILE_REASON_LABELS_DA) == set(FILE_REASON_REMEDIES) == set(FileReason)


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
    assert raised.exit_code in (1, 2, 3, 4)
