"""Asking StatBank: it is asked again where that can help, and left at once where it cannot."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.statbank.client import Limits, StatbankClient
from ingest.statbank.patience import OutOfPatience, Passing, Patience, seconds_asked
from tests.statbank_server import cut, endless, page, silent, status
from vocabulary.errors import (
    StatbankAddressRefused,
    StatbankAnswerWrong,
    StatbankRedirected,
    StatbankRefused,
    StatbankTooLarge,
    StatbankUnreachable,
)

WHAT = "the data of FOLK9"
BODY = {
    "table": "FOLK9",
    "format": "JSONSTAT",
    "variables": [{"code": "TYPE", "values": ["1"]}, {"code": "Tid", "values": ["2023K1", "2023K2"]}],
}
MOMENT = datetime(2026, 11, 15, 8, 30, tzinfo=UTC)


@pytest.fixture
def download(client, tmp_path):
    """Runs one download and gives what was written."""

    def one(body=BODY):
        client.download(body, tmp_path / "answer", WHAT)
        return (tmp_path / "answer").read_bytes()

    return one


def test_a_table_is_described_with_what_decides_on_the_question(client):
    info = client.table_info("FOLK9", "en")
    assert (info.unit, info.suppressed_data_value, info.updated) == ("number", "0", "2026-11-10T08:00:00")
    assert info.footnote.text == "Counted by hand."
    assert [(one.id, one.elimination, one.time, len(one.values)) for one in info.variables] == [
        ("OMRÅDE", True, False, 3),
        ("KØN", True, False, 3),
        ("TYPE", False, False, 2),
        ("Tid", False, True, 8),
    ]


def test_an_answer_is_written_as_it_came(bank, download):
    assert json.loads(download())["dataset"]["value"] == [0, 1]
    assert bank.asked == [("data", BODY)]


@pytest.mark.parametrize(
    "mishap", [status(429), status(500), status(503), status(408), cut], ids=lambda one: one.__name__
)
def test_what_passes_is_asked_again_each_time_after_a_longer_wait(bank, download, waits, mishap):
    bank.mishaps["data"] += [mishap] * 4
    assert json.loads(download())["dataset"]["value"] == [0, 1]
    assert waits == [2, 4, 8, 16]


def test_patience_comes_to_an_end_and_says_what_was_the_matter(bank, download, waits):
    bank.mishaps["data"] += [status(503)] * 5
    with pytest.raises(StatbankUnreachable, match=r"did not answer the data of FOLK9 in 5 attempts: it answered 503"):
        download()
    assert waits == [2, 4, 8, 16] and StatbankUnreachable.is_worth_another_try


@pytest.mark.parametrize(
    "asked", ["30", format_datetime(MOMENT + timedelta(seconds=30), usegmt=True)], ids=["seconds", "date"]
)
def test_retry_after_is_kept(bank, download, waits, asked):
    bank.mishaps["data"].append(status(429, Retry_After=asked))
    download()
    assert waits == [30]


def test_who_asks_to_come_back_much_later_is_not_waited_for(bank, download, waits):
    bank.mishaps["data"].append(status(503, Retry_After="86400"))
    with pytest.raises(StatbankUnreachable, match=r"in 1 attempts: .* it asks to come back in 86400 seconds"):
        download()
    assert waits == []


@given(st.integers(min_value=0, max_value=10**9))
def test_both_forms_of_retry_after_are_read_alike(seconds):
    date = format_datetime(MOMENT + timedelta(seconds=seconds), usegmt=True)
    assert seconds_asked(str(seconds), MOMENT) == seconds_asked(date, MOMENT) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Sun, 15 Nov 2026 08:31:00 -0000", 60),
        ("Sun, 15 Nov 2026 08:00:00 GMT", 0),
    ],
)
def test_a_retry_after_that_says_nothing_is_none(header, seconds):
    assert seconds_asked(header, MOMENT) == seconds


@given(st.floats(min_value=0, max_value=1), st.integers(min_value=1, max_value=12))
def test_a_wait_lies_between_half_and_all_of_its_step_and_grows_no_further_than_allowed(chance, attempts):
    waited = []
    patience = Patience(attempts=attempts, sleep=waited.append, chance=lambda: chance)

    def fails():
        raise Passing("no")

    with pytest.raises(OutOfPatience) as end:
        patience.until_answered(fails, lambda line: None)
    assert (end.value.attempts, len(waited)) == (attempts, attempts - 1)
    for number, seconds in enumerate(waited):
        step = min(60, 2 * 2**number)
        assert step / 2 <= seconds <= step


def test_nobody_listens_at_the_address(patience, waits, tmp_path):
    client = StatbankClient("http://127.0.0.1:1/v1", patience=patience)
    with client, pytest.raises(StatbankUnreachable, match="no connection"):
        client.download(BODY, tmp_path / "answer", WHAT)
    assert len(waits) == 4


def test_silence_is_a_timeout(bank, patience, waits, tmp_path):
    bank.mishaps["data"].append(silent)
    with StatbankClient(bank.url, patience=patience, limits=Limits(silent_seconds=0.2)) as client:
        client.download(BODY, tmp_path / "answer", WHAT)
    assert waits == [2]


def test_an_endless_answer_is_cut_off_at_its_size(bank, download, waits):
    bank.mishaps["data"].append(endless)
    with pytest.raises(StatbankTooLarge, match="more than 1024 KiB for the data of FOLK9"):
        download()
    assert waits == []


def test_an_answer_that_takes_too_long_is_asked_for_again(bank, patience, waits, tmp_path):
    bank.mishaps["data"].append(endless)
    clock = iter(range(0, 10**6, 100))
    limits = Limits(most_seconds=250, clock=lambda: next(clock))
    with StatbankClient(bank.url, patience=patience, limits=limits) as client:
        client.download(BODY, tmp_path / "answer", WHAT)
    assert waits == [2] and json.loads((tmp_path / "answer").read_bytes())


@pytest.mark.parametrize("where", ["https://elsewhere.example/v1/data", "/v2/data"])
def test_nobody_is_followed_elsewhere(bank, download, waits, where):
    bank.mishaps["data"].append(status(301, Location=where))
    with pytest.raises(StatbankRedirected, match="which is not followed"):
        download()
    assert len(bank.asked) == 1 and waits == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**BODY, "table": "FOLK8"}, "EXTRACT-NOTFOUND Table not found: FOLK8"),
        ({**BODY, "variables": BODY["variables"][1:]}, "EXTRACT-NOTALLOWED Der skal vælges værdier for variabel: TYPE"),
    ],
    ids=["table", "variable"],
)
def test_a_refusal_is_told_in_statbanks_words_and_not_tried_again(bank, download, waits, body, said):
    with pytest.raises(StatbankRefused) as caught:
        download(body)
    assert said in str(caught.value) and waits == [] and not caught.value.is_worth_another_try


def test_a_refusal_that_is_not_statbanks_is_told_by_its_status(bank, download):
    bank.mishaps["data"].append(status(403))
    with pytest.raises(StatbankRefused, match="403 Forbidden"):
        download()


def test_a_description_that_is_none_is_no_description(bank, client):
    bank.mishaps["tableinfo"].append(page)
    with pytest.raises(StatbankAnswerWrong, match="no description of a table"):
        client.table_info("FOLK9", "en")
    bank.mishaps["tables"].append(page)
    with pytest.raises(StatbankAnswerWrong, match="no list of tables"):
        client.tables("en")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.statbank.dk/v1",
        "http://127.0.0.1.example/v1",
        "ftp://api.statbank.dk/v1",
        "https://hunter:hush@api.statbank.dk/v1",
        "api.statbank.dk",
        "https://",
        "https://api.statbank.dk:port",
    ],
)
def test_what_is_neither_https_nor_this_machine_is_not_asked(url):
    with pytest.raises(StatbankAddressRefused) as caught:
        StatbankClient(url)
    assert "hush" not in str(caught.value) and caught.value.exit_code == 2


@pytest.mark.parametrize("url", ["https://api.statbank.dk/v1/", "http://localhost:8080/v1", "http://[::1]:80/v1"])
def test_https_and_this_machine_are(url):
    with StatbankClient(url) as client:
        assert client.host in url
