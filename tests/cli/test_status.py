"""`omraadetal status`: the coverage grid, told without colour and within the width; what can be asked for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.coverage import lines
from ingest.examples import content_of
from publish.coverage import Cell, arrange
from vocabulary.reason_catalogue import DOCUMENTED_IN, REASONS
from vocabulary.reasons import FileReason, RowReason
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import Severity, ValueState, YearKind
from warehouse.connections import reading
from warehouse.paths import Paths

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
SIGNS = {"observed": "ok", "missing": "MISS", "incomplete": "part", "not_due": ".", "not_measured": "-"}


@pytest.fixture(scope="module")
def status(sample_night):
    def run(*arguments, **environment):
        return subprocess.run(
            [PROGRAM, "status", "--home", str(sample_night[0].home), *arguments],
            env={**os.environ, "COLUMNS": "80", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def rows(printed):
    """The grid as it is printed: {(indicator, area, year label): sign}."""
    found, indicator, heads = {}, "", []
    for line in printed.splitlines():
        if re.match(r" {3,}\d{4}", line):
            heads = [(head.start(), head.group()) for head in re.finditer(r"\S+", line)]
        elif re.fullmatch(r"[a-z_0-9]+", line):
            indicator = line
        elif heads and (area := re.match(r"  ([a-z_]+)  ", line)):
            signs = {sign.start(): sign.group() for sign in re.finditer(r"\S+", line[area.end() :].rjust(len(line)))}
            found |= {(indicator, area.group(1), head): signs[at] for at, head in heads if at in signs}
    return found


def test_the_grid_has_a_sign_for_every_figure_of_the_last_checked_build(status, sample_night):
    with reading(Paths.of(sample_night[0]).latest_warehouse.resolve()) as connection:
        figures = connection.execute(
            "select indicator_id, area_id, year_label, value_state, arg_min(case severity when 'blocks' then '#' "
            "when 'warns' then '!' when 'notes' then '*' end, "
            "case severity when 'blocks' then 1 when 'warns' then 2 else 3 end) "
            "from confidential.indicator_figure left join quality.flag "
            "using (agreement_id, indicator_id, area_id, year_kind, year) group by all"
        ).fetchall()
    expected = {figure[:3]: SIGNS[figure[3]] + (figure[4] or "") for figure in figures}
    done = status()
    grid = done.stdout.split("Coverage", 1)[1].split("Due and not there")[0]
    assert done.returncode == 0 and "\x1b" not in done.stdout
    assert max(map(len, grid.splitlines())) <= 80
    assert rows(grid) == expected
    assert "MISS missing" in grid and "! warns" in grid
    assert all(words in done.stdout for words in ("Delivered", "Due and not there", "Flags: "))


def test_a_terminal_gets_colour(status):
    assert "\x1b[" in status("--indicator", "beboertal", FORCE_COLOR="1", TERM="xterm-256color").stdout


def test_the_view_can_be_narrowed(status):
    told = status("--indicator", "brobygningssamtaler", "--area", "sydbyen", "--year-kind", "agreement").stdout
    found = rows(told)
    assert {key[:2] for key in found} == {("brobygningssamtaler", "sydbyen")} and all("/" in key[2] for key in found)
    assert "Nothing that is due is missing" in told and "quarantined_rows" not in told
    bare = status("--no-grid", "--all").stdout
    assert "Coverage" not in bare and "Delivered" in bare and "quarantined_rows" in bare


def test_what_is_not_there_is_told_with_what_is(status):
    unknown = status("--area", "sydby")
    assert unknown.returncode == 1 and "no figure for sydby" in unknown.stderr and "sydbyen" in unknown.stderr
    assert status("--year-kind", "lunar").returncode == 2


def test_years_that_do_not_fit_stand_in_blocks_of_about_equal_length():
    cells = [
        Cell("x", "i", "a_long_area_name", YearKind.CALENDAR, year, str(year), ValueState.OBSERVED, ())
        for year in range(2001, 2023)
    ]
    printed = [line.plain for grid in arrange(cells) for line in lines(grid, 80)]
    heads = [line.split() for line in printed if line.lstrip().startswith("20")]
    assert [year for head in heads for year in head] == [str(cell.year) for cell in cells]
    assert max(map(len, printed)) <= 80 and sorted(map(len, heads)) == [6, 8, 8]


def test_the_worst_flag_is_the_one_in_the_cell():
    flags = (Severity.NOTES, Severity.BLOCKS, Severity.WARNS)
    cell = Cell("x", "i", "a", YearKind.CALENDAR, 2022, "2022", ValueState.MISSING, flags)
    assert [line.plain for grid in arrange([cell]) for line in lines(grid, 80)][-1].split() == ["a", "MISS#"]


def test_refused_files_are_told_with_code_and_remedy_and_rows_set_aside_by_code(settings, deliver):
    def run(*arguments):
        command = [PROGRAM, *arguments, "--home", str(settings.home)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    for code, day in ((FileReason.MISSING_COLUMN, "2023-01-12"), (RowReason.UNKNOWN_AREA, "2023-01-13")):
        example = REASONS[code].example
        deliver(example.source, day, example.file_name, content_of(example))
    night = run("ingest", "--landing", settings.landing, "--as-of", "2023-02-01")
    told = run("status")
    refused = next(line for line in told.splitlines() if line.startswith("Refused "))
    assert refused.removeprefix("Refused ") in night
    assert refused.startswith("Refused forloeb_deltagere/2023-01-12/forloeb_2022.csv: missing_column. ")
    assert f"  {REASONS[FileReason.MISSING_COLUMN].operator}\n" in told
    assert "Rows set aside of forloeb_deltagere: 1 unknown_area\n" in told
    assert (PROJECT_ROOT / DOCUMENTED_IN).exists() and DOCUMENTED_IN in told


def test_an_error_begins_with_the_name_under_which_it_is_documented(tmp_path):
    done = subprocess.run(
        [PROGRAM, "build", "--home", str(tmp_path / "f" / "home")],
        env={**os.environ, "OMRAADETAL_STORE": "no-such-protocol://x"},
        capture_output=True,
        text=True,
        check=False,
    )
    name = re.match(r"omraadetal: (\w+): ", done.stderr)
    assert name and f"### {name[1]}\n" in (PROJECT_ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
