"""The dashboards as a user sees them: the real Superset, a login, a browser; where `make superset` installed it."""

import os
import re
import shutil
import socket
import stat
import time
from dataclasses import replace

import pytest
import yaml

from nightly import dashboards
from publish.superset.set_up import ASSETS, bundle
from tests.publish.superset.browser import open_page
from vocabulary.errors import PortTaken, SupersetMissing
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LOG_IN = """(() => {
    const write = (field, text) => {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
        field.dispatchEvent(new Event("input", {bubbles: true}));
    };
    const fields = [...document.querySelectorAll("input")];
    write(fields.find(one => one.type === "text"), USER);
    write(fields.find(one => one.type === "password"), PASSWORD);
    document.querySelector("button[type=submit]").click();
})()"""


def log_in(page, running):
    """Again until it is done: the form may be shown before it listens."""
    script = LOG_IN.replace("USER", f"'{running.user}'").replace("PASSWORD", f"'{running.password}'")
    for _ in range(20):
        page.run(f"!!document.querySelector('input[type=password]') && {script}")
        time.sleep(4)
        if page.run("!location.pathname.startsWith('/login')"):
            return
    raise AssertionError(page.run("document.body.innerText"))


def assets(folder):
    return [yaml.safe_load(path.read_text()) for path in sorted((ASSETS / folder).glob("*.yaml"))]


def test_what_the_dashboards_name_is_published(sample_night):
    """Without Superset: every dataset runs on the published tables, and every chart names columns that it has."""
    datasets = {one["uuid"]: one for one in assets("datasets")}
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        tables = {f"curated.{row[0]}" for row in connection.execute("show tables from curated").fetchall()}
    for one in datasets.values():
        named = set(re.findall(r"(?:from|join) (curated\.\w+)", one["sql"]))
        assert named and named <= tables, one["table_name"]
        assert not re.search(r"\b(marts|quality)\.", one["sql"]), "dashboards read what the board reads"
    charts = {one["uuid"]: one for one in assets("charts")}
    for chart in charts.values():
        dataset = datasets[chart["dataset_uuid"]]
        columns = {column["column_name"] for column in dataset["columns"]}
        metrics = {metric["metric_name"] for metric in dataset["metrics"]}
        params = chart["params"]
        used = {*params.get("all_columns", ()), *params.get("groupby", ())} | {
            one["subject"] for one in params["adhoc_filters"]
        }
        used |= {params["x_axis"]} if "x_axis" in params else set()
        assert used <= columns, chart["slice_name"]
        assert {*params.get("metrics", ()), *([params["metric"]] if "metric" in params else ())} <= metrics
    (dashboard,) = assets("dashboards")
    placed = {
        one["meta"]["uuid"]
        for one in dashboard["position"].values()
        if isinstance(one, dict) and one["type"] == "CHART"
    }
    assert placed == set(charts)


def test_no_address_of_a_database_stands_in_the_code():
    text = "".join(path.read_text() for path in ASSETS.rglob("*.yaml"))
    assert "postgresql" not in text
    filled = bundle("postgresql://bi:word@127.0.0.1:5999/omraadetal")["databases/omraadetal.yaml"]
    assert yaml.safe_load(filled)["sqlalchemy_uri"] == "postgresql+psycopg2://bi:word@127.0.0.1:5999/omraadetal"


def test_without_superset_it_is_said_how_to_get_it(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(dashboards, "PROGRAMS", tmp_path / "bin")
    with pytest.raises(SupersetMissing, match="make superset"), dashboards.open_dashboards(settings):
        pass


def test_a_taken_port_is_told(settings, monkeypatch, tmp_path):
    """With programs in Superset's place that do nothing."""
    (tmp_path / "bin").mkdir()
    for name in ("superset", "python"):
        (tmp_path / "bin" / name).symlink_to("/bin/true")
    monkeypatch.setattr(dashboards, "PROGRAMS", tmp_path / "bin")
    asked = replace(settings, bi_url="postgresql://bi:word@127.0.0.1:5999/omraadetal")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} "), dashboards.open_dashboards(asked, port=port):
            pass


@pytest.mark.skipif(not (dashboards.PROGRAMS / "superset").exists(), reason="`make superset` was not run here")
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_user_logs_in_and_finds_the_figures(sample_night, tmp_path):
    home = tmp_path / "home"
    for name in ("publications", "published"):
        shutil.copytree(sample_night[0].home / name, home / name, symlinks=True)
    settings = replace(sample_night[0], home=home)
    with dashboards.open_dashboards(settings) as running, open_page(BROWSER) as page:
        page.go(f"{running.url}login/")
        page.wait_for("!!document.querySelector('input[type=password]')")
        log_in(page, running)
        page.go(running.dashboard_url)
        text = page.wait_for("document.body.innerText.includes('1.663') && document.body.innerText")
        page.wait_for("document.querySelectorAll('canvas').length >= 2")
        page.wait_for("document.body.innerText.includes('Bed kilden om leverancen')")
        if os.environ.get("OMRAADETAL_PICTURE"):
            page.picture(tmp_path.with_name("dashboard.png"))
        text = page.run("document.body.innerText")
    assert "Områdetal – opfølgning" in text and "ikke nået" in text and "opgøres ikke" in text
    for wrong in ("Unexpected error", "Error:", "No results", "does not exist", "permission denied"):
        assert wrong not in text
    secrets = [home / "superset" / name for name in ("secret_key", "admin_password")]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secrets)
    assert not list(Paths(home).postgres.rglob("postmaster.pid")), "what was started is stopped"
