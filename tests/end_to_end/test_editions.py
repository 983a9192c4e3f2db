"""The board approves a report; a partner delivers again; the next report is measured against what was approved."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from nightly.night import run_night
from nightly.stages import approve_report
from publish.report.reading import read_report
from vocabulary.states import YearKind
from warehouse.connections import reading
from warehouse.editions import Editions
from warehouse.paths import PUBLICATION_FILE, Paths

MINUTES = "Bestyrelsesmøde 9.12.2025, punkt 4"
AGREEMENT = "sammenhaengskraft_og_medborgerskab"
AGAIN = date(2025, 12, 15)


@pytest.fixture(scope="module")
def world(sample_night, tmp_path_factory):
    """The sample night with an approved report, and a night in which a year was delivered again with 300 rows less."""
    folder = tmp_path_factory.mktemp("editions")
    home, landing = folder / "home", folder / "landing"
    shutil.copytree(sample_night[0].home, home, symlinks=True)
    shutil.copytree(sample_night[0].landing, landing)
    settings = replace(sample_night[0], home=home, store=str(home), landing=str(landing))
    approved = approve_report(settings, MINUTES)
    once_more = approve_report(settings, MINUTES)
    delivered = landing / "vejledninger" / "2025-10-06" / "Vejledninger 2025.csv"
    lines = delivered.read_bytes().splitlines(keepends=True)
    again = landing / "vejledninger" / AGAIN.isoformat() / "Vejledninger 2025 rettet.csv"
    again.parent.mkdir()
    again.write_bytes(b"".join(lines[:-300]))
    shutil.copystat(delivered, again)
    night = run_night(settings, AGAIN)
    return settings, approved, once_more, night


def test_an_edition_keeps_page_pdf_annex_delaftale_figures_and_definitions(world, sample_night):
    settings, (edition, folder), _, _ = world
    assert (edition.number, edition.year_label, edition.minutes) == (1, "2024/25", MINUTES)
    assert edition.publication_id == sample_night[1].publication.name
    assert folder.is_relative_to(Paths.of(settings).journal)
    for name in ("rapport.pdf", "rapport.html", "rapport.xlsx", "delaftale.md", "figures.parquet", "publication.json"):
        assert (folder / name).stat().st_size > 0 and (folder / name).stat().st_mode & 0o077 == 0, name
    assert "Beboerne engagerer sig lokalt" in (folder / "delaftale.md").read_text()
    words = duckdb.sql(f"from '{folder}/parquet/curated/tabel_8_definitioner.parquet'").fetchall()
    figures = duckdb.sql(
        f"select * from '{folder}/figures.parquet' where indicator_id = 'brobygningssamtaler'"
    ).fetchall()
    assert len(words) > 5 and len(figures) > 10
    page = (folder / "rapport.html").read_text()
    assert MINUTES in page and "ikke godkendt" not in page


def test_the_same_report_approved_by_the_same_minutes_is_kept_once(world):
    settings, approved, once_more, _ = world
    assert approved == once_more
    assert [one.number for one in Editions.of(Paths.of(settings)).all()] == [1]


def test_the_publication_that_was_approved_says_so(world):
    _, (edition, _), _, night = world
    folder = night.publication.parent / edition.publication_id
    assert MINUTES in (folder / "report" / "rapport.html").read_text()


def test_a_later_restatement_is_measured_against_what_the_board_approved(world):
    _, (_, folder), _, night = world
    old = duckdb.sql(
        f"select value from '{folder}/figures.parquet' where indicator_id = 'brobygningssamtaler' "
        "and area_id = 'alle_omraader' and year_kind = 'agreement' and year = 2024"
    ).fetchone()[0]
    with reading(night.publication / PUBLICATION_FILE) as connection:
        report = read_report(connection, AGREEMENT, YearKind.AGREEMENT, 2024)
        untouched = connection.execute("select count(*) from curated.tabel_6_aendringer where year < 2024").fetchone()[
            0
        ]
    change = next(one for one in report.changes if "samlet set, 2024/25" in one.about)
    assert old == change.before.value == 1663 and change.after.value < old
    assert MINUTES in change.since and "2024/25" in change.since
    assert untouched == 0
    assert [(one.number, one.minutes) for one in report.earlier_editions] == [(1, MINUTES)]
    page = (night.publication / "report" / "rapport.html").read_text()
    assert "ikke godkendt" in page and "1.663" in page
    assert Path(folder / "rapport.html").read_text() != page, "what was approved stays as it was"


def test_a_night_for_a_day_before_the_approval_does_not_know_of_it(world):
    settings, _, _, _ = world
    assert Editions.of(Paths.of(settings)).all(as_of=date(2025, 10, 31)) == []
