"""A night whose landing zone and store lie in an object store does what it does on a disk."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nightly import stages
from nightly.night import run_night
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.connections import reading
from warehouse.ledger import READING_FOLDERS, Ledger
from warehouse.paths import Paths
from warehouse.store import Folder

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
SAMPLES = PROJECT_ROOT / "samples" / "landing"
AS_OF = date(2025, 11, 1)
FILE = ("vejledninger", "2022-01-10", "vejledninger_2021.csv")


@pytest.fixture(scope="module")
def away(object_store, tmp_path_factory):
    """Settings with a HOME of their own, a landing zone with the samples, and a store, both in a bucket."""
    settings = replace(
        Settings.from_environment(home=tmp_path_factory.mktemp("away") / "home"),
        landing=f"s3://{object_store.bucket}/hele natten/landing",
        store=f"s3://{object_store.bucket}/hele natten/store",
    )
    landing = Folder.at(settings.landing)
    for path in SAMPLES.rglob("*.*"):
        if path.is_file():
            landing.write(path.read_bytes(), *path.relative_to(SAMPLES).parts)
    return settings


@pytest.fixture(scope="module")
def night_away(away):
    return run_night(away, AS_OF)


def test_the_ledger_and_every_reading_are_the_same(sample_night, away, night_away):
    here, there = Ledger.of(sample_night[0]), Ledger.of(away)
    records = here.records()
    assert [one.model_dump(exclude={"read_at"}) for one in there.records()] == [
        one.model_dump(exclude={"read_at"}) for one in records
    ]
    assert len(records) == len(night_away.new_files) > 20
    for folder in READING_FOLDERS:
        for source_id in here.store.names(folder):
            names = here.store.names(folder, source_id)
            assert there.store.names(folder, source_id) == names
            for name in (name for name in names if name.endswith(".parquet")):
                place = (folder, source_id, name)
                assert there.store.read(*place) == here.store.read(*place), place


def test_the_publication_is_the_same(sample_night, night_away):
    assert night_away.publication.name == sample_night[1].publication.name
    assert not night_away.undone


def test_nothing_of_the_store_is_kept_in_home_but_within_the_build(away, night_away):
    kept = {path.name for path in away.home.iterdir()}
    assert kept.isdisjoint({*READING_FOLDERS, "ledger"})
    with reading(Paths.of(away).warehouse(night_away.build.build_id)) as connection:
        counts = connection.execute(
            "select (select count(*) from raw.vejledninger), sum(rows_loaded) "
            "from ledger.delivery where source_id = 'vejledninger'"
        ).fetchone()
    assert counts[0] == counts[1] > 0


def test_nothing_is_read_again_and_a_new_file_is_found(away, night_away):
    landing = Folder.at(away.landing)
    assert stages.find_new(away, AS_OF).files == ()
    name = "Vejledninger 2021 (rettet) #2?.csv"
    landing.write(landing.read(*FILE).rstrip() + b"\r\n", "vejledninger", "2025-10-31", name)
    new = stages.find_new(away, AS_OF).files
    assert [file.file_name for file in new] == [name]
    (record,) = stages.ingest_files(away, new)
    assert record.file_name == name and record.rows_loaded > 0 and stages.find_new(away, AS_OF).files == ()


def cli(*arguments, home, store, environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [PROGRAM, *arguments, "--home", str(home), "--as-of", "2025-11-01"],
        env={**inherited, "OMRAADETAL_STORE": store, "OMRAADETAL_KEY_FILE": str(home.parent / "key"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


WRONG = {
    "no_such_landing_bucket": ("s3://omraadetal-nowhere/landing", None, "warehouse", {}, "StorageBucketMissing"),
    "no_such_store_bucket": (None, "s3://omraadetal-nowhere/store", "warehouse", {}, "StorageBucketMissing"),
    "stranger": (None, None, "stranger", {}, "StorageDenied"),
    "reader_writes": (None, "s3://{bucket}/reader", "reader", {}, "StorageDenied"),
    "wrong_secret": (None, None, "warehouse", {"AWS_SECRET_ACCESS_KEY": "wrong"}, "StorageDenied"),
    "no_credentials": (
        None,
        None,
        "warehouse",
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "StorageUnreachable",
    ),
    "unreachable": (
        None,
        None,
        "warehouse",
        {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"},
        "StorageUnreachable",
    ),
}


@pytest.mark.parametrize(("landing", "store", "identity", "changed", "error"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_an_object_store_is_an_error_of_the_catalogue(
    object_store, away, tmp_path, monkeypatch, landing, store, identity, changed, error
):
    environment = object_store.environment(identity) | changed
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    done = cli(
        "ingest",
        "--landing",
        (landing or away.landing).format(bucket=object_store.bucket),
        home=tmp_path / "home",
        store=(store or f"s3://{object_store.bucket}/{tmp_path.name}").format(bucket=object_store.bucket),
        environment=environment,
    )
    assert done.returncode == 1 and done.stderr.startswith(f"omraadetal: {error}: "), done.stderr[-2000:]
    assert "Traceback" not in done.stderr and "a secret of" not in done.stderr
    # a store that could not be asked is no new one, which would get a key of its own
    assert not (tmp_path / "key").exists() or identity == "reader"
