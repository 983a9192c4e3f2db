"""The page: it loads nothing, its parts are in order, its links lead somewhere, and it fits a telephone."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from publish.pages import TEMPLATES
from publish.report.html import Links, render_html
from tests.publish.report.sample import sample_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
LEAST_CONTRAST = 4.5


class Tags(HTMLParser):
    """The start tags of a page, with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]


@pytest.fixture
def tags(case, page_of):
    return Tags(page_of(case))


def test_headings_go_down_one_level_at_a_time(tags):
    levels = [int(tag[1]) for tag, _ in tags.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels


def test_every_link_within_the_page_leads_to_one_place(tags):
    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [link["href"] for link in tags.named("a")]
    assert targets and {target[1:] for target in targets if target.startswith("#")} <= set(ids)
    assert {target for target in targets if not target.startswith("#")} == {
        "rapport.pdf",
        "bilag.xlsx",
        "kvalitet.html",
    }


def test_notes_and_figures_lead_to_each_other(page_of):
    tags = Tags(page_of("sample_report"))
    for letter in "abcde":
        links = [link["href"] for link in tags.named("a")]
        assert links.count(f"#tal-{letter}") == 1 and links.count(f"#note-{letter}") > 1


def test_links_that_are_not_there_are_left_out():
    targets = [link["href"] for link in Tags(render_html(sample_report(), links=Links(pdf="a.pdf"))).named("a")]
    assert {target for target in targets if not target.startswith("#")} == {"a.pdf"}


def test_every_table_has_a_caption_and_headers_with_scope(tags):
    names = [tag for tag, _ in tags.found]
    assert names.count("table") == names.count("caption")
    assert all(header.get("scope") in {"col", "row", "rowgroup"} for header in tags.named("th"))
    assert all(drawing.get("aria-label") for drawing in tags.named("svg"))


def test_nothing_of_the_page_is_refused_by_its_own_policy(tags, case, page_of):
    assert not [attributes for _, attributes in tags.found if "style" in attributes or "src" in attributes]
    assert not tags.named("script", "img", "link", "iframe")
    assert "default-src 'none'" in page_of(case) and "script-src 'none'" in page_of(case)


def test_delivered_text_is_text(page_of):
    page = page_of("markup")
    assert "<b>" not in page and "&lt;b&gt;&amp;amp;&lt;/b&gt;" in page
    assert "{{ 7 * 7 }} {% raw %}" in page


def test_equal_reports_give_equal_pages(page_of):
    assert render_html(sample_report(), links=Links("rapport.pdf", "bilag.xlsx", "kvalitet.html")) == page_of(
        "sample_report"
    )


def test_colours_of_text_stand_out_from_paper_and_bands():
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", (TEMPLATES / "side.css").read_text()))

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for name in ("ink", "soft", "good", "bad", "open", "link"):
        for ground in ("paper", "band"):
            dark, light = sorted((luminance(colours[name]), luminance(colours[ground])))
            assert (light + 0.05) / (dark + 0.05) >= LEAST_CONTRAST, f"{name} on {ground}"


@pytest.mark.parametrize("name", ["sample_report", "long_names", "many_areas", "strange_numbers"])
def test_a_browser_shows_it_as_wide_as_a_telephone_without_a_complaint(name, page_of, tmp_path):
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if browser is None:
        pytest.skip("no browser on this machine")
    (tmp_path / "rapport.html").write_text(page_of(name))
    (tmp_path / "maal.html").write_text(
        '<iframe src="rapport.html" style="width:360px;height:900px"></iframe><script>'
        "onload = () => { const d = frames[0].document.documentElement;"
        "document.title = d.scrollWidth + ' ' + frames[0].document.querySelectorAll('svg').length }</script>"
    )
    ran = subprocess.run(
        [browser, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--allow-file-access-from-files",
         "--enable-logging=stderr", "--virtual-time-budget=4000", "--dump-dom", (tmp_path / "maal.html").as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    width, drawings = re.search(r"<title>(\d+) (\d+)</title>", ran.stdout).groups()
    assert int(drawings) == page_of(name).count("<svg") > 0
    assert int(width) <= 360, f"{width} pixels wide"
    assert "Content Security Policy" not in ran.stderr and "Refused" not in ran.stderr
