"""`omraadetal retention` as an operator meets it: what is listed, what goes, and what may not go yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;{};Sydbyen;;Navn;LSO;Bolig;Politi;Ja;1,00;\n"


@pytest.fixture
def operate(settings, deliver):
    """Runs a command on one delivery that was read, with a row of 2022 and one that is dated long before."""
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW.format("05-01-2022") + ROW.format("05-01-2002"))

    def run(*arguments):
        return subprocess.run(
            [PROGRAM, *arguments, "--home", str(settings.home), "--landing", settings.landing],
            env={**os.environ, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("ingest").returncode == 0
    return run


def test_what_is_past_is_listed_and_goes_only_when_asked(operate, settings):
    file = Path(settings.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv"
    before = file.read_bytes()
    listed = operate("retention", "--as-of", "2024-01-05")
    assert listed.returncode == 0 and "vejledninger: before 2019-01-01 (" in listed.stdout
    assert "some rows   2023-01-12 v_2022.csv: 1 rows" in listed.stdout
    assert "whole file  2023-01-12 v_2022.csv: 2 rows" in operate("retention", "--as-of", "2028-01-05").stdout
    assert file.read_bytes() == before
    done = operate("retention", "--apply", "--as-of", "2024-01-05")
    assert done.returncode == 0, done.stderr
    assert file.read_text() == HEAD + ROW.format("05-01-2022") + "[udløbet]\n"
    assert "Nothing is past." in operate("retention", "--apply", "--as-of", "2024-01-05").stdout


def test_a_day_to_come_can_be_looked_at_and_not_applied(operate, settings):
    file = Path(settings.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv"
    assert operate("retention", "--apply", "--as-of", "2100-01-01").returncode == 2
    assert file.exists()
