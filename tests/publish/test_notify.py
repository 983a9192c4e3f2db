"""The stage notify: each place is told once, a place that fails stops no other, and a missed night is told later."""

import json
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from publish.notify import notify_places, preview
from vocabulary.errors import NoticeNotSent
from vocabulary.settings import NoticeSettings
from warehouse.journal import Journal

ONE_GONE, TWO_GONE = (
    f"delete from quality.flag where rowid in (select rowid from quality.flag order by rowid limit {count})"
    for count in (1, 2)
)


@pytest.fixture
def both(nights, mail_host, hook):
    return nights.telling(
        smtp_url=mail_host.url, mail_from="data@x.example", mail_to="bo@x.example", webhook_url=hook.url
    )


def records(nights) -> list[Path]:
    return sorted((nights.paths.journal / "notices").glob("*"))


def test_nothing_set_up_is_said_and_nothing_is_remembered(nights, caplog):
    caplog.set_level(logging.INFO)
    assert notify_places(nights.settings) == []
    assert "OMRAADETAL_SMTP_URL and OMRAADETAL_WEBHOOK_URL are empty" in caplog.text and records(nights) == []


def test_each_place_is_told_once(nights, both, mail_host, hook):
    sent = notify_places(both)
    assert len(sent) == 2 and len(mail_host.messages) == len(hook.bodies) == 1
    assert hook.bodies[0]["text"].splitlines()[0] == mail_host.messages[0][1]["Subject"]
    assert notify_places(both) == []
    assert len(mail_host.messages) == len(hook.bodies) == 1


def test_what_is_remembered_is_for_the_owner_only_and_names_nobody(nights, both):
    notify_places(both)
    [record] = records(nights)
    assert record.name == f"{nights.entries[-1].publication_id}.json"
    assert record.stat().st_mode & 0o777 == 0o600 and record.parent.stat().st_mode & 0o777 == 0o700
    assert len(json.loads(record.read_text())["told_at"]) == 2
    assert not any(word in record.read_text() for word in ("bo@", "hemmeligt", "127.0.0.1"))
    assert Journal(nights.paths.journal).entries() == nights.entries, "the notices are no publication"


def test_a_night_without_news_is_not_told(nights, both, mail_host, hook):
    notify_places(both)
    nights.publish(date(2025, 11, 2), "select 1")
    assert notify_places(both) == [] and len(mail_host.messages) == len(hook.bodies) == 1


def test_a_place_that_fails_stops_no_other_and_only_it_is_tried_again(nights, both, mail_host, hook):
    hook.status = 500
    with pytest.raises(NoticeNotSent, match="it answered 500"):
        notify_places(both)
    assert len(mail_host.messages) == 1 and len(hook.bodies) == 1
    hook.status = 200
    assert len(notify_places(both)) == 1
    assert len(mail_host.messages) == 1 and hook.bodies[0] == hook.bodies[1]


def test_a_refused_recipient_stops_no_other(nights, mail_host):
    settings = nights.telling(smtp_url=mail_host.url, mail_from="data@x.example", mail_to="a@x.example, b@x.example")
    mail_host.refused = {"a@x.example"}
    for _ in range(2):
        with pytest.raises(NoticeNotSent, match=r"mail to a@x\.example"):
            notify_places(settings)
    assert [to for to, _ in mail_host.messages] == ["b@x.example"]


def test_bad_settings_are_told_though_nothing_is_new_and_stop_no_channel(nights, hook):
    settings = nights.telling(webhook_url=hook.url, mail_to="a@x.example", public_url="nope")
    for _ in range(2):
        with pytest.raises(NoticeNotSent, match=r"mail needs OMRAADETAL_SMTP_URL too; OMRAADETAL_PUBLIC_URL"):
            notify_places(settings)
    assert len(hook.bodies) == 1 and "nope" not in hook.bodies[0]["text"]


def test_a_night_that_a_place_missed_is_told_with_the_next(nights, both, mail_host, hook):
    notify_places(both)
    hook.status = 429
    nights.publish(date(2025, 11, 2), ONE_GONE, 1)
    with pytest.raises(NoticeNotSent):
        notify_places(both)
    hook.status = 200
    nights.publish(date(2025, 11, 3), TWO_GONE, 2)
    notify_places(both)
    assert [message["Subject"].split(": ")[1] for _, message in mail_host.messages[1:]] == ["1 løst", "2 løst"]
    assert hook.bodies[-1]["text"].splitlines()[0].endswith("3 løst")
    assert "Nyt siden 1. november 2025" in hook.bodies[-1]["text"]


def test_a_new_place_hears_what_is_new_since_the_publication_before(nights, hook):
    nights.publish(date(2025, 11, 2), ONE_GONE)
    notify_places(nights.telling(webhook_url=hook.url))
    assert hook.bodies[0]["text"].splitlines()[0] == "Områdetal 2. november 2025: 1 løst"


BLOCKING = {"flag_code": "share_out_of_range", "severity": "blocks", "area_id": "ringparken", "message": "117"}


def test_a_blocked_night_is_told_once_and_the_next_one_again(nights, hook):
    settings = nights.telling(webhook_url=hook.url)
    notify_places(settings)
    for day, build_id in [(2, "one"), (2, "two"), (3, "three")]:
        nights.block(date(2025, 11, day), [BLOCKING], build_id)
        notify_places(settings)
    told = [body["text"].splitlines()[0] for body in hook.bodies[1:]]
    assert told == [f"Områdetal {day}. november 2025: intet udgivet, 1 fund, der spærrer" for day in (2, 3)]


def test_a_held_night_is_told_once_until_it_is_decided_on(nights, hook):
    settings = nights.telling(webhook_url=hook.url)
    notify_places(settings)
    figure = {"agreement_id": "x", "indicator_id": "i", "area_id": "a", "year_kind": "calendar", "year": 2022}
    for day in (2, 3):
        nights.hold(date(2025, 11, day), [figure], f"held_{day}")
        notify_places(settings)
    told = [body["text"].splitlines()[0] for body in hook.bodies[1:]]
    assert told == ["Områdetal 2. november 2025: intet udgivet, 1 ændret tal venter på godkendelse"]


def test_a_blocked_replay_is_not_told(nights, hook):
    settings = nights.telling(webhook_url=hook.url)
    notify_places(settings)
    nights.block(date(2025, 10, 31), [BLOCKING])
    assert notify_places(settings) == []


def test_a_home_without_a_publication_has_no_news(settings, hook):
    empty = replace(settings, notices=NoticeSettings(webhook_url=hook.url))
    assert notify_places(empty) == [] and hook.bodies == []


def test_a_preview_sends_and_remembers_nothing(nights, both, mail_host, hook):
    shown, problems = preview(both)
    assert [place.split(" ")[0] for place, _ in shown] == ["mail", "webhook"] and problems == []
    assert mail_host.messages == hook.bodies == records(nights) == []
    [(place, notice)], _ = preview(nights.settings)
    assert place == "nobody yet" and notice.subject == shown[0][1].subject
    notify_places(both)
    assert preview(both) == ([], [])


def test_the_link_is_told(nights, hook):
    notify_places(nights.telling(webhook_url=hook.url, public_url="https://tal.example/plugin/kvalitet"))
    assert hook.bodies[0]["text"].endswith("Se alle fund: https://tal.example/plugin/kvalitet\n")
