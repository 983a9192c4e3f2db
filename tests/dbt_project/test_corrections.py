"""Corrections change what is read and nothing on disk; figures that others publish stand beside ours."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from expectations.judge import Judge
from ingest.stage import Ingest
from vocabulary.flags import FlagCode
from vocabulary.settings import PROJECT_ROOT

HEADING = "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat\n"
AS_OF = date(2024, 3, 1)


@pytest.fixture
def corrected(settings, tmp_path):
    """Settings whose corrections are the test's own."""
    (tmp_path / "corrections").mkdir()
    return replace(settings, corrections=tmp_path / "corrections")


def correct(settings, source: str, *corrections: str) -> None:
    written = "".join(f"  - {one}\n" for one in corrections)
    (settings.corrections / f"{source}.yaml").write_text("corrections:\n" + written)


def values(connection, indicator: str) -> dict:
    rows = connection.execute(
        "select area_id, year, value from confidential.indicator_figure "
        "where indicator_id = ? and year_kind = 'calendar' and value is not null",
        [indicator],
    ).fetchall()
    return {(area, year): value for area, year, value in rows}


def read(settings) -> None:
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(AS_OF).files)


def deliver_sessions(deliver, day: str, *areas: str) -> None:
    lines = "".join(f"{at};01-05-2023;{area};;;;Bolig;Ja;;Nej;30;\n" for at, area in enumerate(areas, 1))
    deliver("vejledninger", day, "v_2023.csv", HEADING + lines)


WRONG_AREA = (
    "{correction_id: forkert_omraade, where: {session_id: '2'}, column: area, expect: sydbyen, value: ringparken, "
    "reason: Registreret i det forkerte område, decided_by: Beboervejledningen, decided_on: 2024-02-01}"
)


def test_a_correction_moves_the_figure_from_the_day_it_is_decided(corrected, deliver, build_in_memory):
    deliver_sessions(deliver, "2024-01-10", "Sydbyen", "Sydbyen")
    correct(corrected, "vejledninger", WRONG_AREA)
    read(corrected)
    before, after = build_in_memory(corrected, date(2024, 1, 31)), build_in_memory(corrected, AS_OF)
    assert values(before, "brobygningssamtaler")["sydbyen", 2023] == 2
    found = values(after, "brobygningssamtaler")
    assert (found["sydbyen", 2023], found["ringparken", 2023], found["alle_omraader", 2023]) == (1, 1, 2)


def test_a_correction_expires_loudly_when_the_source_is_put_right(corrected, deliver, build_in_memory):
    deliver_sessions(deliver, "2024-01-10", "Sydbyen", "Sydbyen")
    deliver_sessions(deliver, "2024-02-20", "Sydbyen", "Motalavej")
    correct(corrected, "vejledninger", WRONG_AREA)
    read(corrected)
    connection = build_in_memory(corrected, AS_OF)
    assert values(connection, "brobygningssamtaler")["motalavej", 2023] == 1
    findings = [
        finding for finding in Judge(connection).findings() if finding.check.flag_code is FlagCode.CORRECTION_EXPIRED
    ]
    assert [finding.facts["correction_id"] for finding in findings] == ["forkert_omraade"]


