"""`omraadetal refresh-statbank` as an operator meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.statbank_samples import exported
from tests.statbank_server import StatbankServer
from vocabulary.settings import PROJECT_ROOT

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))


@pytest.fixture
def bank():
    """It has one of the four tables that the shipped descriptor asks for."""
    with StatbankServer() as server:
        server.add(exported("RAS200"))
        yield server


@pytest.fixture
def operate(settings, bank, tmp_path):
    sources = tmp_path / "sources"
    sources.mkdir()
    text = (PROJECT_ROOT / "ingest" / "sources" / "statbank.yaml").read_text()
    (sources / "statbank.yaml").write_text(text.replace("format: JSONSTAT", "format: XLSX"))

    def run(*arguments, **environment):
        return subprocess.run(
            [PROGRAM, "refresh-statbank", *arguments, "--home", str(settings.home), "--landing", settings.landing],
            env={
                **os.environ,
                "OMRAADETAL_STATBANK_URL": bank.url,
                "OMRAADETAL_SOURCES": str(sources),
                "COLUMNS": "200",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def delivered(settings):
    return sorted(path.name for path in Path(settings.landing).rglob("*") if path.is_file())


def test_a_dry_run_tells_what_would_be_asked_and_writes_nothing(operate, bank, settings):
    done = operate("--table", "ras200", "--since", "2015", "--dry-run")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "RAS200: Activity and employment rates (end November); updated 2026-11-10T08:00:00, unit per cent"
    )
    assert "  BEREGNING (frequency): 1 values, BFK (Employment rate) … BFK (Employment rate)" in lines
    assert "  Tid (time): 3 values, 2015 (2015) … 2017 (2017)" in lines
    regions = len(exported("RAS200").variables[4][2])
    rows = regions * 3
    assert f"  piece 1 of 1: RAS200.xlsx, {rows} observations, {rows * 7} cells" in lines
    asked = json.loads(lines[-1])
    assert asked["table"] == "RAS200" and asked["variables"][-1]["values"] == ["2015", "2016", "2017"]
    assert [function for function, _ in bank.asked] == ["tableinfo"] and delivered(settings) == []
    assert not settings.home.exists()


def test_a_table_that_fails_is_told_and_the_others_are_delivered(operate, settings):
    done = operate()
    assert done.returncode == 1
    assert "RAS200: delivered RAS200.xlsx" in done.stdout
    assert "STRAF11: StatBank at 127.0.0.1:" in done.stderr and "has no table STRAF11. Nearest: RAS200" in done.stderr
    assert "Traceback" not in done.stderr
    assert delivered(settings) == [".RAS200.fetched.json", "RAS200.xlsx"]


def test_what_is_not_declared_or_no_address_is_wrong_usage(operate, bank):
    done = operate("--table", "FOLK9")
    assert done.returncode == 2
    assert "No descriptor asks StatBank for FOLK9. Tables that one asks for (`fetch`): RAS200, INDKP107" in done.stderr
    done = operate("--table", "RAS200", OMRAADETAL_STATBANK_URL="http://api.statbank.dk/v1")
    assert done.returncode == 2 and "OMRAADETAL_STATBANK_URL is no address that is asked" in done.stderr
    assert operate("--since", "12").returncode == 2
    assert bank.asked == []
