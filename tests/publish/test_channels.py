"""Mail and webhook against servers on this machine: what arrives, what fails and how it is told, without secrets."""

import logging
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from publish import mail, webhook
from publish.channels import channels_of, key_of
from publish.notice import Notice
from vocabulary.errors import NoticeNotSent
from vocabulary.settings import NoticeSettings

NOTICE = Notice("2025-11-02-8a084809", "Områdetal: 1 ny advarsel", "Ærø – «æøå» €\n.\nslut\n", "<p>Ærø – æøå</p>")
SENDER = '"Områdetal, Slagelse" <data@slagelse.example>'
SECRET = "hemmeligt"


def only(**places):
    [channel], problems = channels_of(NoticeSettings(**places))
    assert problems == []
    return channel


def mailbox(url, to="bo@slagelse.example"):
    return only(smtp_url=url, mail_from="data@slagelse.example", mail_to=to)


def failure(channel):
    with pytest.raises(NoticeNotSent) as caught:
        channel.send(NOTICE)
    assert caught.value.__cause__ is None and caught.value.exit_code == 4
    assert SECRET not in str(caught.value) + repr(channel)
    return str(caught.value)


def test_a_mail_arrives_as_text_and_html_with_every_letter(mail_host):
    channels, _ = channels_of(
        NoticeSettings(smtp_url=mail_host.url, mail_from=SENDER, mail_to='b@x.example, "Øs, Å" <c@x.example>')
    )
    for channel in channels:
        channel.send(NOTICE)
    assert [to for to, _ in mail_host.messages] == ["b@x.example", "c@x.example"]
    message = mail_host.messages[1][1]
    assert message["Subject"] == NOTICE.subject and message["To"] == '"Øs, Å" <c@x.example>'
    assert message["From"].addresses[0].display_name == "Områdetal, Slagelse"
    assert message["Message-ID"] == f"<{NOTICE.notice_id}@slagelse.example>"
    assert message.get_content_type() == "multipart/alternative"
    text, html = (message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert text == NOTICE.text and html.strip() == NOTICE.html


def test_a_refused_recipient_is_named_and_what_the_server_says_is_not(mail_host):
    mail_host.refused = {"bo@slagelse.example"}
    told = failure(mailbox(mail_host.url))
    assert "mail to bo@slagelse.example" in told and "refused the recipient (550)" in told


def test_a_login_with_any_signs_in_the_password(start_mail_host):
    host = start_mail_host(auth_required=True, auth_require_tls=False)
    mailbox(f"smtp://bruger:hemmeligt%3Aord%2F1@127.0.0.1:{host.port}").send(NOTICE)
    assert len(host.messages) == 1
    assert "user name or password (535)" in failure(mailbox(f"smtp://bruger:hemmeligt@127.0.0.1:{host.port}"))


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody has signed, as a server's context; and its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(signed.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context, file


@pytest.mark.parametrize("kind", ["starttls", "tls"])
def test_encrypted_mail_needs_a_certificate_that_is_trusted(start_mail_host, certificate, monkeypatch, kind):
    context, file = certificate
    if kind == "tls":
        host = start_mail_host(ssl_context=context)
        url = f"smtps://127.0.0.1:{host.port}"
    else:
        host = start_mail_host(tls_context=context, require_starttls=True)
        url = f"{host.url}?starttls=1"
    assert "certificate is not trusted" in failure(mailbox(url)) and host.messages == []
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    mailbox(url).send(NOTICE)
    assert len(host.messages) == 1


def test_a_server_without_starttls_gets_no_mail_when_it_is_asked_for(mail_host):
    assert "STARTTLS" in failure(mailbox(f"{mail_host.url}?starttls=1")) and mail_host.messages == []


def test_a_server_that_is_not_there_or_says_nothing(silent_port, closed_port, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.2)
    assert "Connection refused" in failure(mailbox(f"smtp://127.0.0.1:{closed_port}"))
    assert "did not answer within 0.2 seconds" in failure(mailbox(f"smtp://127.0.0.1:{silent_port}"))
    assert "ConnectError" in failure(only(webhook_url=f"http://127.0.0.1:{closed_port}/{SECRET}"))
    assert "no answer within 0.2 seconds" in failure(only(webhook_url=f"http://127.0.0.1:{silent_port}/{SECRET}"))


def test_a_webhook_gets_slacks_json(hook):
    only(webhook_url=hook.url).send(NOTICE)
    assert hook.bodies == [{"text": NOTICE.text, "mrkdwn": False}]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_a_webhook_that_does_not_take_it_is_told_by_its_answer(hook, status):
    hook.status = status
    assert f"webhook at 127.0.0.1: it answered {status}" in failure(only(webhook_url=hook.url))
    assert len(hook.bodies) == 1, "neither tried again nor redirected"


def test_no_secret_is_logged_even_when_everything_is(hook, start_mail_host, caplog):
    host = start_mail_host(auth_required=True, auth_require_tls=False)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    only(webhook_url=hook.url).send(NOTICE)
    mailbox(f"smtp://bruger:hemmeligt%3Aord%2F1@127.0.0.1:{host.port}").send(NOTICE)
    assert len(hook.bodies) == len(host.messages) == 1
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"smtp_url": f"http://u:{SECRET}@host"}, "must be smtp://host"),
        ({"smtp_url": f"smtp://u:{SECRET}@host:port?starttls=1"}, "must be smtp://host"),
        ({"smtp_url": f"smtp://u:1{SECRET}/@host?starttls=1"}, "must be smtp://host"),
        ({"smtp_url": f"smtps://u:{SECRET}@host?starttsl=1"}, "must be smtp://host"),
        ({"smtp_url": f"smtp://u:{SECRET}@mail.example"}, "unencrypted"),
        ({"smtp_url": f"smtps://u:{SECRET}æ@mail.example"}, "ASCII"),
        ({"smtp_url": None}, "mail needs OMRAADETAL_SMTP_URL"),
        ({"mail_from": None}, "mail needs OMRAADETAL_MAIL_FROM"),
        ({"mail_to": None}, "mail needs OMRAADETAL_MAIL_TO"),
        ({"mail_to": "bo"}, "OMRAADETAL_MAIL_TO must be mail addresses"),
        ({"mail_to": "bo@x.example\nBcc: alle@x.example"}, "OMRAADETAL_MAIL_TO must be mail addresses"),
        ({"mail_from": "x@x.example\r\nBcc: alle@x.example"}, "OMRAADETAL_MAIL_FROM must be mail addresses"),
        ({"mail_from": "a@x.example, b@x.example"}, "OMRAADETAL_MAIL_FROM must be one address"),
        ({"webhook_url": f"file:///etc/{SECRET}"}, "OMRAADETAL_WEBHOOK_URL is no http"),
        ({"webhook_url": f"hooks.example/{SECRET}"}, "OMRAADETAL_WEBHOOK_URL is no http"),
        ({"public_url": "javascript:alert(1)"}, "OMRAADETAL_PUBLIC_URL is no http"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_what_they_hold(changed, told):
    whole = {"smtp_url": "smtp://127.0.0.1", "mail_from": "a@x.example", "mail_to": "b@x.example"}
    settings = NoticeSettings(**{**whole, **changed})
    _, problems = channels_of(settings)
    assert len(problems) == 1 and told in problems[0]
    assert SECRET not in problems[0] + repr(settings)


def test_one_bad_setting_leaves_the_other_channel(hook):
    channels, problems = channels_of(NoticeSettings(smtp_url="smtp://x", webhook_url=hook.url))
    assert [channel.address for channel in channels] == [hook.url] and len(problems) == 1


def test_a_place_is_remembered_without_its_address(hook):
    one, other = mailbox("smtp://127.0.0.1"), mailbox("smtp://127.0.0.1", "ida@slagelse.example")
    keys = {key_of(one), key_of(other), key_of(only(webhook_url=hook.url))}
    assert len(keys) == 3 and all(len(key) == 16 and set(key) <= set("0123456789abcdef") for key in keys)
    assert key_of(one) == key_of(mailbox("smtps://mail.example", "bo@slagelse.example")), "another server, same place"
