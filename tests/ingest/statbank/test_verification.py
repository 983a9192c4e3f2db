"""An answer that is not what was asked is noticed, in every format, and told without a cell of it."""

import json

import pytest

from ingest.statbank.declaration import SUFFIX, Fetch, FetchedTable
from ingest.statbank.question import ask
from ingest.statbank.verification import Mismatch, verify
from tests.statbank_server import FORMATS, Refusal, select

ALL_OF_IT = [{"code": code, "values": "all"} for code in ("OMRÅDE", "KØN", "TYPE")]


@pytest.fixture
def answered(bank, client, tmp_path):
    """answered(format, since) is the question from that year on, and the file of StatBank's answer to it."""

    def one(format, since=None):
        table = FetchedTable(table="FOLK9", variables=ALL_OF_IT, since=since)
        fetch = Fetch(format=format, lang="en", tables=(table,))
        question = ask(table, client.table_info("FOLK9", "en"), fetch, "folketal")
        file = tmp_path / f"{since}{fetch.suffix}"
        file.write_bytes(FORMATS[format][1](select(bank.tables["FOLK9"], question.body(fetch))))
        return question, file

    return one


def test_every_format_is_checked_and_served():
    assert set(SUFFIX) == set(FORMATS)


@pytest.mark.parametrize("format", SUFFIX)
def test_the_answer_to_the_question_is_taken(answered, format):
    question, file = answered(format)
    verify(file, question, format)


@pytest.mark.parametrize("format", SUFFIX)
@pytest.mark.parametrize(("asked", "came"), [(None, 2024), (2024, None)], ids=["too few periods", "too many"])
def test_other_periods_are_not(answered, format, asked, came):
    question, _ = answered(format, asked)
    _, file = answered(format, came)
    if format == "BULK" and asked is None:
        verify(file, question, format)  # a period without a row may be one in which every cell is 0
        return
    with pytest.raises(Mismatch):
        verify(file, question, format)


@pytest.mark.parametrize("format", SUFFIX)
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Log in</html>", b'{"errorTypeCode":"X","message":"hemmeligt"}', b"\xff\xfe\x00hemmeligt", b'"' * 99],
    ids=["nothing", "a page", "an error", "bytes", "quotes"],
)
def test_something_else_in_its_place_is_told_without_its_content(answered, format, content):
    question, file = answered(format)
    file.write_bytes(content)
    with pytest.raises(Mismatch) as caught:
        verify(file, question, format)
    assert "hemmeligt" not in str(caught.value)


@pytest.mark.parametrize("format", ["CSV", "BULK", "XLSX", "JSONSTAT", "PX"])
def test_an_answer_that_was_cut_short_is_noticed(answered, format):
    question, file = answered(format)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(Mismatch):
        verify(file, question, format)


@pytest.mark.parametrize("format", ["CSV", "BULK"])
@pytest.mark.parametrize(
    ("old", "new"), [("KØN", "ALDER"), ("INDHOLD", "VALUE"), ("TYPE", "TYPE;MERE")], ids=["other", "no value", "more"]
)
def test_other_headings_are_noticed(answered, format, old, new):
    question, file = answered(format)
    file.write_bytes(file.read_bytes().replace(old.encode(), new.encode(), 1))
    with pytest.raises(Mismatch):
        verify(file, question, format)


def test_csv_with_fewer_rows_is_noticed_and_bulk_may_leave_some_out(answered):
    for format, may_lack in (("CSV", False), ("BULK", True)):
        question, file = answered(format)
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join([lines[0], *lines[2:]]))
        if may_lack:
            verify(file, question, format)
        else:
            with pytest.raises(Mismatch, match="143 observations in place of 144"):
                verify(file, question, format)
        file.write_bytes(b"".join([*lines, *lines[1:]]))
        with pytest.raises(Mismatch, match="observations"):
            verify(file, question, format)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda dataset: dataset["value"].pop(),
        lambda dataset: dataset["dimension"].pop("KØN"),
        lambda dataset: dataset["dimension"]["id"].remove("KØN"),
        lambda dataset: dataset["dimension"]["OMRÅDE"]["category"]["index"].update({"999": 3}),
        lambda dataset: dataset["dimension"].update(size=[1]),
        lambda dataset: dataset.pop("value"),
    ],
    ids=["a value less", "no dimension", "not among them", "another region", "another size", "no values"],
)
def test_json_stat_whose_parts_do_not_fit_is_noticed(answered, spoil):
    question, file = answered("JSONSTAT")
    document = json.loads(file.read_bytes())
    spoil(document["dataset"])
    file.write_text(json.dumps(document))
    with pytest.raises(Mismatch):
        verify(file, question, "JSONSTAT")


def test_json_stat_may_leave_missing_observations_out(answered):
    question, file = answered("JSONSTAT")
    document = json.loads(file.read_bytes())
    values = document["dataset"]["value"]
    document["dataset"]["value"] = {str(at): value for at, value in enumerate(values) if value is not None}
    file.write_text(json.dumps(document))
    verify(file, question, "JSONSTAT")


def test_the_server_refuses_what_statbank_refuses(bank):
    """The tests above rest on it."""
    table = bank.tables["FOLK9"]
    body = {"table": "FOLK9", "format": "BULK", "timeOrder": "Ascending", "variables": []}
    with pytest.raises(Refusal):
        select(table, body)
