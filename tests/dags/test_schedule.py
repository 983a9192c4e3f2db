"""The nightly load's own timetable, asked on a machine in UTC: every local date has one run, for that very date."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vocabulary.settings import PROJECT_ROOT

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST, LAST = date(2024, 1, 1), date(2033, 12, 31)
ASK = f"""
import json, time
from pathlib import Path
import pendulum
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import TimeRestriction
from vocabulary.settings import local_date
folder = Path({str(PROJECT_ROOT / "dags")!r})
dag = BundleDagBag(folder, bundle_path=folder, bundle_name="dags").dags["nightly_load"]
timetable = coerce_to_core_timetable(dag.timetable)
start, end = pendulum.datetime({FIRST.year}, 1, 1, tz="UTC"), pendulum.datetime({LAST.year + 1}, 1, 1, tz="UTC")
asked, last, runs = TimeRestriction(earliest=start, latest=end, catchup=True), None, []
while info := timetable.next_dagrun_info(last_automated_data_interval=last, restriction=asked):
    runs.append((info.run_after.isoformat(), local_date(info.run_after).isoformat()))
    last = info.data_interval
print("RESULT" + json.dumps([time.tzname, runs]))
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """The time zones of the machine, and each run: its moment, and the date that its tasks take it to be."""
    home = tmp_path_factory.mktemp("airflow")
    environment = {
        **os.environ,
        "TZ": "UTC",
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
    }
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    zones, runs = json.loads(done.stdout.split("RESULT")[1])
    return zones, [(datetime.fromisoformat(moment), date.fromisoformat(as_of)) for moment, as_of in runs]


def test_ten_years_have_one_run_for_every_local_date(answer):
    zones, runs = answer
    assert zones == ["UTC", "UTC"]
    days = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    assert len(days) == 3653
    assert [as_of for _, as_of in runs] == days
    assert [moment.astimezone(COPENHAGEN).date() for moment, _ in runs] == days


def test_it_is_half_past_four_in_copenhagen_on_every_one_of_them(answer):
    assert {moment.astimezone(COPENHAGEN).strftime("%H:%M") for moment, _ in answer[1]} == {"04:30"}


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [
        (date(2024, 2, 29), "03:30"),
        (date(2026, 3, 28), "03:30"),
        (date(2026, 3, 29), "02:30"),  # 02:00 to 03:00 is not there
        (date(2026, 3, 30), "02:30"),
        (date(2026, 10, 24), "02:30"),
        (date(2026, 10, 25), "03:30"),  # 02:00 to 03:00 is there twice
        (date(2026, 10, 26), "03:30"),
        (date(2028, 2, 29), "03:30"),
    ],
)
def test_where_the_clock_changes_there_is_one_run(answer, day, in_utc):
    assert [f"{moment:%H:%M}" for moment, as_of in answer[1] if as_of == day] == [in_utc]
