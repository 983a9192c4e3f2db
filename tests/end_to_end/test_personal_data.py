"""Personal data planted in every source, in rows and around them: a night writes none of it anywhere."""

import io
import logging
from datetime import date

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from nightly.night import run_night
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.ledger import Ledger
from warehouse.paths import PUBLICATION_FILE, Paths

PLANTED = ("Maryam", "Nguyen", "700180", "1801352", "mng@", "hemmelig", "23456789", "23 45 67 89")
SESSIONS = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning"
COURSES = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"
ACTIVITIES = ["Dato", "Aktivitet", "Type", "Boligområde", "Samarbejdspartner(e)", "Antal deltagere", "Antal frivillige"]
ACTIVITIES += ["Større aktivitet", "Maryam Nguyen"]


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def survey(path):
    frame = pd.DataFrame(
        {
            "LBNR": [1],
            "OMRAADE": ["Sydbyen"],
            "VAEGT": [1.0],
            "Q7_TILLID": [1],
            "Q12_FAELLES": ["Enig"],
            "X": ["hemmelig"],
        }
    )
    wording = {"Q7_TILLID": "Spørg Maryam Nguyen, mng@vive.dk"}
    pyreadstat.write_sav(frame, path, column_labels=wording, variable_value_labels={"Q7_TILLID": {1: "I høj grad"}})
    return path.read_bytes()


@pytest.fixture(scope="module")
def planted_night(tmp_path_factory):
    home = tmp_path_factory.mktemp("planted")
    logs = io.StringIO()
    settings = Settings.from_environment(home=home / "home", landing=home / "landing")
    partners = (
        "Politi",
        "Maryam Nguyens mor",
        "ring 23 45 67 89",
        "7001801352,0",
        "mng@x.dk",
        "7,0018E+09",
        "Jobcenter",
    )
    rows = "".join(
        f"{n};0{n}-03-2022;Sydbyen;700180-1352;Maryam Nguyen;LSO;Bolig;{to};Ja;1,00;hemmelig\n"
        for n, to in enumerate(partners, 1)
    )
    files = {
        ("vejledninger", "vejledninger_2022_700180-1352.csv"): f"{SESSIONS};Maryam Nguyen\n"
        + rows.replace("lig\n", "lig;x\n"),
        ("vejledninger", "Maryam_Nguyen 2023.csv"): f"{SESSIONS}\n9;01-03-2023;Sydbyen;;Maryam Nguyen;L;B;;Nej;1,00;\n",
        ("vejledninger", "2021 uden overskrifter.csv"): rows,
        ("forloeb_deltagere", "forloeb_2022.csv"): COURSES
        + "Børnedemokrati;7001801352;15-06-2010;Sydbyen;14-06-2022;;7001801352\n",
        ("aktiviteter", "Aktiviteter.xlsx"): workbook(
            **{
                "Maryam Nguyen 2022": [
                    ACTIVITIES,
                    ["05-03-2022", "Fest hos mng@x.dk", "Fest", "Sydbyen", "B", 7001801352, 1, "x", "hemmelig"],
                ],
                "hemmelig": [["Maryam Nguyen"]],
            }
        ),
        ("beboertal", "beboere.xlsx"): workbook(
            Beboere=[
                ["Maryam Nguyen, tlf. 23456789"],
                [None, None, "2024"],
                ["Beboere i alt", "Sydbyen", 5],
                ["Spørg mng@x.dk"],
            ]
        ),
        ("tryghedssurvey", "tryghedssurvey_2021.sav"): survey(home / "t.sav"),
        ("aktiviteter", "sag 700180-1352.docx"): "hemmelig",
    }
    for (source, name), content in files.items():
        path = home / "landing" / source / "2025-01-12" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    handler = logging.StreamHandler(logs)
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    told = []
    try:
        night = run_night(settings, date(2025, 2, 1), progress=told.append)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
    return settings, night, "\n".join(told) + logs.getvalue()


def test_nothing_that_was_planted_is_written_or_told(planted_night):
    settings, night, told = planted_night
    written = [path for path in settings.home.rglob("*") if path.is_file()]
    text = told.encode() + b"\n".join(str(path).encode() + path.read_bytes() for path in written)
    for path in written:
        if path.suffix == ".parquet":
            text += duckdb.sql(f"select * from '{path}'").df().to_csv().encode()
    for file in (Paths.of(settings).warehouse(night.build.build_id), night.publication / PUBLICATION_FILE):
        with reading(file) as connection:
            for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
                text += connection.table(f"{schema}.{table}").df().to_csv().encode()
    assert len(written) > 50 and b"[fjernet]" in text
    assert [secret for secret in PLANTED if secret.encode() in text] == []


def test_each_file_with_a_finding_is_flagged_also_one_that_is_refused(planted_night):
    _, night, _ = planted_night
    with reading(night.publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select source_id, file_name, observed, expected from quality.flag where flag_code = 'personal_data_found'"
        ).fetchall()
    assert {row[:2] for row in rows} == {
        ("vejledninger", "vejledninger_2022_[fjernet].csv"),
        ("vejledninger", "[fjernet] 2023.csv"),
        ("forloeb_deltagere", "forloeb_2022.csv"),
        ("aktiviteter", "Aktiviteter.xlsx"),
        ("aktiviteter", "sag [fjernet].docx"),
        ("beboertal", "beboere.xlsx"),
        ("tryghedssurvey", "tryghedssurvey_2021.sav"),
    }
    assert all(row[2:] == (None, None) for row in rows)


def test_what_was_taken_out_still_counts(planted_night):
    settings, night, _ = planted_night
    by_name = {record.file_name: record for record in Ledger.of(settings).records()}
    sessions = by_name["vejledninger_2022_[fjernet].csv"]
    assert (sessions.rows_loaded, sessions.values_redacted) == (7, 5)
    with reading(Paths.of(settings).warehouse(night.build.build_id)) as connection:
        value = connection.execute(
            "select value from confidential.indicator_figure where indicator_id = 'brobygningssamtaler' "
            "and area_id = 'alle_omraader' and year_kind = 'calendar' and year = 2022"
        ).fetchone()[0]
    assert value == 7
