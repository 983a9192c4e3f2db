"""Send a notice to an incoming webhook of Slack, or of what takes the same JSON (Mattermost, Rocket.Chat)."""

import logging
from dataclasses import dataclass, field

import httpx

from publish.notice import Notice
from vocabulary.errors import NoticeNotSent
from vocabulary.settings import NoticeSettings

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Webhook:
    """An incoming webhook. Whoever knows its address may post there, so the address is never told."""

    address: str = field(repr=False)

    @property
    def name(self) -> str:
        return f"webhook at {httpx.URL(self.address).host}"

    def send(self, notice: Notice) -> None:
        """Raises NoticeNotSent. Redirects are not followed: a moved webhook must be named anew."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses at INFO
        try:
            # streamed, so that an endless answer is not read
            with httpx.stream("POST", self.address, json=payload(notice), timeout=TIMEOUT_SECONDS) as answer:
                status = answer.status_code
        except httpx.TimeoutException:
            raise NoticeNotSent(problems=f"{self.name}: no answer within {TIMEOUT_SECONDS} seconds") from None
        except httpx.HTTPError as error:
            raise NoticeNotSent(problems=f"{self.name}: {type(error).__name__}") from None
        if not httpx.codes.is_success(status):
            raise NoticeNotSent(problems=f"{self.name}: it answered {status}")


def webhooks(settings: NoticeSettings) -> list[Webhook]:
    """The webhook of the settings, if any. Raises NoticeNotSent where its address is none."""
    if not settings.webhook_url:
        return []
    try:
        url = httpx.URL(settings.webhook_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise NoticeNotSent(problems="OMRAADETAL_WEBHOOK_URL is no http or https address")
    return [Webhook(settings.webhook_url)]


def payload(notice: Notice) -> dict[str, object]:
    """Slack's JSON. Its three signs are escaped, so that no file name can call a channel or make a link."""
    text = notice.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": text, "mrkdwn": False}
