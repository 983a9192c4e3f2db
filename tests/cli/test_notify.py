"""`omraadetal notify` as a user meets it."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))


def run(home, *arguments, **environment):
    return subprocess.run(
        [PROGRAM, "notify", "--home", str(home), *arguments],
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_places_it_says_so_and_shows_what_would_be_told(sample_night):
    home = sample_night[0].home
    told = run(home)
    assert told.returncode == 0 and "OMRAADETAL_SMTP_URL" in told.stdout
    shown = run(home, "--dry-run")
    assert shown.returncode == 0 and "Subject: Områdetal 1. november 2025: " in shown.stdout
    assert "--- nobody yet" in shown.stdout


def test_what_cannot_be_sent_exits_with_4_and_shows_no_secret(sample_night):
    environment = {
        "OMRAADETAL_SMTP_URL": "smtp://bruger:hemmeligt@127.0.0.1:9",
        "OMRAADETAL_MAIL_FROM": "data@x.example",
        "OMRAADETAL_MAIL_TO": "bo@x.example",
        "OMRAADETAL_WEBHOOK_URL": "http://127.0.0.1:9/hemmeligt",
    }
    done = run(sample_night[0].home, **environment)
    assert done.returncode == 4 and "Traceback" not in done.stderr
    assert "mail to bo@x.example by 127.0.0.1:9: Connection refused; webhook at 127.0.0.1: ConnectError" in done.stderr
    help_text = run(sample_night[0].home, "--help", **environment)
    assert "hemmeligt" not in done.stdout + done.stderr + help_text.stdout
    shown = run(sample_night[0].home, "--dry-run", **environment)
    assert shown.returncode == 0 and "--- mail to bo@x.example by 127.0.0.1:9" in shown.stdout


def test_a_home_without_a_night_has_nothing_to_tell(tmp_path):
    done = run(tmp_path, "--dry-run")
    assert done.returncode == 0 and done.stdout == "Nothing new to tell.\n"
