"""The printed delaftale: the signed one against its source, and what revisions make of it."""

import re
from datetime import date

import pytest

from agreements.document import document_da, goal_table
from agreements.loader import read_agreements
from vocabulary.settings import PROJECT_ROOT

SOURCE = PROJECT_ROOT.parent / "shared" / "source" / "delaftale.txt"

REVISIONS = """\
- revision_id: r1
  decided_on: 2022-09-12
  effective_from: 2022-10-01
  minutes: Bestyrelsesmøde 12.9.2022, punkt 4
  reason: Flere henvendelser
  changes:
    - indicator: brobygningssamtaler
      set:
        target: {value: 1600, basis: per_year, year_kind: agreement, pacing: linear, quote: Der afholdes 1600 samtaler}
- revision_id: r2
  decided_on: 2023-02-01
  effective_from: 2023-10-01
  minutes: Bestyrelsesmøde 1.2.2023, punkt 1
  reason: Færre ansatte
  replaces: r1
  changes:
    - agreement:
        staff: [{position: Chef for helhedsplanen, share_pct: 20, of_total_capacity: true}]
"""


@pytest.fixture(scope="module")
def real():
    return read_agreements(PROJECT_ROOT / "agreements")


def rows(agreements, day=date(2022, 1, 1)):
    version = agreements.agreements[0].in_force(day, day)
    lines = list(goal_table(version.agreement, agreements.areas))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def letters(text):
    return re.sub(r"[^a-zæøå0-9%]", "", text.casefold())


def test_the_table_has_the_cells_of_the_source_and_its_blanks(real):
    heading, _, *found = rows(real)
    assert heading[2:] == ["Baseline boligområder samlet set", "Slagelse Kommune", "Evt. anden baseline", "Datakilde"]
    assert heading[1].endswith("OBS. Alle indikatorer er årlige opgørelser.")
    assert [bool(row[0]) for row in found] == [True, False, True, False, False]
    assert [row[3] for row in found] == ["Opgøres ikke", "", "Opgøres ikke", "", ""]
    assert [row[2] for row in found if row[2]] == [
        "51% (Besvarelse ”Enig/meget enig”) (2018)<br>Forventes opdateret efterår ´21"
    ]
    assert [row[1].startswith("Akt.nær indikator<br>") for row in found] == [False, True, False, True, True]


def test_every_word_of_the_table_stands_in_the_source(real):
    if not SOURCE.exists():
        pytest.skip("no ../shared/source beside the checkout")
    paper = letters(SOURCE.read_text())
    heading, _, *found = rows(real)
    parts = [part for row in found for cell in row for part in cell.split("<br>") if part]
    assert len(parts) == 19
    assert [part for part in parts if letters(part) not in paper] == []
    assert [word for cell in heading for word in cell.replace("<br>", " ").split() if letters(word) not in paper] == []


def test_the_document_has_the_sections_of_the_delaftale(real):
    text = document_da(real.agreements[0], real.areas, date(2022, 1, 1))
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [
        "Delaftalens parter",
        "Delmål og indikatorer for indsatsområdet",
        "Aktiviteter",
        "Medarbejderressourcer for indsatsområdet",
        "Sammenhæng med den kommunale indsats i boligområdet",
        "Revision af delaftalen",
        "Vedtagne ændringer, der gælder",
        "Vedtagne ændringer, der endnu ikke gælder",
    ]
    assert "- Chef for helhedsplanen, 25 %\n" in text and "- Beboervejledere, 40 % af samlet kapacitet\n" in text
    table, context = text.split("### Rammetal")
    assert "Beboere i boligområderne" not in table and "Beboere i boligområderne" in context
    assert "Eksempel" not in text


def test_context_figures_are_not_in_the_table(real):
    assert not any("Danmarks Statistik" in cell for row in rows(real) for cell in row)


@pytest.mark.parametrize(
    ("day", "promise", "staff", "in_force", "ahead", "replaced"),
    [
        (date(2022, 9, 11), "1500", "25 %", [], [], []),
        (date(2022, 9, 12), "1500", "25 %", [], ["r1"], []),
        (date(2022, 10, 1), "1600", "25 %", ["r1"], [], []),
        (date(2023, 2, 1), "1500", "25 %", [], ["r2"], ["r1"]),
        (date(2023, 10, 1), "1500", "20 % af samlet kapacitet", ["r2"], [], ["r1"]),
    ],
)
def test_a_day_shows_what_was_decided_and_in_effect_by_then(
    write_agreement, day, promise, staff, in_force, ahead, replaced
):
    agreements = read_agreements(write_agreement(REVISIONS))
    text = document_da(agreements.agreements[0], agreements.areas, day)
    assert f"Der afholdes {promise}" in text
    assert f"- Chef for helhedsplanen, {staff}\n" in text
    _, now, later, *gone = text.split("## Vedtagne ændringer")
    assert re.findall(r"^### (\w+)$", now, re.MULTILINE) == in_force
    assert re.findall(r"^### (\w+)$", later, re.MULTILINE) == ahead
    assert re.findall(r"^### (\w+)$", "".join(gone), re.MULTILINE) == replaced


def test_a_decision_is_printed_with_its_days_minutes_and_changes(write_agreement):
    agreements = read_agreements(write_agreement(REVISIONS))
    text = document_da(agreements.agreements[0], agreements.areas, date(2022, 12, 1))
    assert "- Besluttet: 12. september 2022\n- Gælder fra: 1. oktober 2022\n" in text
    assert "- Referat: Bestyrelsesmøde 12.9.2022, punkt 4\n- Begrundelse: Flere henvendelser" in text
    assert "Brobygningssamtaler i beboervejledningen: Mål, værdi: 1.500 → 1.600\n" in text


def test_outside_its_period_the_document_says_so(real):
    living = real.agreements[0]
    assert "gjaldt endnu ikke" in document_da(living, real.areas, date(2021, 9, 30))
    assert "var udløbet" in document_da(living, real.areas, date(2025, 10, 1))
    assert "udløbet" not in document_da(living, real.areas, date(2025, 9, 30))


def test_the_example_says_that_it_is_one():
    sample = read_agreements(PROJECT_ROOT / "samples" / "agreements")
    text = document_da(sample.agreements[0], sample.areas, date(2024, 6, 1))
    assert text.startswith("# Eksempel") and "ingen har underskrevet" in text
    row = next(line for line in text.splitlines() if "lektiecafé |" in line)
    assert row.split("|")[3:6] == ["  ", "  ", " 9 børn i Ringparken (2021) "]


def test_the_example_uses_sources_that_exist():
    living = read_agreements(PROJECT_ROOT / "samples" / "agreements").agreements[0]
    known = {path.stem for path in (PROJECT_ROOT / "ingest" / "sources").glob("*.yaml")}
    assert living.sources <= known and len(living.sources) >= 5
    kinds = {one.measure.kind for version in living.every_version() for one in version.agreement.indicators}
    assert {"sum", "rate", "distinct_persons"} <= kinds
