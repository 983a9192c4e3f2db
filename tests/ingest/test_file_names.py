"""A file's name may be personal: what is told of it is clean, and the file stays the file it is."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from ingest.stage import Ingest
from nightly import stages
from warehouse.ledger_tables import load_ledger

DAY = date(2025, 11, 1)
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
SECRET = ("Maryam", "Nguyen", "010190")


def session(number, name="Maryam Nguyen"):
    return f"{number};05-01-2022;Sydbyen;;{name};LSO;Bolig;;Nej;1,00;\n"


def run(settings):
    ingest = Ingest(settings)
    found = ingest.find_new(DAY)
    return found, ingest.read_files(found.files)


def written(settings, caplog):
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    text = " ".join(str(path) for path in files) + caplog.text
    return text + " ".join(
        str(pq.read_table(path).to_pydict()) if path.suffix == ".parquet" else path.read_text() for path in files
    )


def nothing_secret(text):
    return not [secret for secret in SECRET if secret in text]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("vejledninger_2022_010190-1234.csv", "vejledninger_2022_[fjernet].csv"),
        ("vejledninger_2022 010190-1985.csv", "vejledninger_2022 [fjernet].csv"),
        ("Maryam_Nguyen 2022.csv", "[fjernet] 2022.csv"),
        ("2022 - maryam-nguyens sager.csv", "2022 - [fjernet] sager.csv"),
        ("2022 mng@x.dk.csv", "2022 [fjernet]"),
    ],
)
def test_what_is_personal_in_a_name_is_told_nowhere(settings, deliver, caplog, name, shown):
    deliver("vejledninger", "2023-01-12", name, HEAD + session(1))
    with caplog.at_level("DEBUG"):
        _, (record,) = run(settings)
    assert (record.file_name, record.rows_loaded, record.texts_redacted) == (shown, 1, 1)
    assert record.period_start == date(2022, 1, 1)
    assert nothing_secret(written(settings, caplog)) and run(settings)[1] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Maryam Nguyen 2022.csv", HEAD + session(1) + '2;"aldrig lukket'),
        ("010190-1234.csv", HEAD + session(1)),
        ("Maryam Nguyen.csv", HEAD + session(1)),
        ("2022.010190-1234", HEAD),
        ("v_2022_010190-1234.csv", ""),
    ],
)
def test_a_refused_file_is_told_by_its_clean_name(settings, deliver, caplog, name, content):
    deliver("vejledninger", "2023-01-12", name, content)
    with caplog.at_level("DEBUG"):
        _, (record,) = run(settings)
    assert record.status == "refused"
    # a file that cannot be read does not say which persons it names
    secrets = SECRET if "aldrig" not in content else ("010190",)
    assert not [secret for secret in secrets if secret in written(settings, caplog)]


def test_two_files_that_are_told_alike_are_two_deliveries_and_an_overwritten_one_is_one(settings, deliver):
    for number, cpr in ((1, "010190-1234"), (2, "020290-1234")):
        deliver("vejledninger", "2023-01-12", f"v_2022_{cpr}.csv", HEAD + session(number))
    run(settings)
    records = Ingest(settings).ledger.records()
    assert [one.file_name for one in records] == ["v_2022_[fjernet].csv"] * 2
    assert len({one.file_id for one in records}) == len({one.name_key for one in records}) == 2
    deliver("vejledninger", "2023-01-12", "v_2022_010190-1234.csv", HEAD + session(1) + session(3))
    run(settings)
    assert sorted(one.rows_loaded for one in Ingest(settings).ledger.records()) == [1, 2]
    assert run(settings)[1] == []


def test_two_empty_exports_of_different_years_stay_two_also_when_their_names_are_personal(settings, deliver):
    for year in (2022, 2023):
        deliver("vejledninger", "2024-01-15", f"v_{year}_010190-1234.csv", HEAD)
    run(settings)
    records = Ingest(settings).ledger.records()
    assert sorted(one.period_start.year for one in records) == [2022, 2023] and run(settings)[1] == []


def test_files_that_are_told_alike_have_names_of_their_own_in_a_build(settings, deliver):
    for number, cpr in ((1, "010190-1234"), (2, "020290-1234")):
        deliver("vejledninger", "2023-01-12", f"v_2022_{cpr}.csv", HEAD + session(number))
    run(settings)
    with duckdb.connect() as connection:
        connection.execute("create schema ledger")
        load_ledger(connection, Ingest(settings).ledger.records(), [], [])
        rows = connection.execute("select file_name, file_id, values_redacted from ledger.delivery").fetchall()
    assert len({name for name, _, _ in rows}) == 2
    assert all(file_id in name and redacted == 1 for name, file_id, redacted in rows)


def test_what_is_passed_over_is_told_without_what_looks_personal(settings, deliver, caplog):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1))
    deliver("vejledninger", "2023-01-12", "010190-1234/v_2022.csv", HEAD)
    deliver("vejledninger", "sag 010190-1234", "v_2022.csv", HEAD)
    deliver("010190-1234", "2023-01-12", "v_2022.csv", HEAD)
    (Path(settings.landing) / "vejledninger" / "2023-01-12" / "v_2022_010190-1234.csv").symlink_to("nowhere")
    with caplog.at_level("DEBUG"):
        found, records = run(settings)
    assert len(records) == 1 and len(found.passed_over) == 4
    assert nothing_secret(" ".join(found.passed_over) + written(settings, caplog))


def test_what_airflow_passes_on_is_no_hash_of_a_name(settings, deliver):
    """A hash of a name that holds a CPR number is found by trying them all."""
    path = deliver("vejledninger", "2023-01-12", "v_2022_010190-1234.csv", HEAD + session(1))
    (before,) = stages.find_batches(settings, DAY)
    path.rename(path.with_name("v_2022_020290-1234.csv"))
    (after,) = stages.find_batches(settings, DAY)
    assert before == after and len(stages.ingest_batch(settings, DAY, after)) == 1
    assert "010190" not in repr(Ingest(settings).find_new(DAY))
