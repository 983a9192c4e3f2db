"""Figures stay as they were published when the records behind them are past; what is past stays out."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.healing import heal
from ingest.retention import find_past, remove_past
from ingest.stage import Ingest
from vocabulary.settings import PROJECT_ROOT

DAY = date(2025, 11, 1)
LATER = date(2028, 3, 1)
FIGURES = "select * exclude (covered_days) from confidential.indicator_figure order by all"


def files_below(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def apply(settings, lines=None):
    return remove_past(settings, LATER, LATER, (lines if lines is not None else []).append)


@pytest.fixture(scope="module")
def past(sample_night, tmp_path_factory):
    """Settings on a copy of the sample night's HOME and landing zone, before anything was removed."""
    folder = tmp_path_factory.mktemp("past")
    settings, _ = sample_night
    shutil.copytree(settings.home, folder / "home", symlinks=True)
    shutil.copytree(PROJECT_ROOT / "samples" / "landing", folder / "landing")
    return replace(
        settings,
        home=folder / "home",
        store=str(folder / "home"),
        landing=str(folder / "landing"),
        erasures=folder / "erasures",
    )


def test_what_is_past_goes_and_no_figure_does(past, build_in_memory):
    with build_in_memory(past, DAY) as connection:
        before = connection.execute(FIGURES).fetchall()
    listed = files_below(past.landing), files_below(past.home)
    found = {one.source_id: one for one in find_past(Ingest(past), LATER)}
    assert (files_below(past.landing), files_below(past.home)) == listed
    assert set(found) == {"forloeb_deltagere", "vejledninger"}
    assert {record.file_name for record, _ in found["vejledninger"].whole} == {
        "vejledninger_2021.csv",
        "vejledninger_2022.csv",
        "vejledninger_2022_rettet.csv",
    }
    lines: list[str] = []
    assert apply(past, lines) == [] and len(lines) >= 5

    with build_in_memory(past, DAY) as connection:
        assert connection.execute(FIGURES).fetchall() == before
        assert connection.execute(
            "select count(*) from raw.record where source_id = 'vejledninger' and _period_on < date '2023-01-01'"
        ).fetchone() == (0,)
    names = {path.name for path in files_below(past.landing)}
    assert "vejledninger_2022.csv" not in names and "Vejledninger 2023.csv" in names
    records = [one for one in Ingest(past).ledger.records() if one.source_id == "vejledninger"]
    for one in records:
        assert one.rows_read == (
            one.rows_loaded + one.rows_quarantined + one.rows_duplicate + one.rows_erased + one.rows_expired
        )
    gone = [one for one in records if one.expired_on]
    assert len(gone) == 3 and all(one.rows_expired == one.rows_read and not one.quarantined_by_reason for one in gone)
    assert any(one.rows_expired for one in records if not one.expired_on)

    # a second time there is nothing to do
    after = files_below(past.landing), files_below(past.home)
    assert all(one.is_empty for one in find_past(Ingest(past), LATER))
    assert apply(past) == [] and (files_below(past.landing), files_below(past.home)) == after

    # delivered again, in its own folder and in a new one, it is recognised
    source = PROJECT_ROOT / "samples" / "landing" / "vejledninger" / "2023-01-12" / "vejledninger_2022.csv"
    for day in ("2023-01-12", "2025-09-01"):
        target = Path(past.landing) / "vejledninger" / day / source.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)
    ingest = Ingest(past)
    (again,) = ingest.read_files(ingest.find_new(DAY).files)
    heal(Ingest(past))
    assert (again.rows_loaded, again.rows_expired) == (0, again.rows_read)
    with build_in_memory(past, DAY) as connection:
        assert connection.execute(FIGURES).fetchall() == before
    assert len(next(one for one in find_past(Ingest(past), LATER) if one.source_id == "vejledninger").whole) == 2
