"""The quality page: every figure and flag is there, nothing of what is hidden; it filters, and loads nothing."""

import re
import shutil
import subprocess
import threading
from functools import partial
from html import unescape
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from publish import quality_facts
from publish.pages import QUALITY_FILE, REPORT_FILE, TEMPLATES
from publish.quality_page import write_quality_page
from publish.quality_words import state_of_figures, state_of_flags
from vocabulary.states import Severity, ValueState
from warehouse.connections import reading, writing
from warehouse.paths import PUBLICATION_FILE, Paths

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ANCHOR = "agreement_id || '.' || indicator_id || '.' || area_id || '.' || year_key"


class Tags(HTMLParser):
    """The start tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]

    def flags(self) -> list[dict[str, str | None]]:
        return [row for row in self.named("tr") if "data-alvor" in row]

    def areas(self) -> list[dict[str, str | None]]:
        """The rows of the grids."""
        return [row for row in self.named("tr") if "data-omraade" in row and "data-alvor" not in row]


@pytest.fixture(scope="module")
def folder(sample_night):
    return sample_night[1].publication


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report" / QUALITY_FILE).read_text()


@pytest.fixture(scope="module")
def tags(page):
    return Tags(page)


@pytest.fixture(scope="module")
def ask(folder):
    def rows(query):
        with reading(folder / PUBLICATION_FILE) as connection:
            return connection.execute(query).fetchall()

    return rows


@pytest.fixture
def copied(folder, tmp_path):
    """The publication's database in a folder of the test's own, to change and write the page of."""

    def change(*statements):
        shutil.copyfile(folder / PUBLICATION_FILE, tmp_path / PUBLICATION_FILE)
        with writing(tmp_path / PUBLICATION_FILE) as connection:
            for statement in statements:
                connection.execute(statement)
        return write_quality_page(tmp_path).read_text()

    return change


@pytest.fixture(scope="module")
def browse(tmp_path_factory):
    """The page as a browser has it once its script has run: browse(address) -> Tags."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} on PATH")
    profile = tmp_path_factory.mktemp("profile")

    def dom(address):
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        done = subprocess.run(
            [*command, f"--user-data-dir={profile}", "--dump-dom", address],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return Tags(done.stdout)

    return dom


def explained(page, anchor):
    """The cells of a figure's row among the explanations, tags taken away."""
    row = re.search(rf'<tr id="{re.escape(anchor)}">(.*?)</tr>', page, re.DOTALL).group(1)
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]


def test_every_figure_has_a_cell_with_its_state_and_an_explanation_to_go_to(page, tags, ask):
    cells = {link["href"][1:]: link for link in tags.named("a") if link.get("class")}
    figures = ask(f"select {ANCHOR}, value_state, flag_count from marts.indicator_by_area_year")
    assert {anchor: link["class"] for anchor, link in cells.items()} == {anchor: state for anchor, state, _ in figures}
    ids = [row["id"] for row in tags.named("tr") if "id" in row]
    assert sorted(ids) == sorted(anchor for anchor, _, _ in figures)
    for anchor, _, count in figures:
        assert (f", {count} fund" in cells[anchor]["aria-label"]) == (count > 0), anchor


def test_every_flag_is_listed_with_its_message(page, tags, ask):
    flags = ask("select severity, area_id, message from quality.flag")
    assert sorted((row["data-alvor"], row["data-omraade"]) for row in tags.flags()) == sorted(
        (severity, area or "uden") for severity, area, _ in flags
    )
    text = unescape(page)
    assert all(message in text for _, _, message in flags)


def test_an_explanation_names_value_files_and_rows(page, ask):
    anchor, value, files = ask(
        f"select {ANCHOR}, any_value(value)::integer, list(file_name || ', ' || rows_count) "
        "from marts.indicator_by_area_year inner join marts.figure_source "
        "using (agreement_id, indicator_id, area_id, year_kind, year) "
        "where unit = 'antal' and value between 3 and 999 and is_in_force group by 1 having count(*) > 1 order by 1"
    )[0]
    year, shown, _, told, _ = explained(page, anchor)
    assert year and shown == str(value)
    for file in files:
        name, rows = file.rsplit(", ", 1)
        assert name in told and f": {rows} rækker" in told


