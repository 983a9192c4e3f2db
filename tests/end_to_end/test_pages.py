"""The published pages load nothing from outside and send nothing: asked of a browser, with bait in each page."""

import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from publish.pages import QUALITY_FILE, REPORT_FILE
from warehouse.paths import DATA_DOCS

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
BAIT = """
<img src="{0}/img"><link rel="stylesheet" href="{0}/css"><script src="{0}/script"></script>
<iframe src="{0}/frame"></iframe>
<style>@import "{0}/import"; body {{ background: url({0}/url) }}</style><object data="{0}/object"></object>
<video src="{0}/video"></video><script>fetch("{0}/fetch"); navigator.sendBeacon("{0}/beacon")</script>
"""
FROM_OUTSIDE = re.compile(
    r"""(?:src|srcset|data|action|poster)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
)
STYLESHEET = re.compile(r"""<link\b[^>]*href=["'](?:https?:)?//|@import""")


@pytest.fixture(scope="module")
def pages(sample_night):
    folder = sample_night[1].publication
    found = [folder / "report" / REPORT_FILE, folder / "report" / QUALITY_FILE, *(folder / DATA_DOCS).rglob("*.html")]
    assert len(found) > 4
    return found


@pytest.fixture
def outside():
    """A server that is not the page's own; its address, and what was asked of it."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture
def browse(tmp_path):
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} on PATH")

    def open_page(text):
        page = tmp_path / "side.html"
        page.write_text(text, encoding="utf-8")
        command = [program, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
        subprocess.run(command, capture_output=True, check=True, timeout=120)

    return open_page


def test_every_page_has_a_policy_that_begins_with_nothing_and_names_no_address(pages):
    for page in pages:
        text = page.read_text()
        [policy] = POLICY.findall(text)
        assert policy.startswith("default-src 'none'") and "http" not in policy and "*" not in policy, page.name
        assert "unsafe-eval" not in policy and "script-src 'unsafe-inline'" not in policy, page.name
        assert not FROM_OUTSIDE.search(text) and not STYLESHEET.search(text), page.name


@pytest.mark.parametrize("name", [REPORT_FILE, QUALITY_FILE, "index.html"])
def test_bait_in_a_page_is_not_taken(pages, browse, outside, name):
    address, asked = outside
    page = next(page for page in pages if page.name == name)
    baited = page.read_text().replace("</body>", f"{BAIT.format(address)}</body>")
    browse(baited)
    assert asked == []
    browse(POLICY.sub("", baited))
    assert asked, "the bait is none: without the policy it must be taken"
