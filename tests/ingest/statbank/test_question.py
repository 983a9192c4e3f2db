"""What a declared table means: values by code or label, cells as StatBank counts them, pieces that lose nothing."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.statbank.declaration import Fetch, FetchedTable
from ingest.statbank.question import Asked, Question, ask, pieces
from ingest.statbank.table_info import Value
from vocabulary.errors import StatbankSelectionWrong

TYPE = {"code": "type", "values": ["one"]}


@pytest.fixture
def asked(client):
    """asked(variables…, since=…, format=…) is the question of FOLK9."""
    info = client.table_info("FOLK9", "en")

    def one(*variables, format="JSONSTAT", since=None, first=None):
        table = FetchedTable(table="FOLK9", variables=variables, since=since)
        return ask(table, info, Fetch(format=format, tables=(table,)), "folketal", first)

    return one


def codes(question, code):
    return next([value.id for value in one.values] for one in question.variables if one.code == code)


def test_values_are_named_by_code_or_by_label_and_stand_in_the_order_of_the_table(asked):
    question = asked({"code": "OMRÅDE", "values": "all"}, {"code": "køn", "values": ["women", "TOT"]}, TYPE)
    assert [one.code for one in question.variables] == ["OMRÅDE", "KØN", "TYPE", "Tid"]
    assert codes(question, "OMRÅDE") == ["000", "330", "101"]
    assert codes(question, "KØN") == ["TOT", "K"]
    assert codes(question, "TYPE") == ["1"], "a label is read without the spaces that indent it"
    assert len(codes(question, "Tid")) == 8


def test_cells_are_observations_times_their_fields(asked):
    question = asked({"code": "OMRÅDE", "values": "all"}, TYPE)
    assert question.rows == 3 * 1 * 8
    assert question.cells == question.rows * 4, "region, type, time and the value"


def test_the_first_year_is_the_declared_one_unless_another_is_asked(asked):
    assert codes(asked(TYPE, since=2024), "Tid") == ["2024K1", "2024K2", "2024K3", "2024K4"]
    assert len(codes(asked(TYPE, since=2024, first=2023), "Tid")) == 8


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ([TYPE, {"code": "OMRADE", "values": "all"}], "there is no variable OMRADE. Nearest: OMRÅDE (region)"),
        ([TYPE, {"code": "KØN", "values": ["Woman"]}], "«Woman» is no value of KØN. Nearest: K (Women)"),
        ([TYPE, {"code": "OMRÅDE", "values": ["331"]}], "«331» is no value of OMRÅDE. Nearest: 330 (Slagelse)"),
        ([{"code": "KØN", "values": "all"}], "no values are chosen of TYPE (StatBank cannot leave it out)"),
        ([TYPE, {"code": "Tid", "values": "all"}], "there is no variable Tid"),
    ],
    ids=["variable", "label", "code", "not chosen", "time"],
)
def test_what_the_table_does_not_have_is_told_with_what_is_nearest(asked, variables, said):
    with pytest.raises(StatbankSelectionWrong) as caught:
        asked(*variables)
    assert str(caught.value).startswith(f"folketal.yaml, fetch, table FOLK9: {said}")


def test_a_year_without_a_period_is_told(asked):
    with pytest.raises(StatbankSelectionWrong, match=r"no period from 2025 on.*2024K"):
        asked(TYPE, since=2025)


def test_a_streamed_format_wants_every_variable_and_is_not_sorted(asked):
    with pytest.raises(StatbankSelectionWrong, match=r"no values are chosen of OMRÅDE, KØN \(BULK wants every one"):
        asked(TYPE, format="BULK")
    everything = ({"code": "OMRÅDE", "values": "all"}, {"code": "KØN", "values": "all"}, TYPE)
    question = asked(*everything, format="BULK")
    assert "timeOrder" not in question.body(Fetch(format="BULK", tables=(FetchedTable(table="T", variables=[TYPE]),)))


def test_a_workbook_has_the_periods_above_and_the_labels_in_the_order_of_the_declaration(asked):
    fetch = Fetch(format="XLSX", lang="en", tables=(FetchedTable(table="T", variables=[TYPE]),))
    body = asked(TYPE, {"code": "OMRÅDE", "values": "all"}, format="XLSX").body(fetch)
    placed = [(one["code"], one["placement"]) for one in body["variables"]]
    assert placed == [("TYPE", "stub"), ("OMRÅDE", "stub"), ("Tid", "head")]
    assert (body["lang"], body["valuePresentation"], body["timeOrder"]) == ("en", "Value", "Ascending")


@pytest.mark.parametrize(
    "wrong",
    [
        {"tables": []},
        {"tables": [{"table": "../FOLK9", "variables": [TYPE]}]},
        {"tables": [{"table": "FOLK9", "variables": []}]},
        {"tables": [{"table": "FOLK9", "variables": [TYPE, TYPE]}]},
        {"tables": [{"table": "FOLK9", "variables": [{"code": "TYPE", "values": []}]}]},
        {"tables": [{"table": "FOLK9", "variables": [{"code": "TYPE", "values": "some"}]}]},
        {"tables": [{"table": "FOLK9", "variables": [TYPE]}] * 2},
        {"tables": [{"table": "FOLK9", "variables": [TYPE]}], "format": "PNG"},
    ],
    ids=["no table", "a path", "no variable", "a variable twice", "no value", "a word", "a table twice", "a picture"],
)
def test_a_declaration_that_says_nothing_or_two_things_is_refused(wrong):
    with pytest.raises(ValueError, match="validation error"):
        Fetch.model_validate(wrong)


def question_of(*sizes):
    """A question with so many values of each variable; time is the last."""
    return Question(
        "T",
        tuple(
            Asked(
                f"V{at}", f"v{at}", tuple(Value(id=f"{one:03}", text="") for one in range(size)), at == len(sizes) - 1
            )
            for at, size in enumerate(sizes)
        ),
    )


def combinations(question):
    return list(product(*([value.id for value in one.values] for one in question.variables)))


SIZES = st.lists(st.integers(min_value=1, max_value=12), min_size=2, max_size=4)


@given(SIZES, st.integers(min_value=1, max_value=2000))
def test_the_pieces_are_together_the_question_and_none_is_larger_than_allowed(sizes, most_cells):
    question = question_of(*sizes)
    parts = pieces(question, most_cells)
    assert sorted(one for part in parts for one in combinations(part)) == sorted(combinations(question))
    assert all(part.cells <= most_cells or part.rows == 1 for part in parts)


@given(SIZES, st.integers(min_value=10, max_value=2000))
def test_it_is_cut_by_time_alone_where_a_period_fits_into_a_piece(sizes, most_cells):
    question = question_of(*sizes)
    parts = pieces(question, most_cells)
    if question.cells // len(question.time.values) <= most_cells:
        assert [value for part in parts for value in part.time.values] == list(question.time.values)
        lengths = {len(part.time.values) for part in parts}
        assert max(lengths) - min(lengths) <= 1


def test_a_period_that_is_too_large_is_cut_along_the_variable_with_most_values():
    parts = pieces(question_of(3, 100, 2), 640)
    assert {len(part.time.values) for part in parts} == {1}
    assert [tuple(len(one.values) for one in part.variables) for part in parts] == [(3, 50, 1), (3, 50, 1)] * 2
