"""`omraadetal serve`: what a browser on this machine gets, and what nobody gets."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psycopg
import pytest

from nightly import serving
from publish.contract import CONTRACT_FILE
from vocabulary.errors import NothingPublished, PortTaken, PublicationWithoutContract
from warehouse.connections import writing
from warehouse.paths import PUBLICATION_FILE, Paths, swap_link
from warehouse.publications import RECORD_FILE

OMRAADETAL = Path(sys.executable).with_name("omraadetal")


@dataclass(frozen=True)
class Running:
    """A server that was started as a user does."""

    process: subprocess.Popen
    url: str
    paths: Paths

    def get(self, path: str, **options) -> httpx.Response:
        return httpx.get(httpx.URL(self.url).join(path) if path.startswith("/") else path, trust_env=False, **options)


def copied(sample_night, home: Path) -> Paths:
    source, copy = Paths.of(sample_night[0]), Paths(home)
    for folder in (source.journal, source.publications, source.current.parent):
        shutil.copytree(folder, copy.home / folder.name, symlinks=True)
    return copy


@pytest.fixture
def home(sample_night, tmp_path) -> Paths:
    return copied(sample_night, tmp_path / "home")


@contextmanager
def running(home: Paths) -> Iterator[Running]:
    process = subprocess.Popen(
        [OMRAADETAL, "serve", "--home", home.home], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line + process.stdout.read()
    yield Running(process, found.group(), home)
    if process.poll() is None:
        process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture(scope="module")
def site(sample_night, tmp_path_factory) -> Iterator[Running]:
    """For tests that only read; `own_site` is for those that publish or end it."""
    with running(copied(sample_night, tmp_path_factory.mktemp("site") / "home")) as one:
        yield one


@pytest.fixture
def own_site(home) -> Iterator[Running]:
    with running(home) as one:
        yield one


def raw(url: str, request: str) -> str:
    """The answer to a request that no well-behaved client would send."""
    parts = httpx.URL(url)
    with socket.create_connection((parts.host, parts.port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.decode(errors="replace")


def test_every_address_of_the_front_page_is_there(site):
    page = site.get("/").text
    assert site.paths.current.resolve().name in page and "1. november 2025" in page
    addresses = re.findall(r'href="([^"]+)"', page)
    assert {"/udgivelse/omraadetal.duckdb", "/udgivelse/report/rapport.html"} < set(addresses)
    assert len(addresses) > 20
    for address in addresses:
        answer = site.get(address)
        assert answer.status_code == 200 and answer.content, address


def test_files_are_the_published_bytes_and_can_be_read_in_part(site):
    file = (site.paths.current / PUBLICATION_FILE).read_bytes()
    assert site.get("/udgivelse/omraadetal.duckdb").content == file
    part = site.get("/udgivelse/omraadetal.duckdb", headers={"Range": "bytes=8-11"})
    assert part.status_code == 206 and part.content == file[8:12]


OUTSIDE = [
    "/udgivelse/../../run.lock",
    "/udgivelse/report/../../../journal",
    "/udgivelse/report/%2e%2e/%2e%2e/%2e%2e/run.lock",
    "/udgivelse/report/..%2f..%2f..%2frun.lock",
    "/udgivelse/report/..\\..\\..\\run.lock",
    "/udgivelse//etc/passwd",
    "/udgivelse/report/link.html",
    "/udgivelse/report/.hidden.html",
    "/udgivelse/report",
    "/udgivelse/report/",
    "/udgivelse/",
    "/udgivelse/notes.txt",
    "/dokumentation/manifest.json",
    "/dokumentation/../run.lock",
    "/journal/",
    "/../../etc/passwd",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_is_there(site, path):
    """Each of these files exists, so that a 404 says something."""
    folder = site.paths.current.resolve()
    secret = site.paths.home / "run.lock"
    for file in (secret, folder / "notes.txt", folder / "report" / ".hidden.html", site.paths.docs / "manifest.json"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("a secret")
    (folder / "report" / "link.html").unlink(missing_ok=True)
    (folder / "report" / "link.html").symlink_to(secret)
    answer = raw(site.url, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 404 ") and "a secret" not in answer


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_a_page_from_elsewhere_is_refused_by_the_name_it_calls(site, host):
    answer = raw(site.url, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 400 ") and "Områdetal" not in answer


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765"])
def test_this_machine_may_be_called_by_its_names(site, host):
    assert site.get("/", headers={"Host": host}).status_code == 200


def test_it_can_only_be_read(site):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        for path in ("/", "/udgivelse/omraadetal.duckdb"):
            answer = httpx.request(method, httpx.URL(site.url).join(path), trust_env=False)
            assert answer.status_code == 405, (method, path)
    head = httpx.head(site.url, trust_env=False)
    assert head.status_code == 200 and not head.content


def test_nobody_on_another_address_can_connect(site):
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", httpx.URL(site.url).port), timeout=2):
        pass


@pytest.mark.parametrize("path", ["/", "/udgivelse/report/rapport.html", "/udgivelse/data_docs/index.html", "/nothing"])
def test_pages_may_load_and_send_nothing(site, path):
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "form-action 'none'" in policy and "http" not in policy
    assert "connect-src" not in policy and "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers and "access-control-allow-origin" not in headers


def test_another_publication_is_seen_at_once(own_site):
    before = own_site.paths.current.resolve()
    after = own_site.paths.publication("2025-11-02-00000001")
    shutil.copytree(before, after)
    (after / "publication.json").write_text((before / "publication.json").read_text().replace(before.name, after.name))
    assert after.name not in own_site.get("/").text
    swap_link(own_site.paths.current, after)
    assert after.name in own_site.get("/").text
    shutil.rmtree(before)
    assert own_site.get("/udgivelse/report/rapport.html").status_code == 200


def test_a_rollback_is_told(own_site, sample_night):
    before = own_site.paths.current.resolve()
    later = own_site.paths.publication("2025-11-02-00000001")
    shutil.copytree(before, later)
    swap_link(own_site.paths.current, later)
    serving.rollback(
        replace(sample_night[0], home=own_site.paths.home), before.name, role="projektleder", reason="Fejl <b>i</b> fil"
    )
    page = own_site.get("/").text
    assert "Hentet frem igen" in page and "projektleder" in page and "Fejl &lt;b&gt;i&lt;/b&gt; fil" in page


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_told_to(own_site, number):
    assert own_site.get("/").status_code == 200
    own_site.process.send_signal(number)
    assert own_site.process.wait(10) == 0
    assert "Traceback" not in own_site.process.stdout.read()


def test_a_taken_port_is_told(home, sample_night):
    settings = replace(sample_night[0], home=home.home)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1"), serving.open_site(settings, port=port):
            pass


def test_where_nothing_is_published_nothing_is_served(settings):
    with pytest.raises(NothingPublished), serving.open_site(settings):
        pass


def is_running(home: Paths) -> bool:
    return bool(list(home.postgres.rglob("postmaster.pid")))


def shown_by(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute("select distinct publication_id from marts.fct_figure").fetchone()[0]


def test_the_database_follows_what_is_in_force(home, sample_night, monkeypatch):
    monkeypatch.setattr(serving, "LOOK_EVERY_SECONDS", 0.1)
    first = home.current.resolve()
    other = first.with_name("2025-11-02-00000002")
    shutil.copytree(first, other)
    contract = (other / CONTRACT_FILE).read_bytes()
    (other / CONTRACT_FILE).unlink()  # so that the first loads of it fail
    record = json.loads((other / RECORD_FILE).read_text())
    (other / RECORD_FILE).write_text(json.dumps(record | {"publication_id": other.name}))
    (other / PUBLICATION_FILE).chmod(0o600)
    with writing(other / PUBLICATION_FILE) as connection:
        connection.execute(f"update marts.fct_figure set publication_id = '{other.name}'")
    with serving.open_site(replace(sample_night[0], home=home.home)) as site:
        assert shown_by(site.connection) == first.name
        swap_link(home.current, other)
        time.sleep(0.5)
        assert shown_by(site.connection) == first.name, "what cannot be loaded leaves what was there"
        (other / CONTRACT_FILE).write_bytes(contract)
        for _ in range(300):
            if shown_by(site.connection) == other.name:
                break
            time.sleep(0.1)
        assert shown_by(site.connection) == other.name
    assert not is_running(home)


def test_a_password_stands_on_no_page(home):
    from publish.front_page import DatabaseAddress, write_front_page

    page = write_front_page(home, DatabaseAddress.of("postgresql://bi:secret@127.0.0.1:5999/omraadetal"))
    assert "5999" in page and "secret" not in page


def test_a_database_that_cannot_be_loaded_is_stopped(home, sample_night):
    (home.current / CONTRACT_FILE).unlink()
    settings = replace(sample_night[0], home=home.home)
    with pytest.raises(PublicationWithoutContract), serving.open_site(settings):
        pass
    assert home.postgres.exists() and not is_running(home)
