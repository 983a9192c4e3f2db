"""Where news of a night is sent: the mailboxes and the webhook of the settings."""

import hashlib
from typing import Protocol
from urllib.parse import urlsplit

from publish.mail import mailboxes
from publish.notice import Notice
from publish.webhook import webhooks
from vocabulary.errors import NoticeNotSent
from vocabulary.settings import NoticeSettings


class Channel(Protocol):
    """One place to send to. `name` is for people and holds no secret; `address` is what makes it this place."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...

    def send(self, notice: Notice) -> None:
        """Send, or raise NoticeNotSent; when it returns, the other side has taken the notice."""
        ...


def key_of(channel: Channel) -> str:
    """What the record of sent notices knows a place by; addresses are personal and webhooks are secret."""
    return hashlib.sha256(channel.address.encode()).hexdigest()[:16]


def channels_of(settings: NoticeSettings) -> tuple[list[Channel], list[str]]:
    """The places to send to, and what is wrong with the settings of the others."""
    channels: list[Channel] = []
    problems: list[str] = []
    for find in (mailboxes, webhooks):
        try:
            channels += find(settings)
        except NoticeNotSent as error:
            problems.append(str(error.facts["problems"]))
    if settings.public_url and urlsplit(settings.public_url).scheme not in ("http", "https"):
        problems.append("OMRAADETAL_PUBLIC_URL is no http or https address")
    return channels, problems