def test_a_suppressed_figure_is_shown_without_any_number(page, ask, sample_night):
    settings, night = sample_night
    hidden = [
        row[0] for row in ask(f"select {ANCHOR} from marts.indicator_by_area_year where value_state='suppressed'")
    ]
    with reading(Paths.of(settings).warehouse(night.build.build_id)) as connection:
        known = connection.execute(f"select {ANCHOR}, value from confidential.indicator_figure").fetchall()
    true = dict(known)
    assert hidden and all(true[anchor] is not None for anchor in hidden)
    for anchor in hidden:
        _, shown, flags, files, _ = explained(page, anchor)
        assert shown == "skjult" and flags == "" and "rækker" not in files


def test_what_was_shown_of_a_figure_before_it_was_hidden_stays_hidden(copied, ask):
    grain = "agreement_id, indicator_id, area_id, year_kind, year"
    hidden = f"select {grain} from marts.indicator_by_area_year where value_state = 'suppressed'"
    first = f"(({grain}) in (select * from ({hidden}) order by all limit 1))"
    told = copied(
        "create table earlier as select * replace (87654321 as value, 'observed' as value_state, "
        "'earlier' as valid_from_publication, published_at - interval 1 year as published_at) "
        f"from marts.figure_history where {first}",
        "insert into marts.figure_history from earlier",
    )
    anchor = ask(f"select {ANCHOR} from marts.indicator_by_area_year where {first}")[0][0]
    history = explained(told, anchor)[4]
    assert "87654321" not in told.replace(".", "") and history.count("skjult") == 2


def test_links_lead_to_something_and_ids_are_unique(tags, folder):
    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for href in (link["href"] for link in tags.named("a")):
        assert href[1:] in ids if href.startswith("#") else (folder / "report" / href).is_file(), href
    report = Tags((folder / "report" / REPORT_FILE).read_text())
    assert QUALITY_FILE in {link["href"] for link in report.named("a")}


def test_nothing_is_hidden_where_no_script_runs(tags):
    assert not any("hidden" in row for row in (*tags.flags(), *tags.areas(), *tags.named("section", "table", "td")))
    assert all("open" in details for details in tags.named("details"))
    assert all("hidden" in form for form in tags.named("form"))


def test_the_page_can_be_read_aloud(tags):
    assert tags.named("html")[0]["lang"] == "da"
    assert all(heading.get("scope") in {"col", "row", "rowgroup"} for heading in tags.named("th"))
    levels = [int(tag[1]) for tag, _ in tags.found if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_ink_can_be_read_on_every_ground():
    style = "".join((TEMPLATES / name).read_text() for name in ("side.css", "aarsrapport.css", "kvalitet.css"))
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", style))
    inks = set(re.findall(r"[{;] ?color: var\(--([a-z]+)\)", style))
    grounds = set(re.findall(r"background: var\(--([a-z]+)\)", style))
    assert not re.search(r"(color|background): #", style) and {"ink", "soft"} <= inks and {"paper", "red"} <= grounds

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for ink in inks:
        for ground in grounds:
            lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, ground)


def test_the_page_stays_small(page, ask):
    figures = ask("select count(*) from marts.fct_figure")[0][0]
    assert len(page.encode()) < 50_000 + 1_000 * figures


def test_the_same_publication_gives_the_same_page(copied, page):
    assert copied() == page


def test_markup_in_a_delivered_name_is_text(copied):
    told = copied("update quality.flag set file_name = '<script>alert(1)</script>', message = '<img src=x>'")
    assert "&lt;script&gt;alert" in told and len(Tags(told).named("script")) == 1 and not Tags(told).named("img")


def test_an_acknowledged_flag_says_by_whom_why_and_until_when(copied, page):
    assert "Kendt til" not in page
    told = copied(
        "update quality.flag set acknowledged_until = '2026-03-01', acknowledged_by = 'projektlederen', "
        "acknowledged_reason = 'filen er lovet' where flag_code = 'missing_figure'",
    )
    assert "Kendt til 1. marts 2026: filen er lovet (projektlederen)" in told


def test_a_publication_from_before_acknowledgements_is_told_too(copied, page):
    columns = ("acknowledged_until", "acknowledged_by", "acknowledged_reason")
    assert copied(*(f"alter table quality.flag drop column {column}" for column in columns)) == page


def test_a_flag_may_name_a_year_of_both_kinds(copied, page):
    told = copied("update quality.flag set year_kind = null where flag_code = 'missing_figure' and year = 2020")
    assert "tallet mangler" in told and len(Tags(told).flags()) == len(Tags(page).flags())


