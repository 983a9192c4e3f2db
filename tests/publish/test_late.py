"""A night that has come to no end by the morning is told once to each place; one that has, or was stopped, never."""

from datetime import date

import pytest

from nightly.lock import run_lock
from nightly.watching import require_ended
from publish.late import late_night
from publish.notify import notify_places
from vocabulary.errors import NightLate, NoticeNotSent
from warehouse.journal import Journal

DAY, NEXT = date(2025, 11, 1), date(2025, 11, 2)


@pytest.fixture
def both(nights, mail_host, hook):
    return nights.telling(
        smtp_url=mail_host.url, mail_from="data@x.example", mail_to="bo@x.example", webhook_url=hook.url
    )


def test_a_night_that_was_published_is_not_late(nights, both, mail_host):
    assert late_night(nights.paths, DAY) is None
    require_ended(both, DAY)
    assert mail_host.messages == []


@pytest.mark.parametrize(
    "end",
    [
        lambda nights: nights.publish(NEXT, "select 1"),
        lambda nights: nights.publish(date(2025, 11, 9), "select 1"),
        lambda nights: nights.block(NEXT, [{"flag_code": "arithmetic_mismatch", "severity": "blocks"}]),
        lambda nights: nights.hold(NEXT, []),
    ],
    ids=["published", "a later day was published", "blocked", "held"],
)
def test_published_blocked_or_held_is_an_end(nights, both, mail_host, end):
    with pytest.raises(NightLate):
        require_ended(both, NEXT)
    told = len(mail_host.messages)
    end(nights)
    require_ended(both, NEXT)
    assert len(mail_host.messages) == told == 1


def test_a_build_that_went_no_further_is_no_end(nights):
    nights._save("c", NEXT, flags_by_severity={"warns": 3})
    assert late_night(nights.paths, NEXT)


def test_each_place_is_told_once_and_the_run_fails_each_time(nights, both, mail_host, hook):
    for _ in range(3):
        with pytest.raises(NightLate, match=r"2025-11-02.*No run is at work.*night_late\.md"):
            require_ended(both, NEXT)
    assert len(mail_host.messages) == len(hook.bodies) == 1
    message = mail_host.messages[0][1]
    assert message["Subject"] == "Områdetal 2. november 2025: nattens kørsel er ikke færdig"
    text = message.get_body(("plain",)).get_content()
    assert "Ingen kørsel er i gang. Den forrige udgivelse gælder fortsat." in " ".join(text.split())


def test_the_next_night_is_told_of_by_itself_and_so_is_what_the_late_one_publishes(nights, both, mail_host):
    notify_places(both)
    for day in (NEXT, date(2025, 11, 3)):
        with pytest.raises(NightLate):
            require_ended(both, day)
    nights.publish(date(2025, 11, 3), "delete from quality.flag where rowid = 0")
    assert len(notify_places(both)) == 2 and len(mail_host.messages) == 4


def test_what_is_at_work_is_said_without_waiting_for_it(nights, both, mail_host):
    with run_lock(nights.paths, "night"):
        with pytest.raises(NightLate, match=r"night by \w+.* has not given the run lock back since 20\d\d-"):
            require_ended(both, NEXT)
        assert "En kørsel er i gang siden" in mail_host.messages[0][1].get_body(("plain",)).get_content()


def test_a_place_that_could_not_be_told_is_tried_again(nights, both, mail_host, hook):
    hook.status = 500
    with pytest.raises(NoticeNotSent):
        require_ended(both, NEXT)
    hook.status = 200
    with pytest.raises(NightLate):
        require_ended(both, NEXT)
    assert len(mail_host.messages) == 1 and len(hook.bodies) == 2


def test_a_late_night_reads_the_journal_once(nights, both, monkeypatch):
    readings, entries = [], Journal.entries
    monkeypatch.setattr(Journal, "entries", lambda journal: readings.append(journal) or entries(journal))
    with pytest.raises(NightLate):
        require_ended(both, NEXT)
    assert len(readings) == 1


def test_nobody_to_tell_is_late_all_the_same(nights):
    with pytest.raises(NightLate):
        require_ended(nights.settings, NEXT)


def test_nothing_was_ever_published(settings):
    with pytest.raises(NightLate, match="No run is at work"):
        require_ended(settings, DAY)
