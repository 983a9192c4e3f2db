"""The words of a notice: counts, at most so many lines, nothing that breaks out of mail, HTML or Slack."""

from datetime import date

import pytest

from publish.news import Finding, News
from publish.notice import LONGEST_LINE, MOST_LINES, write_notice
from publish.webhook import payload
from vocabulary.flags import FlagCode
from vocabulary.states import Severity


def finding(severity=Severity.WARNS, message="Brobygning, Sydbyen, 2024: tallet mangler.", **changed):
    facts = {"indicator": "Brobygning", "area": "Sydbyen", "year": "2024", "source_id": None, "file_name": None}
    return Finding(severity, FlagCode.MISSING_FIGURE, **{**facts, **changed}, message=message)


def news(opened=(), resolved=(), **changed):
    return News("2025-11-02-00000000", date(2025, 11, 2), tuple(opened), tuple(resolved), **changed)


@pytest.mark.parametrize(
    ("opened", "resolved", "essence"),
    [
        ([finding()], [], "1 ny advarsel"),
        ([finding()] * 2 + [finding(Severity.NOTES)], [finding()], "2 nye advarsler, 1 ny bemærkning, 1 løst"),
        ([], [finding()] * 3, "3 løst"),
        ([finding(Severity.NOTES)] * 1200, [], "1.200 nye bemærkninger"),
    ],
)
def test_the_subject_says_the_essence(opened, resolved, essence):
    assert write_notice(news(opened, resolved)).subject == f"Områdetal 2. november 2025: {essence}"


def test_the_summary_says_since_when_and_how_much_is_unchanged():
    text = write_notice(news([finding()], [finding()], since=date(2025, 11, 1), unchanged_count=12)).text
    assert "Nyt siden 1. november 2025: 1 advarsel. Løst: 1. Uændrede: 12." in text


@pytest.mark.parametrize(("opened", "resolved"), [(50, 5), (MOST_LINES, 5), (MOST_LINES - 2, 5), (2, 3)])
def test_only_so_many_lines_are_told_and_the_rest_is_counted(opened, resolved):
    notice = write_notice(news([finding()] * opened, [finding()] * resolved))
    lines = [line for line in notice.text.splitlines() if line.startswith("- ")]
    left_out = opened + resolved - len(lines)
    assert len(lines) == notice.html.count("<li>") == min(opened + resolved, MOST_LINES)
    assert (f"… og {left_out} flere." in notice.text) == (left_out > 0)
    assert ("Løst\n" in notice.text) == (opened < MOST_LINES)


def test_a_message_that_does_not_say_what_it_is_about_gets_title_and_place():
    hidden = "Tallet er skjult af hensyn til fortrolighed."
    one = finding(message=hidden)
    assert f"- {one.title}: Brobygning, Sydbyen, 2024: {hidden}" in write_notice(news([one])).text
    assert "- Brobygning, Sydbyen, 2024: tallet mangler." in write_notice(news([finding()])).text


def test_what_was_delivered_cannot_break_out_of_its_line_of_the_html_or_of_slack():
    name = "x<script>alert(1)</script>\n\nLøst\n- <!channel> &.csv"
    notice = write_notice(news([finding(indicator=None, file_name=name, message=f"{name}: ulæselig.")]))
    assert "<script>" not in notice.html and "&lt;script&gt;" in notice.html
    assert [line for line in notice.text.splitlines() if line.startswith("- ")] == [
        "- x<script>alert(1)</script> Løst - <!channel> &.csv: ulæselig."
    ]
    text = payload(notice)["text"]
    assert "&lt;!channel&gt; &amp;.csv" in text and "<" not in text


def test_a_long_line_is_cut():
    line = write_notice(news([finding(message="Brobygning " * 200)])).text.splitlines()[-1]
    assert len(line) <= LONGEST_LINE + 2 and line.endswith("…")


def test_the_link_is_told_where_there_is_one():
    address = "https://tal.example/?a=1&b=2"
    notice = write_notice(news([finding()]), address)
    assert address in notice.text and 'href="https://tal.example/?a=1&amp;b=2"' in notice.html
    assert "http" not in write_notice(news([finding()])).html
