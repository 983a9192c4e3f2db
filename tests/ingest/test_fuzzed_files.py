"""Any bytes under any name end as rows, as rows set aside or as a refusal, and leave nothing half written."""

import gzip
import io
import os
import shutil
import tempfile
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.layouts import SUFFIXES
from ingest.stage import Ingest
from tests.ingest.hostile_files import FAR_CELL, GOOD, workbook, zipped
from vocabulary.reasons import FileReason
from vocabulary.settings import PROJECT_ROOT, Settings
from vocabulary.states import DeliveryStatus

DAY = date(2025, 11, 1)
LANDING = PROJECT_ROOT / "samples" / "landing"
SUFFIXES_READ = sorted({*SUFFIXES["csv"], *SUFFIXES["excel"], *SUFFIXES["spss"], ".gz", ".csv.gz", ".xlsx.gz", ".zip"})
SOURCE = {"csv": "vejledninger", "excel": "aktiviteter", "spss": "tryghedssurvey"}


@cache
def whole() -> dict[str, bytes]:
    """A good file of each kind, by suffix."""
    xlsx = (LANDING / "aktiviteter" / "2022-01-20" / "Aktiviteter.xlsx").read_bytes()
    sav = (LANDING / "tryghedssurvey" / "2022-03-15" / "tryghedssurvey_2021.sav").read_bytes()
    return {
        ".csv": GOOD,
        ".xlsx": xlsx,
        ".ods": _ods(),
        ".sav": sav,
        ".zsav": _zsav(),
        ".csv.gz": gzip.compress(GOOD),
        ".xlsx.gz": gzip.compress(xlsx),
        ".zip": zipped(GOOD),
    }


def _ods() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            '<table:table table:name="2022"><table:table-row><table:table-cell office:value-type="string">'
            "<text:p>Dato</text:p></table:table-cell></table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def _zsav() -> bytes:
    folder = Path(tempfile.mkdtemp())
    try:
        pyreadstat.write_sav(pd.DataFrame({"respondent": range(50)}), folder / "x.zsav", row_compress=True)
        return (folder / "x.zsav").read_bytes()
    finally:
        shutil.rmtree(folder)


@st.composite
def spoilt(draw) -> tuple[str, bytes]:
    """A good file after bits flipped, cut, joined with another or with itself, under its own suffix or another."""
    suffix = draw(st.sampled_from(sorted(whole())))
    content = bytearray(whole()[suffix])
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["flip", "cut", "join", "insert", "zero"]))
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        if kind == "flip" and content:
            content[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del content[at:]
        elif kind == "join":
            content += whole()[draw(st.sampled_from(sorted(whole())))]
        elif kind == "insert":
            content[at:at] = draw(st.binary(max_size=20))
        else:
            content[at : at + 64] = bytes(min(64, len(content) - at))
    named = draw(st.sampled_from([suffix, suffix, suffix, *SUFFIXES_READ]))
    return named, bytes(content)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Settings:
    """A landing zone and a store that the examples share; each clears its own away."""
    tmp = tmp_path_factory.mktemp("fuzzed")
    (tmp / "landing").mkdir()
    return Settings.from_environment(home=tmp / "home", landing=tmp / "landing")


def source_of(suffix: str) -> str:
    inner = suffix.removesuffix(".gz")
    return next((SOURCE[kind] for kind in SOURCE if inner in SUFFIXES[kind]), "vejledninger")


def a_night(world: Settings, suffix: str, content: bytes) -> None:
    """One such file and a good one: the good one loads, the other ends as one of what there is, and that is all."""
    shutil.rmtree(world.landing)
    shutil.rmtree(world.home, ignore_errors=True)
    for source, name, data in (
        (source_of(suffix), f"x_2022{suffix}", content),
        ("vejledninger", "good_2023.csv", GOOD),
    ):
        path = Path(world.landing) / source / "2024-01-12" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1, 1))
    ingest = Ingest(world)
    records = ingest.read_files(ingest.find_new(DAY).files)
    by_name = {record.file_name: record for record in records}
    assert set(by_name) == {f"x_2022{suffix}", "good_2023.csv"}
    assert by_name["good_2023.csv"].status is DeliveryStatus.LOADED
    odd = by_name[f"x_2022{suffix}"]
    assert odd.status is DeliveryStatus.LOADED or FileReason(odd.reason_code)
    assert odd.rows_read == (
        odd.rows_loaded + odd.rows_quarantined + odd.rows_duplicate + odd.rows_erased + odd.rows_expired
    )
    loaded = {one.reading_id for one in records if one.status is DeliveryStatus.LOADED}
    for path in (one for one in world.home.rglob("*") if one.is_file() and one.suffix != ".json"):
        assert path.stem in {*loaded, "_schema"}, "left behind"
        pq.read_metadata(path)


FEW = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


@FEW
@given(suffix=st.sampled_from(SUFFIXES_READ), content=st.binary(max_size=4000))
@example(suffix=".xlsx", content=workbook([FAR_CELL]))
@example(suffix=".xls", content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
def test_any_bytes_under_any_suffix(world, suffix, content):
    a_night(world, suffix, content)


@FEW
@given(spoilt())
def test_good_files_that_were_spoilt(world, file):
    a_night(world, *file)