def test_more_figures_than_a_page_can_show_are_cut_to_those_that_need_attention(copied, ask, monkeypatch):
    monkeypatch.setattr(quality_facts, "MOST_FIGURES", 20)
    monkeypatch.setattr(quality_facts, "MOST_FLAGS", 3)
    told = copied()
    speaking = ask(
        "select count(*) from marts.fct_figure semi join "
        "(select * from marts.fct_figure where flag_count > 0 or value_state = 'missing') "
        "using (agreement_id, indicator_id, area_id, year_kind)"
    )[0][0]
    everything, flags = ask("select count(*), (select count(*) from quality.flag) from marts.fct_figure")[0]
    shown = [row for row in Tags(told).named("tr") if "id" in row]
    assert len(shown) == min(20, speaking) and len(Tags(told).flags()) == 3
    assert f"Yderligere {everything - len(shown)} tal" in told and f"Yderligere {flags - 3} fund" in told


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ({ValueState.OBSERVED: 4, ValueState.SUPPRESSED: 1, ValueState.NOT_DUE: 7}, "Alle 5 tal, der skulle"),
        ({ValueState.OBSERVED: 4, ValueState.MISSING: 2}, "2 af de 6 tal, der skulle foreligge, mangler."),
        ({ValueState.MISSING: 1, ValueState.INCOMPLETE: 2}, "mangler. 2 af 3 er kun delvist dækket"),
    ],
)
def test_the_state_in_a_sentence(states, told):
    assert told in state_of_figures(states)


def test_the_findings_in_a_sentence():
    assert state_of_flags({Severity.WARNS: 1, Severity.NOTES: 8}) == (
        "Kontrollen har fundet 1 advarsel og 8 bemærkninger."
    )
    assert state_of_flags({}) == "Kontrollen har ikke fundet noget."


def test_a_filter_in_the_address_shows_the_rows_that_fit(browse, folder, ask):
    area, severity = ask("select area_id, severity from quality.flag where area_id is not null order by all desc")[0]
    found = browse(f"{(folder / 'report' / QUALITY_FILE).as_uri()}#omraade={area}&alvor={severity}")
    shown = [row for row in found.flags() if "hidden" not in row]
    expected = ask(f"select count(*) from quality.flag where area_id = '{area}' and severity = '{severity}'")[0][0]
    assert len(shown) == expected < len(found.flags())
    assert {(row["data-omraade"], row["data-alvor"]) for row in shown} == {(area, severity)}
    headings = [body for body in found.named("tbody") if body.get("class") == "finding" and "hidden" not in body]
    codes = f"select count(distinct flag_code) from quality.flag where area_id = '{area}' and severity = '{severity}'"
    assert len(headings) == ask(codes)[0][0]
    series = ask(
        "select count(distinct (agreement_id, indicator_id, year_kind)) from quality.flag semi join marts.fct_figure "
        "using (agreement_id, indicator_id, area_id, year_kind, year) "
        f"where area_id = '{area}' and severity = '{severity}'"
    )[0][0]
    rows = [row["data-omraade"] for row in found.areas() if "hidden" not in row]
    assert rows == [area] * series


def test_a_year_in_the_address_leaves_its_column(browse, folder, ask):
    label = ask("select year_label from marts.dim_year where year_kind = 'agreement' order by 1")[0][0]
    found = browse(f"{(folder / 'report' / QUALITY_FILE).as_uri()}#aar={label}")
    assert {head["data-aar"] for head in found.named("th") if "data-aar" in head and "hidden" not in head} == {label}
    grids = [section for section in found.named("section") if section.get("class") == "grid"]
    assert sum("hidden" not in section for section in grids) == 1 < len(grids)


def test_a_link_to_a_figure_unfolds_its_indicator_only(browse, folder, ask):
    anchor, indicator = ask(
        f"select {ANCHOR}, agreement_id || '.' || indicator_id from marts.indicator_by_area_year order by 1"
    )[0]
    found = browse(f"{(folder / 'report' / QUALITY_FILE).as_uri()}#{anchor}")
    assert [details["id"] for details in found.named("details") if "open" in details] == [indicator]
    assert not any("hidden" in row for row in (*found.flags(), *found.areas()))


def test_the_page_asks_for_nothing_but_itself(browse, page, tags, folder):
    asked = []

    class Remembering(SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *_):
            pass

    handler = partial(Remembering, directory=folder / "report")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = browse(f"http://127.0.0.1:{server.server_port}/{QUALITY_FILE}")
        server.shutdown()
    assert found.flags() and set(asked) <= {f"/{QUALITY_FILE}", "/favicon.ico"}
    policy = next(meta["content"] for meta in tags.named("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "http" not in policy
    assert not re.search(r"https?://|@import|url\(|fetch\(", page)
    assert not any(name in attributes for _, attributes in tags.found for name in ("src", "style", "onclick", "srcset"))
