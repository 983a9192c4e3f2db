"""`omraadetal keys`: what it tells of keys, and that it tells none."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ingest.key_store import load_key
from ingest.stage import Ingest
from vocabulary.settings import Settings

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;05-01-2022;Sydbyen;700180-1352;;LSO;Bolig;;Ja;1,00;\n"
OFFERED = "en tilbudt nøgle, der er lang nok til at være en"


@pytest.fixture
def own(settings, tmp_path, monkeypatch, deliver):
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    monkeypatch.setenv("OMRAADETAL_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    own = Settings.from_environment(home=settings.home, landing=settings.landing)
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(own)
    ingest.read_files(ingest.find_new(date(2025, 11, 1)).files)
    return own


def keys(settings, *arguments, stdin="", **environment):
    places = ("--home", settings.home, *(("--landing", settings.landing) if "show" not in arguments else ()))
    return subprocess.run(
        [PROGRAM, "keys", *map(str, (*arguments, *places))],
        env={**os.environ, "COLUMNS": "200", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_rotate_from_standard_input_and_show_tell_ids_and_no_key(own):
    old = load_key(own)
    dry = keys(own, "rotate", "--dry-run")
    assert "1 files would be read again, 0 deliveries are gone" in dry.stdout and load_key(own).secret == old.secret
    done = keys(own, "rotate", "--from-stdin", stdin=OFFERED + "\n")
    new = load_key(own)
    assert done.returncode == 0 and new.secret.decode() == OFFERED
    assert f"key {new.key_id} is in force" in done.stdout and old.key_id in done.stdout
    shown = keys(own, "show")
    assert f"key {new.key_id} in {own.key_file}" in shown.stdout and f"1 readings with key {new.key_id}" in shown.stdout
    assert f"{old.key_id} was replaced by {new.key_id}" in shown.stdout
    text = "".join(one.stdout + one.stderr for one in (dry, done, shown))
    assert OFFERED not in text and old.secret.decode() not in text


def test_what_is_gone_stops_it_unless_it_may_be_left_behind(own):
    (Path(own.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv").unlink()
    refused = keys(own, "rotate")
    assert refused.returncode == 1 and "vejledninger/2023-01-12/v_2022.csv" in refused.stderr
    assert "  gone vejledninger/2023-01-12/v_2022.csv" in keys(own, "rotate", "--dry-run").stdout
    done = keys(own, "rotate", "--leave-behind")
    assert done.returncode == 0 and "can no longer be linked" in done.stdout
    assert "which is not in force" in keys(own, "show").stdout


@pytest.mark.parametrize(("stdin", "words"), [("kort\n", "4 characters"), ("", "0 characters")])
def test_a_key_that_is_none_is_refused(own, stdin, words):
    before = load_key(own).secret
    refused = keys(own, "rotate", "--from-stdin", stdin=stdin)
    assert refused.returncode == 1 and words in refused.stderr and load_key(own).secret == before


def test_a_key_from_the_environment_is_said_to_be_somebody_elses_to_change(own):
    refused = keys(own, "rotate", OMRAADETAL_PSEUDONYM_KEY=load_key(own).secret.decode())
    assert refused.returncode == 1 and "unset the variable" in refused.stderr


def test_a_lost_key_is_told_by_show_and_not_made_anew(own):
    key_id = load_key(own).key_id
    own.key_file.unlink()
    shown = keys(own, "show")
    assert "no key" in shown.stdout and f"1 readings with key {key_id}, which is not in force" in shown.stdout
    assert keys(own, "rotate").returncode == 1 and not own.key_file.exists()
