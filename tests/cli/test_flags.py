"""`omraadetal flags`: what it lists and how it ends."""

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vocabulary.flags import FLAG_KEY
from vocabulary.states import FlagState
from warehouse.connections import reading, writing
from warehouse.paths import OWNER_ONLY_FILE, PUBLICATION_FILE, Paths, swap_link

PROGRAM = str(Path(sys.executable).with_name("omraadetal"))


def run(*arguments):
    return subprocess.run(
        [PROGRAM, "flags", *map(str, arguments)],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def listed(*arguments):
    done = run(*arguments, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture
def lived(sample_night, tmp_path):
    """A HOME whose publication has one flag that is acknowledged and one that is resolved."""
    paths = Paths(tmp_path)
    folder = Path(shutil.copytree(sample_night[1].publication, paths.publication(sample_night[1].publication.name)))
    swap_link(paths.current, folder)
    (folder / PUBLICATION_FILE).chmod(OWNER_ONLY_FILE)  # what is published is closed for writing
    with writing(folder / PUBLICATION_FILE) as connection:
        one = "where flag_code = 'missing_figure' and area_id = 'motalavej'"
        connection.execute(
            "update quality.flag set acknowledged_until = date '2026-03-31', acknowledged_by = 'head', "
            f"acknowledged_reason = 'no table' {one}"
        )
        connection.execute(f"update quality.flag_history set state = 'acknowledged' {one}")
        connection.execute(
            "insert into quality.flag_history by name select * replace ('resolved' as state, date '2020-01-01' as "
            "first_seen, date '2020-02-01' as last_seen, date '2020-03-01' as resolved_on, 'sydbyen' as area_id) "
            f"from quality.flag_history {one}"
        )
    return tmp_path


def test_every_published_flag_is_listed_once_with_its_message(sample_night):
    settings, night = sample_night
    rows = listed("--home", settings.home)
    with reading(night.publication / PUBLICATION_FILE) as connection:
        published = connection.execute("select flag_code, message from quality.flag order by all").fetchall()
    assert sorted((row["flag_code"], row["message"]) for row in rows) == published
    assert set(FLAG_KEY) | {"first_seen", "resolved_on", "observed", "acknowledged_until"} <= set(rows[0])
    assert {(row["state"], row["first_seen"], row["times_published"]) for row in rows} == {("open", "2025-11-01", "1")}


def test_no_message_becomes_a_formula_in_a_spreadsheet(lived):
    with writing(Paths(lived).current.resolve() / PUBLICATION_FILE) as connection:
        connection.execute("update quality.flag set message = '=HYPERLINK(\"x\")' where flag_code = 'missing_figure'")
    messages = {row["message"] for row in listed("--home", lived, "--code", "missing_figure", "--state", "open")}
    assert messages == {'\'=HYPERLINK("x")'}


def test_states_and_codes_are_picked(lived):
    every = listed("--home", lived)
    assert [row["state"] for row in every] == sorted((row["state"] for row in every), key=list(FlagState).index)
    by_state = {state: listed("--home", lived, "--state", state) for state in FlagState}
    assert sum(map(len, by_state.values())) == len(every)
    (resolved,) = by_state[FlagState.RESOLVED]
    assert (resolved["area_id"], resolved["resolved_on"], resolved["message"]) == ("sydbyen", "2020-03-01", "")
    of_code = listed("--home", lived, "--code", "missing_figure", "--state", "acknowledged")
    assert [row["area_id"] for row in of_code] == ["motalavej"]


def test_the_table_says_who_let_a_flag_stand_and_when_one_was_resolved(lived):
    told = run("--home", lived, "--code", "missing_figure").stdout
    assert "1 open, 1 acknowledged, 1 resolved" in told
    assert "acknowledged until 2026-03-31 by head: no table" in " ".join(told.split())
    assert "last seen 2020-02-01, resolved 2020-03-01" in told
    assert run("--home", lived, "--code", "share_out_of_range").stdout.endswith(
        ": 0 open, 0 acknowledged, 0 resolved\n"
    )


@pytest.mark.parametrize("arguments", [("--state", "closed"), ("--code", "missing"), ("--format", "xml")])
def test_wrong_words_are_wrong_usage(arguments):
    assert run(*arguments).returncode == 2


def test_nothing_published_and_a_publication_without_the_table_are_told(lived, tmp_path):
    nothing = run("--home", tmp_path / "nothing")
    assert nothing.returncode == 1 and "omraadetal nightly" in nothing.stderr
    with writing(Paths(lived).current / PUBLICATION_FILE) as connection:
        connection.execute("drop table quality.flag_history")
    outdated = run("--home", lived)
    assert outdated.returncode == 1 and "before there was a table quality.flag_history" in outdated.stderr
    assert "Traceback" not in outdated.stderr
