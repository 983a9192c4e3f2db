"""The stage `notify`: tell each place what is new since it was last told, once."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from publish.channels import Channel, channels_of, key_of
from publish.late import Late
from publish.news import News, blocked_news, held_news, published_news
from publish.notice import Notice, write_notice
from vocabulary.errors import BuildNotFound, NoticeNotSent
from vocabulary.settings import Settings
from warehouse.builds import Builds
from warehouse.journal import Journal, JournalEntry
from warehouse.notices import ToldNotices
from warehouse.paths import Paths
from warehouse.publications import in_force, read_publication

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pending:
    """News that a place has not had yet."""

    channel: Channel | None
    news: News


def notify_places(settings: Settings) -> list[str]:
    """Send what is pending and record it place by place; returns a line for each notice sent.

    A place that fails stops no other. Raises NoticeNotSent at the end. Called again it sends nothing twice, unless the
    process was ended between the sending of a notice and its record.
    """
    return _tell(settings, lambda channels: _pending(Paths.of(settings), channels))


def tell_late(settings: Settings, late: Late) -> list[str]:
    """Tell each place, once, of a night that has come to no end. Returns and raises what `notify_places` does."""
    news, told = late.news, ToldNotices.of(Journal(Paths.of(settings).journal))
    return _tell(
        settings,
        lambda channels: (Pending(one, news) for one in channels if not told.has(news.notice_id, key_of(one))),
    )


def _tell(settings: Settings, pending: Callable[[Sequence[Channel]], Iterable[Pending]]) -> list[str]:
    channels, problems = channels_of(settings.notices)
    if not settings.notices.is_set:
        log.info("no notices: OMRAADETAL_SMTP_URL and OMRAADETAL_WEBHOOK_URL are empty")
    told = ToldNotices.of(Journal(Paths.of(settings).journal))
    sent: list[str] = []
    for one in pending(channels):
        if not one.news.is_empty:
            notice = write_notice(one.news, _link(settings, problems))
            try:
                one.channel.send(notice)
            except NoticeNotSent as error:
                problems.append(str(error.facts["problems"]))
                continue
            sent.append(f"{one.channel.name}: {notice.subject}")
        told.add(one.news.notice_id, key_of(one.channel))
    log.info("%d notices sent", len(sent))
    if problems:
        raise NoticeNotSent(problems="; ".join(dict.fromkeys(problems)))
    return sent


def preview(settings: Settings) -> tuple[list[tuple[str, Notice]], list[str]]:
    """What would be sent, by the name of its place, and what is wrong with the settings; nothing is sent or recorded.

    Where no place is set up it is what one would be told.
    """
    channels, problems = channels_of(settings.notices)
    return [
        (one.channel.name if one.channel else "nobody yet", write_notice(one.news, _link(settings, problems)))
        for one in _pending(Paths.of(settings), channels or [None])
        if not one.news.is_empty
    ], problems


def _link(settings: Settings, problems: list[str]) -> str | None:
    return None if any("PUBLIC_URL" in problem for problem in problems) else settings.notices.public_url


def _pending(paths: Paths, channels: Sequence[Channel | None]) -> Iterator[Pending]:
    journal = Journal(paths.journal)
    told = ToldNotices.of(journal)
    entries = journal.entries()
    stopped = _stopped_night(paths, entries)
    current = read_publication(in_force(paths))["publication_id"] if paths.current.exists() else None
    place_in_order = next((at for at, entry in enumerate(entries) if entry.publication_id == current), None)

    @cache
    def news_since(at: int | None) -> News:
        return published_news(paths, entries[place_in_order], None if at is None else entries[at])

    for channel in channels:
        key = key_of(channel) if channel else ""
        if stopped and not told.has(stopped.notice_id, key):
            yield Pending(channel, stopped)
        if place_in_order is not None and not told.has(current, key):
            yield Pending(channel, news_since(_last_told(entries[:place_in_order], told, key)))


def _last_told(entries: Sequence[JournalEntry], told: ToldNotices, key: str) -> int | None:
    """The last publication that a place was told of, so that a night it missed is told with the next.

    For a new place the last one: nobody wants the whole past on the first day.
    """
    known = [at for at, entry in enumerate(entries) if told.has(entry.publication_id, key)]
    return known[-1] if known else len(entries) - 1 if entries else None


def _stopped_night(paths: Paths, entries: Sequence[JournalEntry]) -> News | None:
    """The news of the last build, if a check blocked it or it is held, and it was no replay of an earlier day."""
    try:
        latest = Builds(paths).latest()
    except BuildNotFound:
        return None
    if latest.publication_id or any(entry.as_of > latest.as_of for entry in entries):
        return None
    if latest.blocking_flags:
        return blocked_news(paths, latest)
    return held_news(paths, latest) if latest.is_held else None
