"""`omraadetal agreement`: what it prints and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vocabulary.settings import PROJECT_ROOT

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
SAMPLES = PROJECT_ROOT / "samples" / "agreements"


def run(*arguments, agreements=None):
    environment = {key: value for key, value in os.environ.items() if key != "OMRAADETAL_AGREEMENTS"}
    if agreements:
        environment["OMRAADETAL_AGREEMENTS"] = str(agreements)
    return subprocess.run(
        [PROGRAM, "agreement", *arguments],
        env={**environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_show_prints_the_delaftale_as_it_stood():
    done = run("show", "sammenhaengskraft_og_medborgerskab", "--as-of", "2022-01-01")
    assert done.returncode == 0
    assert done.stdout.startswith("# Delaftale for indsatsområdet Sammenhængskraft og medborgerskab\n")
    assert "Som den stod 1. januar 2022" in done.stdout


def test_show_of_the_example_moves_with_the_day():
    before = run("show", "--as-of", "2022-12-31", agreements=SAMPLES).stdout
    after = run("show", "--as-of", "2023-01-01", agreements=SAMPLES).stdout
    assert "<br>25 børn" in before and "<br>35 børn" not in before and "<br>35 børn" in after


def test_diff_tells_the_change_and_its_decision():
    done = run("diff", "2022-01-01", "2023-01-01", "--agreement", "uddannelse_og_livschancer", agreements=SAMPLES)
    assert done.returncode == 0
    assert "  - 1. januar 2022: 25\n  - 1. januar 2023: 35\n  - Revision 2022-1, besluttet 15. november" in done.stdout
    assert "Intet er ændret" in run("diff", "2022-01-01", "2022-06-01").stdout


def test_check_lists_what_is_open_and_ends_well():
    done = run("check")
    assert done.returncode == 0
    assert "OPEN: baseline.n" in done.stdout and "settled by target.basis: per_year" in done.stdout


def test_a_contradiction_ends_with_1_and_names_file_line_and_key(tmp_path):
    text = (SAMPLES / "uddannelse_og_livschancer.yaml").read_text()
    old = "      - indicator: boern_i_lektiecafe\n"
    (tmp_path / "uddannelse_og_livschancer.yaml").write_text(text.replace(old, old.replace("boern_i", "unge_i")))
    line = text.splitlines().index(old.rstrip()) + 1
    done = run("check", agreements=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    key = f"uddannelse_og_livschancer.yaml, line {line}, revisions.0.changes.0.indicator"
    assert key in done.stderr and "«unge_i_lektiecafe»" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "no_such_agreement"), 1),
        (("show", "--as-of", "i går"), 2),
        (("diff", "2022-01-01"), 2),
        (("diff", "2023-01-01", "2022-01-01"), 2),
    ],
)
def test_wrong_usage_and_unknown_agreements(arguments, code):
    done = run(*arguments)
    assert done.returncode == code and "Traceback" not in done.stderr


def test_help_tells_the_commands_and_the_environment_variable():
    text = run("--help").stdout
    assert all(word in text for word in ("show", "diff", "check", "OMRAADETAL_AGREEMENTS"))
