"""Names of delivered files are data: whatever stands in one, the file is read, and a log shows it on one line."""

import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from ingest.landing import delivered_together
from ingest.stage import Ingest
from tests.ingest.hostile_files import GOOD, ROW
from warehouse.store import Folder

DAY = date(2025, 11, 1)


def run(settings):
    ingest = Ingest(settings)
    found = ingest.find_new(DAY)
    return found, ingest.read_files(found.files)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (unicodedata.normalize("NFD", "årlige møder_2022.csv"), unicodedata.normalize("NFD", "årlige møder_2022.csv")),
        ("-rf 2022.csv", "-rf 2022.csv"),
        ("--help_2022.csv", "--help_2022.csv"),
        ("v_2022\nrefused x.csv", "v_2022\ufffdrefused x.csv"),
        ("v_2022\r\x1b[2K\x07.csv", "v_2022\ufffd\ufffd[2K\ufffd.csv"),
        ("v_2022_\u202evsc.csv", "v_2022_\ufffdvsc.csv"),
        (os.fsdecode("række_2022.csv".encode("cp1252")), "r\ufffdkke_2022.csv"),
        ("2022 " + "æ" * 123 + ".csv", "2022 " + "æ" * 123 + ".csv"),
        ("%(file)s {0} $HOME * ? [2022] ~ # 'a' \"b\".csv", "%(file)s {0} $HOME * ? [2022] ~ # 'a' \"b\".csv"),
        (" 2022 ..csv", " 2022 ..csv"),
        ("..\\..\\2022.csv".lstrip("."), "\\..\\2022.csv"),
    ],
    ids=[
        "decomposed letters",
        "leading dash",
        "an option",
        "line break",
        "terminal",
        "direction",
        "not UTF-8",
        "255 bytes",
        "patterns",
        "spaces and points",
        "strokes",
    ],
)
def test_a_file_of_any_name_is_read_once_and_told_on_one_line(settings, deliver, caplog, name, shown):
    deliver("vejledninger", "2023-01-12", name, GOOD)
    with caplog.at_level("DEBUG"):
        _, (record,) = run(settings)
    assert (record.rows_loaded, record.texts_redacted, record.file_name) == (1, 0, shown)
    assert (record.name_key is None) == (shown == name)
    assert f"vejledninger/2023-01-12/{shown}: 1 rows loaded, 0 quarantined" in caplog.messages
    assert not [one for one in caplog.messages if len(one.splitlines()) != 1]
    assert run(settings)[1] == []
    deliver("vejledninger", "2023-01-12", name, GOOD + ROW.replace("1;", "2;", 1).encode())
    run(settings)
    assert [one.rows_loaded for one in Ingest(settings).ledger.records()] == [2]


def test_a_refused_file_is_told_on_one_line(settings, deliver, caplog):
    deliver("vejledninger", "2023-01-12", "v\n_2022.csv", "")
    _, (record,) = run(settings)
    assert record.reason_code == "empty_file" and record.texts_redacted == 0
    assert "\n" not in record.file_name + record.problem + "".join(caplog.messages)


def test_two_names_that_look_alike_are_two_files(settings, deliver):
    for form in ("NFC", "NFD"):
        deliver("vejledninger", "2023-01-12", unicodedata.normalize(form, "år_2022.csv"), GOOD)
    # one content and one reading: a copy
    assert len(run(settings)[1]) == 2 and len(Ingest(settings).ledger.records()) == 1
    deliver("vejledninger", "2023-01-12", unicodedata.normalize("NFD", "år_2022.csv"), GOOD + ROW.encode())
    run(settings)
    assert len(Ingest(settings).ledger.records()) == 2


def test_a_layout_finds_decomposed_names(settings):
    descriptor = Ingest(settings).descriptors["vejledninger"]
    layouts = [one.model_copy(update={"file_name": "^årlige"}) for one in descriptor.layouts]
    own = descriptor.model_copy(update={"layouts": tuple(layouts)})
    assert own.layouts_for(unicodedata.normalize("NFD", "årlige.csv")) == layouts
    assert own.layouts_for("arlige.csv") == []


@pytest.fixture
def outside(tmp_path) -> Path:
    """A file and a folder that are nobody's delivery."""
    place = tmp_path / "outside" / "2023-01-13"
    place.mkdir(parents=True)
    (place / "v_2022.csv").write_bytes(GOOD)
    return place


def test_a_link_out_of_the_landing_zone_is_passed_over_with_its_reason(settings, deliver, outside):
    own = deliver("vejledninger", "2023-01-12", "v_2022.csv", GOOD).parent
    (own / "link_2022.csv").symlink_to(outside / "v_2022.csv")
    (own / "relative_2022.csv").symlink_to(os.path.relpath(outside / "v_2022.csv", own))
    (own / "other_2022.csv").symlink_to("/etc/passwd")
    (own.parent / "2023-01-13").symlink_to(outside, target_is_directory=True)
    other = deliver("aktiviteter", "2023-01-12", "v_2022.csv", GOOD)
    (own / "another_source_2022.csv").symlink_to(other)
    found, _ = run(settings)
    assert [str(file) for file in found.files if file.source_id == "vejledninger"] == [
        "vejledninger/2023-01-12/v_2022.csv"
    ]
    assert sorted(line.split(": ")[0].removeprefix("vejledninger/") for line in found.passed_over) == [
        "2023-01-12/another_source_2022.csv",
        "2023-01-12/link_2022.csv",
        "2023-01-12/other_2022.csv",
        "2023-01-12/relative_2022.csv",
        "2023-01-13",
    ]
    assert {line.split(": ")[1] for line in found.passed_over} == {"a link that leads out of its source's folder"}
    assert len(delivered_together(Folder.at(settings.landing), "vejledninger", date(2023, 1, 12))) == 1


def test_links_within_a_source_and_a_source_that_is_a_link_are_read(settings, deliver, tmp_path):
    path = deliver("vejledninger", "2023-01-12", "v_2022.csv", GOOD)
    source = Path(settings.landing) / "vejledninger"
    (source / "2023-01-12" / "again_2022.csv").symlink_to(path)
    source.rename(tmp_path / "mounted")
    source.symlink_to(tmp_path / "mounted", target_is_directory=True)
    (source / "2023-01-12" / "again_2022.csv").unlink()
    (source / "2023-01-12" / "again_2022.csv").symlink_to("v_2022.csv")
    found, records = run(settings)
    assert len(found.files) == 2 and found.passed_over == () and {one.rows_loaded for one in records} == {1}


def test_what_is_passed_over_is_told_on_one_line(settings, deliver, caplog):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", GOOD)
    deliver("vejledninger", "i går\n", "v_2022.csv", GOOD)
    deliver("vejledninger", "2023-01-12", "mappe\n/v_2022.csv", GOOD)
    deliver("en\nanden", "2023-01-12", "v_2022.csv", GOOD)
    found, _ = run(settings)
    assert len(found.passed_over) == 3 and not [one for one in (*found.passed_over, *caplog.messages) if "\n" in one]
