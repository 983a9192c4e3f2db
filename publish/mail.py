"""Send a notice as mail over SMTP, to one mailbox at a time: a refused one then stops no other."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, getaddresses
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from publish.notice import Notice
from vocabulary.errors import NoticeNotSent
from vocabulary.settings import NoticeSettings

TIMEOUT_SECONDS = 10
SECURITY_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True)
class MailServer:
    """An SMTP server; `security` is tls, starttls or none."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Raises NoticeNotSent, without a part of the URL that could be secret."""
        wanted = "OMRAADETAL_SMTP_URL must be smtp://host, smtp://user:password@host:587?starttls=1 or smtps://…"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise NoticeNotSent(problems=wanted) from None
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        starttls = options.pop("starttls", "0")
        known = parts.scheme in ("smtp", "smtps") and starttls in ("0", "1") and parts.path in ("", "/")
        if not known or not parts.hostname or options or parts.fragment:
            raise NoticeNotSent(problems=wanted)
        security = "tls" if parts.scheme == "smtps" else "starttls" if starttls == "1" else "none"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise NoticeNotSent(problems="OMRAADETAL_SMTP_URL: user and password must be ASCII, which SMTP asks for")
        if user and security == "none" and not _is_this_machine(parts.hostname):
            raise NoticeNotSent(
                problems="OMRAADETAL_SMTP_URL would send the password unencrypted: use smtps:// or ?starttls=1"
            )
        return cls(parts.hostname, port or SECURITY_PORTS[security], security, user or None, password)

    def connect(self) -> smtplib.SMTP:
        """An open connection, encrypted and logged in as asked. Raises OSError, of which SMTPException is one."""
        trusted = ssl.create_default_context()
        if self.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                connection.starttls(context=trusted)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(frozen=True)
class Mailbox:
    """One recipient, reached through one server."""

    server: MailServer
    sender: Address
    recipient: Address

    @property
    def name(self) -> str:
        return f"mail to {self.recipient.addr_spec} by {self.server.host}:{self.server.port}"

    @property
    def address(self) -> str:
        return f"mailto:{self.recipient.addr_spec}"

    def send(self, notice: Notice) -> None:
        """Raises NoticeNotSent."""
        try:
            connection = self.server.connect()
            try:
                connection.send_message(self.message(notice))
            except BaseException:
                connection.close()
                raise
        except OSError as error:
            raise NoticeNotSent(problems=f"{self.name}: {_problem(error)}") from None
        # the server has taken the message: how the connection ends no longer matters
        with contextlib.suppress(OSError):
            connection.quit()

    def message(self, notice: Notice) -> EmailMessage:
        """Text with an HTML alternative. The id is the same when it is sent again, so that a mail program sees one."""
        message = EmailMessage(policy=SMTP_POLICY)
        message["Subject"] = notice.subject
        message["From"] = self.sender
        message["To"] = self.recipient
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{notice.notice_id}@{self.sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        message.add_alternative(notice.html, subtype="html")
        return message


def mailboxes(settings: NoticeSettings) -> list[Mailbox]:
    """The recipients of the settings. Raises NoticeNotSent where they cannot be used."""
    if not (settings.smtp_url or settings.mail_to):
        return []
    for name, value in (
        ("OMRAADETAL_SMTP_URL", settings.smtp_url),
        ("OMRAADETAL_MAIL_FROM", settings.mail_from),
        ("OMRAADETAL_MAIL_TO", settings.mail_to),
    ):
        if not value:
            raise NoticeNotSent(problems=f"mail needs {name} too")
    server = MailServer.parse(settings.smtp_url)
    [sender, *others] = _addresses("OMRAADETAL_MAIL_FROM", settings.mail_from)
    if others:
        raise NoticeNotSent(problems="OMRAADETAL_MAIL_FROM must be one address")
    return [Mailbox(server, sender, one) for one in _addresses("OMRAADETAL_MAIL_TO", settings.mail_to)]


def _addresses(setting: str, text: str) -> list[Address]:
    """The addresses of a list, each once. A line break, which would begin another header, is refused."""
    named = [(name, spec) for name, spec in getaddresses([text]) if name or spec]
    try:
        found = {spec: Address(name, addr_spec=spec) for name, spec in named}
    except (MessageError, ValueError, IndexError):
        found = {}
    has_whole = all(one.username and one.domain for one in found.values())
    if not found or not has_whole or len(text.splitlines()) > 1:
        raise NoticeNotSent(problems=f"{setting} must be mail addresses on one line, with commas between")
    return list(found.values())


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _problem(error: OSError) -> str:
    """What went wrong, without what the server said: it may repeat an address or a password."""
    match error:
        case smtplib.SMTPAuthenticationError():
            words = f"the server refused user name or password ({error.smtp_code})"
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(str(code) for code, _ in error.recipients.values())
            words = f"the server refused the recipient ({codes})"
        case smtplib.SMTPResponseException():
            words = f"the server answered {error.smtp_code}"
        case smtplib.SMTPNotSupportedError():
            words = "the server does not offer what is asked for (STARTTLS, a login, or addresses beyond ASCII)"
        case ssl.SSLCertVerificationError():
            words = "the server's certificate is not trusted"
        case smtplib.SMTPServerDisconnected():  # smtplib's own error for a server that has fallen silent, too
            words = f"the server broke off, or did not answer within {TIMEOUT_SECONDS} seconds"
        case TimeoutError():
            words = f"no answer within {TIMEOUT_SECONDS} seconds"
        case _:
            words = error.strerror or type(error).__name__
    return words
