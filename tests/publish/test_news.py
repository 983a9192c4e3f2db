"""What is new since an earlier publication: flags that came and went, by key; and of a blocked night only where."""

from dataclasses import replace
from datetime import date

import pytest

from publish.news import blocked_news, held_news, published_news
from publish.notice import write_notice
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE

NEXT_DAY = date(2025, 11, 2)
NEW_FLAG = """
    insert into quality.flag (flag_code, severity, indicator_id, agreement_id, area_id, year_kind, year, detail,
        message, first_seen, publication_id)
    select 'jump', 'warns', indicator_id, agreement_id, 'ringparken', 'agreement', 2023, 'ny',
        'Brobygningssamtaler springer.', '2025-11-02', publication_id
    from quality.flag where flag_code = 'missing_figure' and area_id = 'motalavej';
"""


def news_of(nights, since=-2):
    entries = nights.entries
    return published_news(nights.paths, entries[-1], entries[since] if len(entries) > 1 else None)


def test_the_first_publication_is_all_new(nights, flags_in_force):
    news = news_of(nights)
    assert len(news.opened) == len(flags_in_force(nights)) > 0
    assert {one.message for one in news.opened} == {message for *_, message in flags_in_force(nights)}
    assert news.resolved == () and news.unchanged_count == 0 and news.since is None
    severities = [one.severity for one in news.opened]
    assert severities == sorted(severities, key=["blocks", "warns", "notes"].index)


def test_a_night_with_the_same_flags_brings_no_news_though_their_numbers_change(nights, flags_in_force):
    nights.publish(NEXT_DAY, "update quality.flag set message = message || ' 7', observed = '7', severity = 'notes'")
    news = news_of(nights)
    assert news.is_empty and news.unchanged_count == len(flags_in_force(nights))


def test_what_came_and_what_went_are_told_with_their_places(nights, flags_in_force):
    before = len(flags_in_force(nights))
    nights.publish(
        NEXT_DAY, NEW_FLAG + "delete from quality.flag where flag_code = 'missing_figure' and area_id = 'motalavej'"
    )
    news = news_of(nights)
    assert [(one.flag_code, one.area, one.year) for one in news.opened] == [("jump", "Ringparken", "2023/24")]
    assert news.opened[0].detail == "ny"
    assert [one.place for one in news.resolved] == ["Beboere i boligområderne, Motalavej, 2020"]
    assert news.unchanged_count == before - 1 and news.since == date(2025, 11, 1)


def test_the_words_of_what_was_resolved_do_not_come_from_the_confidential_journal(nights, flags_in_force):
    missing = [code for _, code, _ in flags_in_force(nights)].count("missing_figure")
    nights.publish(NEXT_DAY, "update quality.flag set message = 'hemmelig 2', observed = 'hemmelig 2'")
    nights.publish(date(2025, 11, 3), "delete from quality.flag where flag_code = 'missing_figure'")
    news = news_of(nights)
    assert len(news.resolved) == missing > 0 and "hemmelig" not in write_notice(news).text


def test_an_acknowledged_flag_is_not_told_but_its_end_is(nights):
    nights.publish(
        NEXT_DAY,
        "alter table quality.flag add column if not exists acknowledged_until date;"
        + NEW_FLAG
        + "update quality.flag set acknowledged_until = '2026-01-01' where detail = 'ny'",
    )
    assert news_of(nights).is_empty
    nights.publish(date(2025, 11, 3), "delete from quality.flag where detail = 'ny'")
    assert [one.detail for one in news_of(nights).resolved] == ["ny"]


def test_a_part_of_the_key_that_is_younger_than_the_journal_is_left_out_of_the_comparison(nights, flags_in_force):
    missing = [code for _, code, _ in flags_in_force(nights)].count("missing_figure")
    nights.publish(NEXT_DAY, "alter table quality.flag drop column detail")
    nights.publish(
        date(2025, 11, 3),
        "alter table quality.flag add column detail varchar; update quality.flag set detail = '2023-07'",
    )
    assert news_of(nights).is_empty
    nights.publish(date(2025, 11, 4), "update quality.flag set detail = '2023-08' where flag_code = 'missing_figure'")
    news = news_of(nights)
    assert len(news.opened) == len(news.resolved) == missing
    assert {one.detail for one in news.resolved} == {"2023-07"} and news.resolved[0].place.endswith(", 2023-07")


BLOCKING = {
    "flag_code": "share_out_of_range",
    "severity": "blocks",
    "indicator_id": "tillid_til_myndigheder",
    "area_id": "ringparken",
    "year_kind": "calendar",
    "year": 2023,
    "source_id": "tryghedssurvey",
    "file_name": "Jens Hansen.sav",
    "message": "andelen er 117,5 procent",
    "observed": "117,5",
}


@pytest.fixture
def agreement_id(nights):
    with reading(nights.paths.current / PUBLICATION_FILE) as connection:
        return connection.execute("select distinct agreement_id from marts.dim_indicator").fetchone()[0]


def test_of_a_blocked_night_only_code_and_place_are_told(nights, agreement_id):
    news = blocked_news(nights.paths, nights.block(NEXT_DAY, [{**BLOCKING, "agreement_id": agreement_id}]))
    notice = write_notice(news)
    assert "Tillid til politi og myndigheder, Ringparken, 2023" in notice.text
    assert "share_out_of_range" in notice.text and "intet udgivet, 1 fund, der spærrer" in notice.subject
    for secret in ("117", "Jens", "procent"):
        assert secret not in notice.text + notice.html


def test_a_blocked_night_is_known_by_its_day_and_its_places(nights, agreement_id):
    flag = {**BLOCKING, "agreement_id": agreement_id}
    builds = [
        nights.block(NEXT_DAY, [flag], "one"),
        nights.block(NEXT_DAY, [{**flag, "observed": "118"}], "two"),
        nights.block(date(2025, 11, 3), [flag], "three"),
        nights.block(NEXT_DAY, [{**flag, "area_id": "sydbyen"}], "four"),
    ]
    first, again, next_night, elsewhere = (blocked_news(nights.paths, build).notice_id for build in builds)
    assert first == again and len({first, next_night, elsewhere}) == 3


def test_of_a_held_night_only_the_figures_that_wait_are_told(nights, agreement_id):
    figure = {
        "agreement_id": agreement_id,
        "indicator_id": "brobygningssamtaler",
        "area_id": "sydbyen",
        "year_kind": "calendar",
        "year": 2022,
    }
    held, next_night = (
        nights.hold(day, [figure], name) for day, name in ((NEXT_DAY, "one"), (date(2025, 11, 3), "two"))
    )
    news = held_news(nights.paths, held)
    notice = write_notice(news)
    assert "Brobygningssamtaler i beboervejledningen, Sydbyen, 2022" in notice.text
    assert "intet udgivet, 1 ændret tal venter på godkendelse" in notice.subject
    assert "fra 7" not in notice.text + notice.html
    assert held_news(nights.paths, next_night).notice_id == news.notice_id, "the same change is told once"
    other = nights.hold(NEXT_DAY, [{**figure, "year": 2023}], "three")
    assert held_news(nights.paths, other).notice_id != news.notice_id


def test_a_blocking_flag_of_a_file_names_its_source_only(nights):
    flag = {"flag_code": "unreadable_file", "severity": "blocks", "source_id": "vejledninger", "file_name": "Jens.csv"}
    news = blocked_news(nights.paths, nights.block(NEXT_DAY, [{**flag, "message": "Jens"}]))
    assert [one.place for one in news.opened] == ["vejledninger"]
    assert "Jens" not in str(replace(news)) + write_notice(news).text
