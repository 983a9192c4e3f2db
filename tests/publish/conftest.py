"""Servers that take notices, and nights in turn: real publications and journal entries with the flags a test wants."""

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from vocabulary.settings import NoticeSettings, Settings
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import reading, writing
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import OWNER_ONLY_FILE, PUBLICATION_FILE, Paths, swap_link

FILE_FLAG = {"flag_code": "quarantined_rows", "severity": "warns", "source_id": "vejledninger"}


@dataclass
class MailHost:
    """An SMTP server on this machine; `refused` are recipients it does not take."""

    port: int
    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    password: bytes = b"hemmeligt:ord/1"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 no such mailbox here, password was hemmeligt"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for recipient in envelope.rcpt_tos:
            self.messages.append((recipient, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == self.password, handled=False)


@dataclass
class Hook:
    """A webhook on this machine that answers with `status`."""

    url: str
    bodies: list[dict] = field(default_factory=list)
    status: int = 200


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def start_mail_host() -> Iterator[Callable[..., MailHost]]:
    """Start a mail server, with aiosmtpd's options if any."""
    running = []

    def start(**options) -> MailHost:
        host = MailHost(free_port())
        if options.get("auth_required"):
            options["authenticator"] = host.authenticate
        controller = Controller(host, hostname="127.0.0.1", port=host.port, **options)
        controller.start()
        running.append(controller)
        return host

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def mail_host(start_mail_host) -> MailHost:
    return start_mail_host()


@pytest.fixture
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            found.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(found.status)
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
            self.send_header("Retry-After", "1")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Hook(f"http://127.0.0.1:{server.server_port}/services/T00/B00/hemmeligt")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    return free_port()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@dataclass(frozen=True)
class Nights:
    """A HOME with the publication of the sample night, to which further nights are added without dbt."""

    settings: Settings

    @property
    def paths(self) -> Paths:
        return Paths.of(self.settings)

    @property
    def entries(self) -> list[JournalEntry]:
        return Journal(self.paths.journal).entries()

    def telling(self, **places: str) -> Settings:
        return replace(self.settings, notices=NoticeSettings(**places))

    def publish(self, day: date, change: str, number: int = 1) -> JournalEntry:
        """A publication with the flags of the one in force, changed by SQL: `delete from quality.flag where …`."""
        before = self.paths.current.resolve()
        name = f"{day.isoformat()}-{number:08x}"
        folder = self.paths.publication(name)
        shutil.copytree(before, folder)
        (folder / "publication.json").write_text(json.dumps({"publication_id": name}))
        entry = JournalEntry(publication_id=name, as_of=day, published_at=datetime.now(UTC), build_id="none")
        (folder / PUBLICATION_FILE).chmod(OWNER_ONLY_FILE)  # what is published is closed for writing
        with writing(folder / PUBLICATION_FILE) as connection:
            connection.execute(change)
            rows = connection.sql("from quality.flag")
            Journal(self.paths.journal).append(entry, figures=rows, shown=rows, flags=rows)
        swap_link(self.paths.current, folder)
        return entry

    def block(self, day: date, flags: list[dict], build_id: str = "b") -> BuildRecord:
        """The sample night's build again, for a day and with blocking flags."""
        with writing(self._copy_of_the_build(build_id)) as connection:
            for flag in flags:
                insert_flag(connection, **flag)
        return self._save(build_id, day, flags_by_severity={"blocks": len(flags)})

    def hold(self, day: date, figures: list[dict], build_id: str = "h") -> BuildRecord:
        """The sample night's build again, held because it would change figures."""
        with writing(self._copy_of_the_build(build_id)) as connection:
            for figure in figures:
                names, marks = ", ".join(figure), ", ".join("?" * len(figure))
                connection.execute(
                    f"insert into confidential.check_restatement ({names}, is_unpublished) values ({marks}, true)",
                    list(figure.values()),
                )
                insert_flag(connection, flag_code="restated", severity="warns", message="fra 7 til 15", **figure)
        return self._save(build_id, day, flags_by_severity={"warns": len(figures)}, is_held=True)

    def _copy_of_the_build(self, build_id: str) -> Path:
        source = next(self.paths.warehouse(at.name) for at in self.paths.builds.iterdir() if at.name != build_id)
        target = self.paths.warehouse(build_id)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)
        return target

    def _save(self, build_id: str, day: date, **facts: object) -> BuildRecord:
        started_at = datetime.now(UTC).isoformat()
        return Builds(self.paths).save(BuildRecord(build_id=build_id, as_of=day, started_at=started_at, **facts))


def insert_flag(connection: duckdb.DuckDBPyConnection, **columns: object) -> None:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"insert into quality.flag ({names}) values ({marks})", list(columns.values()))


@pytest.fixture
def nights(sample_night, tmp_path: Path) -> Nights:
    source = Paths.of(sample_night[0])
    home = tmp_path / "home"
    for folder in (source.journal, source.publications, source.current.parent):
        shutil.copytree(folder, home / folder.name, symlinks=True)
    build = sample_night[1].build
    shutil.copytree(source.build(build.build_id), Paths(home).build(build.build_id))
    return Nights(replace(sample_night[0], home=home))


@pytest.fixture
def flags_in_force() -> Callable[[Nights], list[tuple]]:
    def read(nights: Nights) -> list[tuple]:
        with reading(nights.paths.current / PUBLICATION_FILE) as connection:
            return connection.execute("select severity, flag_code, message from quality.flag").fetchall()

    return read