def workbook(path: Path, rows: list[list]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path.read_bytes()


def test_a_cell_of_a_wide_table_is_corrected_by_its_year(corrected, deliver, build_in_memory, tmp_path):
    rows = [
        ["Beboere i almene boligafdelinger"],
        [None, None, 2022, 2023],
        ["Beboere i alt", "Ringparken", 100, 1100],
        [None, "Sydbyen", 50, 60],
        [None, "Motalavej", 40, 30],
    ]
    deliver("beboertal", "2024-01-05", "beboere.xlsx", workbook(tmp_path / "b.xlsx", rows))
    correct(
        corrected,
        "beboertal",
        "{correction_id: slaafejl, where: {area: ringparken}, column: value, year: '2023', expect: '1100', "
        "value: '110', reason: Et 1-tal for meget, decided_by: Landsbyggefonden, decided_on: 2024-01-20}",
        "{correction_id: ukendt, where: {area: sydbyen}, column: value, year: '2022', expect: '50', value: null, "
        "reason: Tallet gælder et andet område, decided_by: Landsbyggefonden, decided_on: 2024-01-20}",
    )
    read(corrected)
    found = values(build_in_memory(corrected, AS_OF), "beboertal")
    assert found["ringparken", 2023] == 110 and found["alle_omraader", 2023] == 200
    # an unknown area makes the total unknown
    assert ("sydbyen", 2022) not in found and ("alle_omraader", 2022) not in found and found["motalavej", 2022] == 40


def test_microdata_and_published_shares_of_one_wave_are_both_kept_and_compared(
    settings, deliver, build_in_memory, tmp_path
):
    folder = tmp_path / "agreements"
    folder.mkdir()
    for name in ("areas.yaml", "sammenhaengskraft_og_medborgerskab.yaml"):
        text = (PROJECT_ROOT / "agreements" / name).read_text()
        published = """    also_published:
      kind: published_value
      type: share
      source: tryghedssurvey_publiceret
      dataset: andele
      conditions: [{attribute: answer, operator: equals, value: Enig/meget enig}]
"""
        (folder / name).write_text(text.replace("    expected_update:\n", published + "    expected_update:\n"))
    chosen = replace(settings, agreements=folder)
    answers = ["Enig"] * 12 + ["Uenig"] * 12
    deliver(
        "tryghedssurvey",
        "2024-02-01",
        "survey_2021.csv",
        "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab\n"
        + "".join(f"{at};Sydbyen;1;I høj grad;{answer}\n" for at, answer in enumerate(answers))
        + "".join(f"{at};Ringparken;1;I høj grad;{answer}\n" for at, answer in enumerate(answers, 100)),
    )
    rows = [
        ["Tryghedssurvey, andele i procent"],
        ["Spørgsmål", "Svar", "Boligområde", 2021],
        ["Oplever du at være en del af et fællesskab?", "Enig/meget enig", "Sydbyen", 55],
        [None, None, "Ringparken", 90],
        [None, "Uenig/meget uenig", "Sydbyen", 45],
    ]
    deliver("tryghedssurvey_publiceret", "2024-02-02", "andele.xlsx", workbook(tmp_path / "a.xlsx", rows))
    read(chosen)
    connection = build_in_memory(chosen, AS_OF)
    found = connection.execute(
        "select area_id, value, published_value, is_disagreement from confidential.figure_comparison_full order by 1"
    ).fetchall()
    # 50 per cent of 24 answers is anything between 31 and 69
    assert found == [("ringparken", 50.0, 90.0, True), ("sydbyen", 50.0, 55.0, False)]
    disagreements = [one for one in Judge(connection).findings() if one.check.flag_code is FlagCode.SOURCE_DISAGREEMENT]
    assert [one.facts["area_id"] for one in disagreements] == ["ringparken"]


def test_quarters_of_offences_are_added_and_peers_are_kept(settings, deliver, build_in_memory, tmp_path):
    rows = [
        ["Anmeldte forbrydelser efter overtrædelsens art, område og tid"],
        [],
        [None, None, "2022K1", "2022K2", "2022K3", "2022K4", "2023K1"],
        ["Overtrædelsens art i alt", "Slagelse", 100, 110, 120, 130, 90],
        [None, "Sorø", 10, 11, 12, 13, 9],
        ["Straffelov i alt", "Slagelse", 50, 50, 50, 50, 50],
    ]
    deliver("statbank", "2024-01-15", "STRAF11.xlsx", workbook(tmp_path / "s.xlsx", rows))
    read(settings)
    connection = build_in_memory(settings, AS_OF)
    found = connection.execute(
        "select year, value, value_state from confidential.indicator_figure "
        "where indicator_id = 'anmeldte_forbrydelser' order by year"
    ).fetchall()
    # 100 + 110 + 120 + 130; of 2023 one quarter of four
    assert found == [(2022, 460.0, "observed"), (2023, 90.0, "incomplete")]
    peers = connection.execute(
        "select region, area_id, value from confidential.peer_figure_full where year = 2022 order by region"
    ).fetchall()
    assert peers == [("Slagelse", "slagelse", 460.0), ("Sorø", None, 46.0)]
