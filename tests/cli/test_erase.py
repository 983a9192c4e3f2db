"""Erase and show as an operator does it: one person, from the first night to a publication without them."""

import csv
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.key_store import load_key
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
CPR = "066290-4321"
AS_OF = ("--as-of", "2023-06-01")


def sessions(day, count, cpr, first, note=""):
    return "".join(f"{first + at};{day};Sydbyen;{cpr};Navn;LSO;=1+1;Politi;Ja;1,00;{note}\n" for at in range(count))


class Operator:
    """Runs commands on a HOME and a landing zone; what is given on standard input is the only place of the number."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "landing" / "vejledninger" / "2023-01-12" / "v_2022.csv"
        self.file.parent.mkdir(parents=True)
        self.env = {**os.environ, "COLUMNS": "200", "OMRAADETAL_ERASURES": str(folder / "erasures")}

    def __call__(self, *arguments, told=None):
        return subprocess.run(
            [PROGRAM, *arguments, "--home", str(self.folder / "home"), "--landing", str(self.folder / "landing")],
            input=told,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def settings(self):
        return Settings.from_environment(home=self.folder / "home", landing=self.folder / "landing")


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    """After one night with 7 sessions of the person among 30."""
    operate = Operator(tmp_path_factory.mktemp("operator"))
    others = "".join(sessions("06-01-2022", 1, f"7101{80 + at % 9}-1111", 8 + at) for at in range(23))
    content = HEAD + sessions("05-01-2022", 7, CPR, 1, "hemmeligt") + others
    operate.file.write_text(content)
    done = operate("nightly", *AS_OF)
    assert done.returncode == 0, done.stderr
    return operate


def published(operate):
    with reading(Paths.of(operate.settings).current / PUBLICATION_FILE) as connection:
        return connection.execute(
            "select value from marts.indicator_by_area_year where indicator_id = 'brobygningssamtaler' "
            "and area_id = 'sydbyen' and year_key = 'calendar-2022'"
        ).fetchone()[0]


def test_what_is_held_is_shown_and_written_for_its_reader_only(operator, tmp_path):
    shown = operator("person", told="0662904321\n")
    assert shown.returncode == 0, shown.stderr
    assert "Der er 7 rækker om dig i 1 leverede filer" in shown.stdout and "opgjorte tal" in shown.stdout
    assert "is_bridged: true" in shown.stdout and "hemmeligt" not in shown.stdout and "4321" not in shown.stdout
    out = tmp_path / "answer.csv"
    done = operator("person", "--delivered", "--out", str(out), told=CPR)
    assert done.returncode == 0 and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert {row["værdi"] for row in rows if row["oplysning"] == "leveret: Bemærkning"} == {"hemmeligt"}
    assert {row["værdi"] for row in rows if row["oplysning"] == "theme"} == {"'=1+1"}
    assert "ingen oplysninger" in operator("person", told="1111111111").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("erase",), ""),
        (("erase",), CPR),
        (("erase", "--source", "aktiviteter"), CPR),
        (("erase", "--also-later"), "D-17"),
        (("person", CPR), ""),
    ],
)
def test_wrong_usage_changes_nothing(operator, arguments, told):
    before = operator.file.read_bytes()
    assert operator(*arguments, told=told).returncode == 2
    assert operator.file.read_bytes() == before and not (operator.folder / "erasures").exists()


def test_a_dry_run_and_a_search_without_result_change_nothing(operator):
    before = operator.file.read_bytes()
    dry = operator("erase", "--dry-run", told=CPR)
    assert dry.returncode == 0 and "vejledninger: 7 rows" in dry.stdout
    nobody = operator("erase", "--yes", told="1111111111")
    assert nobody.returncode == 0 and "--also-later" in nobody.stdout
    assert operator.file.read_bytes() == before and not (operator.folder / "erasures").exists()


def test_the_publication_after_an_erasure_is_made_without_the_person(operator):
    assert published(operator) == 30
    builds = Paths.of(operator.settings).builds
    (before,) = builds.iterdir()
    done = operator("erase", "--yes", told=CPR)
    assert done.returncode == 0, done.stderr
    assert published(operator) == 23
    (after,) = builds.iterdir()
    assert after != before
    text = operator.file.read_text()
    assert "4321" not in text and text.count("[slettet]\n") == 7
    needles = [needle.encode() for needle in (CPR, CPR.replace("-", ""), load_key(operator.settings).pseudonym(CPR))]
    for path in operator.folder.rglob("*"):
        assert not path.is_file() or not any(needle in path.read_bytes() for needle in needles), path
    again = operator("erase", "--yes", told=CPR)
    assert again.returncode == 0 and "Nothing is kept" in again.stdout


def published_figures(operate):
    with reading(Paths.of(operate.settings).current / PUBLICATION_FILE) as connection:
        figures = connection.execute("select * exclude (publication_id) from marts.indicator_by_area_year").fetchall()
        counts = connection.execute(
            "select rows_count, row_numbers from marts.figure_source "
            "where indicator_id = 'brobygningssamtaler' and rows_count > 0"
        ).fetchall()
        told = connection.execute(
            "select message, observed, expected from quality.flag where flag_code = 'restated'"
        ).fetchall()
    return figures, counts, told


def test_nobody_sees_in_the_publication_that_somebody_with_two_sessions_was_erased(operator):
    """After the test above: 23 sessions of nine residents, one of whom had two."""
    before, counts, _ = published_figures(operator)
    assert counts
    done = operator("erase", "--yes", told="710186-1111")
    assert done.returncode == 0, done.stderr
    with reading(Paths.of(operator.settings).latest_warehouse.resolve()) as connection:
        true = connection.execute(
            "select value from confidential.indicator_figure where indicator_id = 'brobygningssamtaler' "
            "and area_id = 'sydbyen' and year_kind = 'calendar' and year = 2022"
        ).fetchone()[0]
    after, counts, told = published_figures(operator)
    assert (true, published(operator)) == (21, 23)
    assert [row[:24] for row in after] == [row[:24] for row in before]
    assert counts == [] and all(observed is None for _, observed, _ in told)
