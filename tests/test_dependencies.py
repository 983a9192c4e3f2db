"""Dependencies are locked with hashes, set up from the lock only, and audited where the service can be reached."""

import json
import re
import subprocess
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vocabulary.settings import PROJECT_ROOT

LOCK = tomllib.loads((PROJECT_ROOT / "uv.lock").read_text())
PACKAGES = [package for package in LOCK["package"] if package["source"] != {"editable": "."}]
HOSTS = {"pypi.org", "files.pythonhosted.org"}
AUDIT = PROJECT_ROOT / ".ci" / "audit"
UNREACHABLE = "http://127.0.0.1:1"


def test_every_package_of_ours_is_listed_with_those_within_it():
    listed = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    rooms = {name.partition(".")[0] for name in listed}
    files = [file for room in rooms for file in (PROJECT_ROOT / room).rglob("__init__.py")]
    assert sorted(listed) == sorted(".".join(file.parent.relative_to(PROJECT_ROOT).parts) for file in files)


def test_every_file_of_every_package_has_a_hash_and_comes_from_pypi():
    assert len(PACKAGES) > 100
    for package in PACKAGES:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files, package["name"]
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"]) for file in files), package["name"]
    assert set(re.findall(r"https?://([^/\"]+)", (PROJECT_ROOT / "uv.lock").read_text())) == HOSTS


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_set_up_takes_what_is_locked_and_nothing_newer(file):
    text = (PROJECT_ROOT / file).read_text()
    commands = re.findall(r"uv sync .*", text)
    assert commands and all("--locked" in command for command in commands)
    assert not re.findall(r"pip install (?!.*\"uv)", text), "pip knows no lock; it may fetch uv and nothing else"


@pytest.fixture
def service():
    """A vulnerability service that knows something of the first package it is asked of, or of none: service(count)."""
    found = {}

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
            known = {"vulns": [{"id": "OSV-1", "modified": "2026-01-01T00:00:00Z"}]}
            self.answer({"results": [known if at < found["count"] else {} for at in range(len(asked))]})

        def do_GET(self):
            self.answer({"id": "OSV-1", "modified": "2026-01-01T00:00:00Z", "summary": "bad", "affected": []})

        def answer(self, content):
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def with_findings(count):
        found["count"] = count
        return f"http://127.0.0.1:{server.server_port}"

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield with_findings
        server.shutdown()


def audit(*arguments):
    return subprocess.run([AUDIT, *arguments], capture_output=True, text=True, check=False)


def test_a_vulnerable_package_fails_the_audit_and_a_clean_lock_passes(service):
    assert audit("--service-url", service(0)).returncode == 0
    done = audit("--service-url", service(1))
    assert done.returncode == 1 and "OSV-1" in done.stdout and "NOT AUDITED" not in done.stderr


def test_a_service_that_is_not_there_is_said_and_is_no_finding():
    done = audit("--service-url", UNREACHABLE)
    assert done.returncode == 0 and "NOT AUDITED" in done.stderr


def test_an_audit_that_goes_wrong_is_no_closed_line():
    done = audit("--no-such-option")
    assert done.returncode != 0 and "NOT AUDITED" not in done.stderr
