"""StatBank's tables, asked for by the shipped descriptor, are read as the same tables exported by hand."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cli.demo import sqlite_environment
from ingest.descriptor import read_descriptors
from nightly import stages
from nightly.refreshing import refresh_table
from tests.statbank_samples import EXPORTS, VARIABLES, exported
from tests.statbank_server import StatbankServer
from vocabulary.settings import PROJECT_ROOT, local_date
from warehouse.connections import reading
from warehouse.paths import Paths

FIGURES = """
    select indicator_id, area_id, year_kind, year, value
    from confidential.indicator_figure
    where indicator_id in ('beskaeftigelsesfrekvens', 'disponibel_indkomst') and value is not null
    order by all
"""


@pytest.fixture
def bank(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with StatbankServer() as server:
        for table in VARIABLES:
            server.add(exported(table))
        yield server


@pytest.fixture(params=[("JSONSTAT", 1_000_000), ("XLSX", 4_000)], ids=["JSON-stat", "workbooks in pieces"])
def asking(request, settings, bank, tmp_path):
    """Settings whose StatBank is the one on this machine, and whose sources are the shipped ones in another form."""
    form, most_cells = request.param
    sources = tmp_path / "sources"
    sources.mkdir()
    for path in (PROJECT_ROOT / "ingest" / "sources").glob("*.yaml"):
        text = path.read_text().replace("  format: JSONSTAT\n", f"  format: {form}\n  most_cells: {most_cells}\n")
        (sources / path.name).write_text(text)
    descriptor = read_descriptors(sources)["statbank"]
    if not descriptor.layouts_for(descriptor.fetch.file_name("RAS200")):
        pytest.skip(f"no layout reads {form}")
    return replace(settings, sources=sources, statbank_url=bank.url)


def long_ago(landing: str) -> None:
    """So that nobody waits for the files to settle."""
    for path in Path(landing).rglob("*"):
        os.utime(path, (1, 1))


def figures(settings):
    """What is measured of StatBank's tables once everything in the landing zone is read."""
    long_ago(settings.landing)
    records = stages.ingest_files(settings, stages.find_new(settings, local_date()).files)
    assert {(record.status.value, record.rows_quarantined) for record in records} == {("loaded", 0)}
    built = stages.build_warehouse(settings, local_date())
    with reading(Paths.of(settings).warehouse(built.build_id)) as connection:
        return connection.execute(FIGURES).fetchall()


def test_what_is_fetched_gives_the_figures_of_the_export(asking, tmp_path):
    delivered = [refresh_table(asking, "statbank", table, tell=print).files for table in VARIABLES]
    assert all((len(files) > 1) == files[0].file_name.endswith(".xlsx") for files in delivered)
    by_hand = replace(
        asking, home=tmp_path / "by_hand", store=str(tmp_path / "by_hand"), landing=str(tmp_path / "exports")
    )
    shutil.copytree(EXPORTS.parent, tmp_path / "exports" / "statbank")
    from_statbank, from_exports = figures(asking), figures(by_hand)
    assert from_statbank == from_exports and len(from_statbank) > 10


def test_what_was_fetched_is_delivered_and_read_once(asking, bank):
    delivered = refresh_table(asking, "statbank", "RAS200")
    asked = list(bank.asked_for("data"))
    assert refresh_table(asking, "statbank", "RAS200").files == () and bank.asked_for("data") == asked
    long_ago(asking.landing)
    found = stages.find_new(asking, local_date()).files
    assert [file.file_name for file in found] == [file.file_name for file in delivered.files], "no receipt among them"
    stages.ingest_files(asking, found)
    assert stages.find_new(asking, local_date()).files == ()


@pytest.mark.airflow
@pytest.mark.parametrize("asking", [("XLSX", 4_000)], indirect=True, ids=["workbooks"])
def test_the_dag_delivers_each_table_and_tells_of_its_source(asking, bank, monkeypatch):
    paths = Paths.of(asking)
    paths.create()
    monkeypatch.setenv("OMRAADETAL_SOURCES", str(asking.sources))
    monkeypatch.setenv("OMRAADETAL_STATBANK_URL", bank.url)
    environment = sqlite_environment(asking, paths)
    airflow = str(Path(sys.executable).with_name("airflow"))
    subprocess.run([airflow, "db", "migrate"], env=environment, capture_output=True, check=True)
    conf = json.dumps({"tables": ["RAS200", "INDKP107"], "since": 2015})
    command = [airflow, "dags", "test", "refresh_statbank", "--conf", conf]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    [day] = Path(asking.landing, "statbank").iterdir()
    assert sorted(path.name for path in day.iterdir()) == [
        ".INDKP107.fetched.json",
        ".RAS200.fetched.json",
        "INDKP107.xlsx",
        "RAS200.xlsx",
    ]
    with closing(sqlite3.connect(paths.airflow / "airflow.db")) as connection:
        events = connection.execute(
            "select asset.name, asset_event.extra from asset_event join asset on asset.id = asset_event.asset_id"
        ).fetchall()
    assert [name for name, _ in events] == ["source_statbank"] * 2
    facts = {"delivered_on": day.name, "updated": "2026-11-10T08:00:00", "periods": ["2015", "2017"], "files": 1}
    told = {extra.pop("table"): extra for extra in (json.loads(extra) for _, extra in events)}
    assert told == {"RAS200": facts, "INDKP107": facts}
