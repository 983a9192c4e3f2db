"""The page of refusals says what the code does: every example, delivered and read, causes its code."""

import re

import pytest

from ingest.examples import FLAG_FACTS, LAST_DAY, all_examples, deliver, outcomes
from ingest.refusal_docs import PAGE, page
from nightly import stages
from vocabulary.flags import FlagCode
from vocabulary.reason_catalogue import FLAG_EXAMPLES, FLAGS_OF_A_FILE, REASONS
from vocabulary.reasons import CellReason, FileReason, RowReason
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.paths import Paths

EXAMPLES = all_examples()
TOLD = {code: text.example for code, text in REASONS.items() if text.example.told}
OWN_FLAG = {
    RowReason.UNKNOWN_AREA: FlagCode.UNKNOWN_AREA_ROWS,
    RowReason.OUTSIDE_PERIOD: FlagCode.OUTSIDE_PERIOD_ROWS,
}


@pytest.fixture(scope="module")
def caused():
    return outcomes(EXAMPLES)


def of(kind):
    return [code for code in EXAMPLES if isinstance(code, kind)]


def test_the_page_is_what_the_catalogue_says_and_its_examples_cause():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m ingest.refusal_docs"


@pytest.mark.parametrize("code", of(FileReason))
def test_the_example_of_a_file_reason_is_refused_for_it(caused, code):
    record = caused[code].record
    assert record.reason_code == code and record.rows_loaded == 0


@pytest.mark.parametrize("code", of(RowReason))
def test_the_example_of_a_row_reason_has_one_row_set_aside_for_it_and_loads_the_other(caused, code):
    record, set_aside = caused[code].record, caused[code].set_aside
    assert record.quarantined_by_reason == {code: 1} and record.rows_loaded == 1
    assert [(row.line, row.reason_code) for row in set_aside] == [(3, code)]


@pytest.mark.parametrize("code", of(CellReason))
def test_the_example_of_a_cell_reason_is_counted_and_its_row_loaded(caused, code):
    record = caused[code].record
    assert getattr(record, code) == 1 and record.rows_loaded == record.rows_read == 1


@pytest.mark.parametrize("code", of(FlagCode))
def test_the_example_of_a_flag_gives_the_facts_that_raise_it(caused, code):
    record = caused[code].record
    assert any(getattr(record, fact) for fact in FLAG_FACTS[code]) and record.reason_code is None
    others = {fact for flag, facts in FLAG_FACTS.items() if flag is not code for fact in facts} - {"rows_read"}
    assert not any(getattr(record, fact) for fact in others), "an example is of one thing"


def test_every_flag_of_a_file_says_which_facts_raise_it():
    assert set(FLAG_FACTS) == set(FLAGS_OF_A_FILE) == set(FLAG_EXAMPLES)


def happens(code, test):
    """Whether there is a test of that name (tests/…::test_…) in a file that speaks of the code."""
    path, _, name = test.partition("::")
    file = PROJECT_ROOT / path
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    return (
        re.search(rf"^def {re.escape(name)}\(", source, re.MULTILINE) is not None
        and f"FileReason.{code.name}" in source
    )


def test_what_is_told_instead_of_shown_happens_in_the_test_that_is_named():
    assert all(happens(code, example.test) for code, example in TOLD.items())
    there = "tests/ingest/test_csv_reading.py::test_a_file_that_cannot_be_used_is_refused_with_its_reason"
    assert happens(FileReason.EMPTY_FILE, there)
    assert not happens(FileReason.UNKNOWN_SOURCE, there) and not happens(FileReason.EMPTY_FILE, f"{there}_not")
    assert not happens(FileReason.EMPTY_FILE, "tests/no_such.py::test_it")


def test_every_example_is_flagged_by_a_night_in_the_words_of_the_catalogue(tmp_path):
    settings = deliver(EXAMPLES.values(), tmp_path)
    records = stages.ingest_files(settings, stages.find_new(settings, LAST_DAY).files)
    build = stages.check(settings, stages.build_warehouse(settings, LAST_DAY).build_id)
    with reading(Paths.of(settings).warehouse(build.build_id)) as connection:
        rows = connection.execute("select flag_code, source_id, detail, message from quality.flag").fetchall()
    flags = {(code, source, day): message for code, source, day, message in rows}
    assert len(records) == len(EXAMPLES)
    for record, code in zip(sorted(records, key=lambda one: one.delivered_on), EXAMPLES, strict=True):
        place = (record.source_id, record.delivered_on.isoformat())
        if isinstance(code, FileReason):
            assert REASONS[code].label_da in flags[(FlagCode.UNREADABLE_FILE, *place)]
        elif isinstance(code, FlagCode):
            assert record.file_name in flags[(code, *place)]
        elif code in OWN_FLAG:
            assert "1" in flags[(OWN_FLAG[code], *place)]
        elif isinstance(code, RowReason):
            assert f"{REASONS[code].label_da}: 1" in flags[(FlagCode.QUARANTINED_ROWS, *place)]
