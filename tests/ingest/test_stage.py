"""The stage as a whole: what is new, what is refused, what is passed over; and that it can be run again."""

import hashlib
import os
import shutil
import threading
import time
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest import tables
from ingest.stage import Ingest
from vocabulary.errors import KeyMismatch, LandingEmpty, LandingNotFound
from vocabulary.settings import Settings
from vocabulary.states import DeliveryStatus

DAY = date(2025, 11, 1)
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;05-01-2022;Sydbyen;010190-1234;Hemmelig Person;LSO;Bolig;Politi;Ja;1,00;hemmelig\n"


def run(settings, as_of=DAY):
    ingest = Ingest(settings)
    found = ingest.find_new(as_of)
    return found, ingest.read_files(found.files)


def test_a_delivery_is_read_once_and_kept_as_text(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    _, (record,) = run(settings)
    assert (record.status, record.rows_loaded, str(record.period_start)) == (DeliveryStatus.LOADED, 1, "2022-01-01")
    raw = pq.read_table(settings.home / "raw" / "vejledninger" / f"{record.reading_id}.parquet")
    assert {str(field.type) for field in raw.schema if field.name != "_row_number"} == {"string"}
    found, again = run(settings)
    assert (found.unchanged, again) == (1, [])


def test_a_file_that_is_overwritten_counts_with_its_last_content(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    run(settings)
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW.replace("1;", "2;", 1) + ROW.replace("1;", "3;", 1))
    _, (record,) = run(settings)
    assert record.rows_loaded == 2
    assert Ingest(settings).ledger.records() == [record]


def test_one_content_under_two_names_in_a_folder_is_one_delivery(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    deliver("vejledninger", "2023-01-12", "v_2022 - kopi.csv", HEAD + ROW)
    run(settings)
    assert len(Ingest(settings).ledger.records()) == 1
    assert run(settings)[1] == []


def test_two_empty_exports_of_different_years_are_two_deliveries(settings, deliver):
    deliver("vejledninger", "2024-01-15", "v_2022.csv", HEAD)
    deliver("vejledninger", "2024-01-15", "v_2023.csv", HEAD)
    run(settings)
    assert [str(one.period_start.year) for one in Ingest(settings).ledger.records()] == ["2022", "2023"]
    assert run(settings)[1] == []


def test_a_refused_file_that_is_given_its_year_is_read_again(settings, deliver):
    path = deliver("vejledninger", "2024-01-15", "v.csv", HEAD + ROW)
    _, (refused,) = run(settings)
    assert refused.reason_code == "unknown_period"
    path.rename(path.with_name("v_2022.csv"))
    _, (read,) = run(settings)
    assert read.rows_loaded == 1 and Ingest(settings).ledger.records() == [read]


def test_files_delivered_after_as_of_do_not_exist_yet(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    assert run(settings, date(2023, 1, 11))[1] == []
    assert len(run(settings, date(2023, 1, 12))[1]) == 1


def test_bad_files_are_refused_one_by_one_and_the_rest_is_read(settings, deliver):
    deliver("vejledninger", "2023-01-12", "a_2022.csv", HEAD + ROW)
    deliver("vejledninger", "2023-01-12", "b_2022.csv", "")
    deliver("aktiviteter", "2023-01-12", "Aktiviteter.xlsx", b"not a workbook")
    deliver("tryghedssurvey", "2023-01-12", "t_2021.sav", b"not spss")
    deliver("ukendt_partner", "2023-01-12", "x.csv", "a;b\n")
    _, records = run(settings)
    assert {record.file_name: record.reason_code for record in records} == {
        "a_2022.csv": None,
        "b_2022.csv": "empty_file",
        "Aktiviteter.xlsx": "file_unreadable",
        "t_2021.sav": "file_unreadable",
        "x.csv": "unknown_source",
    }
    assert run(settings)[1] == []


@pytest.mark.usefixtures("in_this_process")
def test_whatever_a_damaged_file_makes_a_reader_raise_the_rest_is_read(settings, deliver, monkeypatch):
    def explode(*_):
        raise RuntimeError("Hemmelig Person 010190-1234")

    monkeypatch.setitem(tables.READERS, "spss", explode)
    deliver("tryghedssurvey", "2023-01-12", "t_2021.sav", b"x")
    deliver("vejledninger", "2023-01-12", "a_2022.csv", HEAD + ROW)
    (Path(settings.landing) / "vejledninger" / "2023-01-12" / "link_2022.csv").symlink_to("nowhere.csv")
    found, records = run(settings)
    assert {record.file_name: record.reason_code for record in records} == {
        "a_2022.csv": None,
        "t_2021.sav": "file_unreadable",
    }
    assert "RuntimeError" in records[0].problem and "Hemmelig" not in records[0].problem
    assert "link_2022.csv" in found.passed_over[0]


def test_temporary_files_are_ignored_and_strays_are_named(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    for name in (".DS_Store", "~$v_2022.xlsx", "v_2023.csv.part"):
        deliver("vejledninger", "2023-01-12", name, "x")
    deliver("vejledninger", "sidste uge", "v_2021.csv", HEAD)
    (Path(settings.landing) / "readme.txt").write_text("hej")
    found, records = run(settings)
    assert len(records) == 1
    assert sorted(line.split(":")[0] for line in found.passed_over) == ["readme.txt", "vejledninger/sidste uge"]


def test_a_file_that_is_still_being_written_waits(settings, deliver):
    path = deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD)
    stop = threading.Event()

    def write():
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(ROW.encode())
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.1)
        found, records = run(settings)
    finally:
        stop.set()
        writer.join()
    assert records == [] and "still being written" in found.passed_over[0]


def test_many_small_files_are_committed_in_their_order_and_each_fault_stays_with_its_file(settings, deliver):
    names = [f"v_2022_{at:02}.csv" for at in range(12)]
    for at, name in enumerate(names):
        deliver("vejledninger", "2023-01-12", name, HEAD + ROW.replace("1;", f"{at};", 1) if at != 5 else b"\x81")
    ingest, gone = Ingest(settings), []
    files = ingest.find_new(DAY).files
    (Path(settings.landing) / "vejledninger" / "2023-01-12" / names[7]).unlink()
    told = []
    records = ingest.read_files(files, lambda record: told.append(record.file_name), gone.append)
    assert told == [record.file_name for record in records] == [name for name in names if name != names[7]]
    assert [record.file_name for record in records if record.status is DeliveryStatus.REFUSED] == [names[5]]
    assert names[7] in str(gone[0]) and len(gone) == 1
    assert ingest.ledger.records() == records


def test_a_file_is_hashed_once_while_it_is_not_changed(settings, deliver, monkeypatch):
    path = deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest, hashed = Ingest(settings), []
    true = ingest.landing.sha256
    monkeypatch.setattr(type(ingest.landing), "sha256", lambda _, *parts: hashed.append(parts) or true(*parts))
    (file,) = ingest.find_new(DAY).files
    (record,) = ingest.read_files([file])
    assert len(hashed) == 1 and record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW.replace("1;", "2;", 1))
    assert ingest.sha256_of(file) == hashlib.sha256(path.read_bytes()).hexdigest() and len(hashed) == 2


def test_a_missing_or_foreign_landing_zone_is_an_error_that_says_what_to_do(settings, tmp_path):
    with pytest.raises(LandingEmpty, match="Known sources: aktiviteter"):
        Ingest(settings).find_new(DAY)
    gone = Settings.from_environment(home=settings.home, landing=tmp_path / "gone")
    with pytest.raises(LandingNotFound, match="gone does not exist"):
        Ingest(gone).find_new(DAY)


def test_another_key_is_refused_before_anything_is_written(settings, deliver, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    run(settings)
    deliver("vejledninger", "2023-01-13", "v_2022.csv", HEAD + ROW)
    before = sorted(path for path in settings.home.rglob("*") if path.is_file())
    monkeypatch.setenv("OMRAADETAL_PSEUDONYM_KEY", "quite another key, long enough to be used")
    other = Settings.from_environment(home=settings.home, landing=settings.landing)
    with pytest.raises(KeyMismatch, match="Put the first key back"):
        Ingest(other).find_new(DAY)
    assert sorted(path for path in settings.home.rglob("*") if path.is_file()) == before


def test_a_changed_descriptor_reads_the_content_again(settings, deliver, tmp_path, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    _, (before,) = run(settings)
    sources = tmp_path / "sources"
    sources.mkdir()
    for path in settings.sources.glob("*.yaml"):
        text = path.read_text()
        (sources / path.name).write_text(text.replace("theme: {treatment: public}", "theme: {treatment: drop}"))
    monkeypatch.setenv("OMRAADETAL_SOURCES", str(sources))
    changed = Settings.from_environment(home=settings.home, landing=settings.landing)
    _, (after,) = run(changed)
    assert after.reading_id != before.reading_id and after.file_id == before.file_id
    assert (
        "theme"
        not in pq.read_table(settings.home / "raw" / "vejledninger" / f"{after.reading_id}.parquet").column_names
    )


def test_nothing_personal_is_written_or_logged(settings, deliver, caplog):
    deliver(
        "vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW + "2;05-01-2022;Ukendt;010190-1234;Hemmelig Person\n"
    )
    with caplog.at_level("DEBUG"):
        run(settings)
    written = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    written += b"".join(str(pq.read_table(path).to_pydict()).encode() for path in settings.home.rglob("*.parquet"))
    written += caplog.text.encode()
    assert not [secret for secret in (b"Hemmelig", b"010190", b"hemmelig") if secret in written]


SURVEY = "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab\n1;Sydbyen;1,0;Ved ikke;Helt enig\n"


def test_the_ledger_keeps_what_a_file_asked(settings, deliver):
    deliver("tryghedssurvey", "2024-02-01", "t_2023.csv", SURVEY)
    run(settings)
    (record,) = Ingest(settings).ledger.records()
    assert [(one.column, one.heading, one.answers) for one in record.questions] == [
        ("tillid", "tillid_politi_myndigheder", ("Ved ikke",)),
        ("faellesskab", "del_af_fællesskab", ("Helt enig",)),
    ]


def test_a_file_that_is_given_its_area_is_read_again(settings, deliver, tmp_path, monkeypatch):
    sources = tmp_path / "sources"
    shutil.copytree(settings.sources, sources)
    text = (sources / "vejledninger.yaml").read_text()
    (sources / "vejledninger.yaml").write_text(text.replace("period:\n", "one_file_per: area\nperiod:\n"))
    monkeypatch.setenv("OMRAADETAL_SOURCES", str(sources))
    per_area = Settings.from_environment(home=settings.home, landing=settings.landing)
    path = deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    _, (refused,) = run(per_area)
    assert refused.reason_code == "unknown_area_in_name"
    path.rename(path.with_name("v_Sydbyen_2022.csv"))
    deliver("vejledninger", "2023-01-12", "v_Motalavej_2022.csv", HEAD)
    run(per_area)
    records = Ingest(per_area).ledger.records()
    assert [(one.rows_loaded, one.periods[0].area_id) for one in records] == [(0, "motalavej"), (1, "sydbyen")]


def test_the_store_may_be_an_object_store(settings, deliver, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    monkeypatch.setenv("OMRAADETAL_STORE", f"memory://{os.getpid()}-store")
    remote = Settings.from_environment(home=settings.home, landing=settings.landing)
    _, (record,) = run(remote)
    assert record.rows_loaded == 1 and run(remote)[1] == []
    assert not (settings.home / "raw").exists()
