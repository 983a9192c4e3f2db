"""A person is taken out of delivered files and readings, and nothing brings the person back."""

import csv
import io
import os
import shutil
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest import erasing
from ingest.erasing import put_on_list, take_out
from ingest.erasure_list import KEY_FILE, ErasureList
from ingest.finding import find_person
from ingest.healing import heal
from ingest.key_rotation import rotate
from ingest.key_store import load_key
from ingest.readers.tombstones import Tombstone
from ingest.stage import Ingest
from ingest.tombstoning import with_tombstones
from vocabulary.errors import (
    ErasureListLost,
    ErasureListUnusable,
    IdentityAmbiguous,
    KeyMismatch,
    RowsNotTraced,
    SourceWithoutPersons,
)
from vocabulary.settings import Settings
from warehouse.erased import ErasureLog

DAY = date(2025, 11, 1)
CPR = "0662904321"
WRITTEN = ("066290-4321", "0662904321", "662904321", " 066290 4321 ")
OTHERS = ("710180-1111", "720180-2222", "")
HEADINGS = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning"
FIELDS = len(HEADINGS.split(";"))


def row(number, cpr, *, day="05-01-2022", consent="Ja", note=""):
    return f"{number};{day};Sydbyen;{cpr};Navn Navnesen;LSO;Bolig;Politi;{consent};1,00;{note}\r\n"


def file_of(*rows):
    return f"{HEADINGS}\r\n{''.join(rows)}"


def night(settings):
    ingest = Ingest(settings)
    records = ingest.read_files(ingest.find_new(DAY).files)
    heal(Ingest(settings))
    return records


def erase(settings, identity=CPR, source=None, *, keep_files=False):
    found = find_person(Ingest(settings), identity, source)
    return take_out(settings, found, DAY, keep_files=keep_files, progress=lambda line: None)


def records(settings):
    found = Ingest(settings).ledger.records()
    for one in found:
        assert one.rows_read == (
            one.rows_loaded + one.rows_quarantined + one.rows_duplicate + one.rows_erased + one.rows_expired
        )
    return found


def written_in(*folders):
    """Every file below some folders as text, Parquet with its cells."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        text = path.read_bytes().decode("latin-1")
        yield path, text + (str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else "")


def traces(settings, *folders):
    """Files that hold the number in any notation, or its pseudonym."""
    needles = (CPR[1:], "66290-4321", "66290 4321", load_key(settings).pseudonym(CPR))
    return [path for path, text in written_in(settings.home, *folders) if any(needle in text for needle in needles)]


def raw(settings, record):
    return pq.read_table(settings.home / "raw" / record.source_id / f"{record.reading_id}.parquet").to_pylist()


@pytest.fixture(scope="module", autouse=True)
def nobody_is_writing():
    """Files that were just rewritten count as settled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.landing.SETTLING_SECONDS", 0.0)
        yield


@pytest.fixture
def delivered(settings, deliver):
    """One file with four rows of the person (one without consent, one quarantined, one malformed) and two others."""
    content = file_of(
        row(1, WRITTEN[0]),
        row(2, OTHERS[0], note="intet"),
        row(3, WRITTEN[1], day="04-01-2022", consent="Nej"),
        row(4, WRITTEN[2], day="31-02-2022"),
        row(5, OTHERS[1], note=f"kender {WRITTEN[0]}"),
        row(6, WRITTEN[0]).replace("Politi", "Politi;Politi"),
        "I alt: 6 rækker\r\n",
    )
    return deliver("vejledninger", "2023-01-12", "v_2022.csv", content)


def test_a_person_goes_from_files_and_readings_and_the_rest_stays(settings, delivered):
    before = delivered.read_bytes().decode().split("\r\n")
    delivered.chmod(0o640)
    night(settings)
    assert traces(settings)
    taken = erase(settings)
    (record,) = records(settings)
    assert (record.rows_read, record.rows_loaded, record.rows_erased, record.control_total) == (6, 2, 4, 6)
    assert [one["session_id"] for one in raw(settings, record)] == ["2", "5"]
    assert traces(settings) == []
    after = delivered.read_bytes().decode().split("\r\n")
    gone = {1, 3, 4, 6}
    assert after == [Tombstone.ERASED if at in gone else line for at, line in enumerate(before)]
    assert stat.S_IMODE(delivered.stat().st_mode) == 0o640
    assert [str(file) for file in taken.rewritten] == ["vejledninger/2023-01-12/v_2022.csv"]
    assert night(settings) == []


def test_a_number_in_the_text_of_other_rows_is_named_and_left(settings, delivered):
    (one,) = find_person(Ingest(settings), CPR).files
    assert [number for _, number in one.rows] == [2, 4, 5, 7]
    assert one.mentions == ((None, 6),)


@pytest.mark.parametrize("as_written", ["som 66290-4321 sagde", "6,62904321E+08", "662904321,0", "066290 4321"])
def test_a_number_in_text_is_found_as_people_and_spreadsheets_write_it(settings, deliver, as_written):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", file_of(row(1, OTHERS[0], note=as_written)))
    assert find_person(Ingest(settings), WRITTEN[0]).mentioned
    assert not find_person(Ingest(settings), "066290-4322").files


def test_a_later_delivery_under_any_name_does_not_bring_the_person_back(settings, deliver, delivered):
    original = delivered.read_bytes()
    night(settings)
    erase(settings)
    first = raw(settings, records(settings)[0])
    delivered.write_bytes(original)
    deliver("vejledninger", "2023-02-12", "igen_2022.csv", original)
    night(settings)
    both = records(settings)
    assert [(one.rows_loaded, one.rows_erased) for one in both] == [(2, 4), (2, 4)]
    assert [raw(settings, one) for one in both] == [first, first]
    assert traces(settings) == []


def test_a_restored_backup_does_not_bring_the_person_back(settings, delivered, tmp_path):
    night(settings)
    shutil.copytree(settings.home, tmp_path / "backup")
    erase(settings)
    rewritten = delivered.read_bytes()
    for is_landing_gone in (False, True):
        shutil.rmtree(settings.home)
        shutil.copytree(tmp_path / "backup", settings.home)
        delivered.write_bytes(rewritten)
        if is_landing_gone:
            delivered.unlink()
            (delivered.parent / ".keep").write_text("")
        assert traces(settings)
        night(settings)
        (record,) = records(settings)
        # without the file, rows without a pseudonym can no longer be told from others: they name nobody
        assert [one["session_id"] for one in raw(settings, record)] == (
            ["2", "3", "5"] if is_landing_gone else ["2", "5"]
        )
        assert traces(settings) == []


def test_readings_of_files_that_are_gone_are_rewritten(settings, deliver, delivered):
    deliver("vejledninger", "2024-01-12", "v_2023.csv", file_of(row(1, OTHERS[0], day="05-01-2023")))
    night(settings)
    delivered.unlink()
    found = find_person(Ingest(settings), CPR)
    assert (found.own, [len(rows) for _, rows in found.gone]) == ((), [1])
    erase(settings)
    assert traces(settings) == []
    old, other = records(settings)
    assert (old.rows_loaded, old.rows_erased, old.rows_quarantined) == (3, 1, 2)
    assert other.rows_erased == 0


STEPS = ("bury", "read_again", "heal", "ErasureLog")


@pytest.mark.parametrize("step", STEPS)
def test_an_erasure_that_is_stopped_is_completed_by_the_next_night(settings, delivered, monkeypatch, step):
    night(settings)

    def stop(*arguments, **named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, step, stop)
        with pytest.raises(KeyboardInterrupt):
            erase(settings)
    night(settings)
    (record,) = records(settings)
    assert [one["session_id"] for one in raw(settings, record)] == ["2", "5"]
    assert (record.rows_erased, traces(settings)) == (4, [])
    (entry,) = ErasureList.of(settings).entries
    assert not entry.is_finished
    erase(settings)
    assert Tombstone.ERASED in delivered.read_text() and len(ErasureList.of(settings).entries) == 1
    assert ErasureLog.of(settings).entry_ids() == [entry.entry_id]


def test_files_that_are_kept_or_are_workbooks_are_named(settings, delivered):
    night(settings)
    before = delivered.read_bytes()
    taken = erase(settings, keep_files=True)
    assert (delivered.read_bytes(), [str(file) for file, _ in taken.left]) == (
        before,
        ["vejledninger/2023-01-12/v_2022.csv"],
    )
    assert (records(settings)[0].rows_erased, traces(settings)) == (4, [])


def test_a_landing_zone_in_an_object_store_is_rewritten_too(settings, delivered):
    remote = replace(settings, landing="memory://erasing")
    folder = Ingest(remote).landing
    folder.write(delivered.read_bytes(), "vejledninger", "2023-01-12", "v_2022.csv")
    night(remote)
    erase(remote)
    rewritten = folder.read("vejledninger", "2023-01-12", "v_2022.csv").decode()
    assert rewritten.count(Tombstone.ERASED) == 4 and rewritten.count("4321") == 1
    assert (records(remote)[0].rows_erased, traces(remote)) == (4, [])


def test_a_file_whose_encoding_has_no_letter_for_the_marker_is_named(settings):
    descriptor = Ingest(settings).descriptors["vejledninger"]
    layout = descriptor.layouts[0].model_copy(update={"encodings": ("ascii",)})
    plain = descriptor.model_copy(update={"layouts": (layout,)})
    content = b"a;b\nc;d\n"
    assert with_tombstones(content, "v_2022.csv", plain, {2}, Tombstone.ERASED) == b"a;b\n[slettet]\n"
    with pytest.raises(RowsNotTraced):
        with_tombstones(content, "v_2022.csv", plain, {2}, Tombstone.EXPIRED)
    with pytest.raises(RowsNotTraced, match="no longer where"):
        with_tombstones(content, "v_2022.csv", plain, {3}, Tombstone.ERASED)


def test_a_landing_zone_that_may_only_be_read_is_named(settings, delivered, monkeypatch):
    night(settings)

    def refuse(self, content, *parts):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("warehouse.store.Folder.replace_content", refuse)
    taken = erase(settings)
    assert (taken.rewritten, [why for _, why in taken.left]) == ((), ["Permission denied"])
    assert traces(settings) == []


PARTICIPANTS = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"


def participant(name, identity, attendances=4):
    return f"{name};{identity};01-02-2012;Sydbyen;05-01-2022;;{attendances}\n"


def test_a_sources_own_id_is_found_in_its_source_and_no_other(settings, deliver, delivered):
    path = deliver(
        "forloeb_deltagere",
        "2023-01-19",
        "f_2022.csv",
        PARTICIPANTS
        + participant("Demokrati", "D-17")
        + participant("Demokrati", "d-17 ")
        + participant("Kor", "D-170"),
    )
    night(settings)
    found = find_person(Ingest(settings), "D-17")
    assert (found.scope, found.rows_by_source) == ("forloeb_deltagere", {"forloeb_deltagere": 2})
    erase(settings, "D-17")
    assert path.read_text() == PARTICIPANTS + f"{Tombstone.ERASED}\n" * 2 + participant("Kor", "D-170")
    (entry,) = ErasureList.of(settings).entries
    assert entry.source_id == "forloeb_deltagere"
    assert {one.source_id: one.rows_erased for one in records(settings)} == {"forloeb_deltagere": 2, "vejledninger": 0}


def test_an_id_that_two_sources_know_needs_its_source(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", file_of(row(1, "D-17")))
    deliver("forloeb_deltagere", "2023-01-19", "f_2022.csv", PARTICIPANTS + participant("Kor", "D-17"))
    with pytest.raises(IdentityAmbiguous) as error:
        find_person(Ingest(settings), "D-17")
    assert "D-17" not in str(error.value) and "vejledninger" in str(error.value)
    assert find_person(Ingest(settings), "D-17", "vejledninger").rows_by_source == {"vejledninger": 1}
    with pytest.raises(SourceWithoutPersons):
        find_person(Ingest(settings), "D-17", "aktiviteter")


def test_a_number_that_a_malformed_row_has_elsewhere_is_no_person(settings, deliver):
    content = PARTICIPANTS + participant("Kor", "17") + participant("Kor", "99", attendances="4;;;17")
    deliver("forloeb_deltagere", "2023-01-19", "f_2022.csv", content)
    (one,) = find_person(Ingest(settings), "17").own
    assert one.rows == ((None, 2),)


def test_a_number_in_a_workbook_is_named(settings, deliver):
    workbook = openpyxl.Workbook()
    workbook.active.title = "2022"
    workbook.active.append(["Aktivitet", "bemærkning 066290-4321"])
    stream = io.BytesIO()
    workbook.save(stream)
    deliver("aktiviteter", "2023-01-19", "Aktiviteter.xlsx", stream.getvalue())
    (one,) = find_person(Ingest(settings), CPR).mentioned
    assert one.mentions == (("2022", 1),)


def test_nobody_on_the_list_changes_no_reading(settings, delivered):
    night(settings)
    before = [(path, text) for path, text in written_in(settings.home)]
    assert records(settings)[0].left_out_digest is None and not settings.erasures.exists()
    assert night(settings) == [] and [(path, text) for path, text in written_in(settings.home)] == before


def test_whoever_objects_in_advance_never_comes_in(settings, deliver):
    Path(settings.landing, "vejledninger").mkdir()
    put_on_list(settings, find_person(Ingest(settings), CPR), DAY, is_finished=True)
    deliver("vejledninger", "2023-01-12", "v_2022.csv", file_of(row(1, WRITTEN[0]), row(2, OTHERS[0])))
    (record,) = night(settings)
    assert (record.rows_loaded, record.rows_erased, traces(settings)) == (1, 1, [])


def test_the_list_is_for_its_owner_and_names_nobody(settings, delivered):
    night(settings)
    erase(settings)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (settings.erasures, *settings.erasures.iterdir())}
    assert modes.pop("erasures") == 0o700 and set(modes.values()) == {0o600} and len(modes) == 2
    assert traces(settings, settings.erasures) == []
    assert sum(one.rows for erasure in ErasureLog.of(settings).all() for one in erasure.rows) == 4


def test_a_lost_list_stops_the_night_before_anything_is_written(settings, delivered, tmp_path):
    night(settings)
    erase(settings)
    before = dict(written_in(settings.home))
    settings.erasures.rename(tmp_path / "elsewhere")
    with pytest.raises(ErasureListLost, match="OMRAADETAL_ERASURES"):
        night(settings)
    (tmp_path / "elsewhere").rename(settings.erasures)
    (settings.erasures / KEY_FILE).write_text("00" * 32)
    with pytest.raises(ErasureListLost, match="key"):
        night(settings)
    assert dict(written_in(settings.home)) == before


def test_a_list_that_others_can_read_is_not_used(settings, delivered):
    night(settings)
    erase(settings)
    settings.erasures.chmod(0o755)
    with pytest.raises(ErasureListUnusable, match="others"):
        night(settings)


def test_another_pseudonym_key_stops_an_erasure_before_anything_is_written(settings, delivered):
    night(settings)
    before = delivered.read_bytes()
    found = find_person(Ingest(settings), CPR)
    with pytest.raises(KeyMismatch):
        take_out(
            replace(settings, key="another key that is long enough to be one"),
            found,
            DAY,
            keep_files=False,
            progress=lambda line: None,
        )
    assert delivered.read_bytes() == before and not settings.erasures.exists()


cells = st.text(alphabet='abæ ;"\r\n,.', max_size=6)
generated = st.lists(
    st.tuples(
        st.sampled_from((*WRITTEN, *OTHERS)),
        st.sampled_from(["05-01-2022", "31-02-2022", "", "05-01-2019"]),
        st.sampled_from(["Ja", "Nej", ""]),
        st.integers(1, 4),
        cells,
        st.sampled_from(["whole", "whole", "whole", "short", "long", "broken"]),
    ),
    max_size=8,
)


def as_text(rows, line_end, quoting):
    """The file's text, and that of each record."""
    pieces = [HEADINGS + line_end]
    for cpr, day, consent, number, note, shape in rows:
        out = io.StringIO()
        values = [number, day, "Sydbyen", cpr, "Æ", "LSO", "Bolig", "", consent, "1,00", note]
        if quoting == csv.QUOTE_MINIMAL:  # the writer would leave a bare line break without quotes: two records
            values[-1] = note.replace("\r", "")
        values = values[:-1] if shape == "short" else [*values, "x"] if shape == "long" else values
        if shape == "broken":
            values = [*values[:4], *["x"] * 7]
        csv.writer(out, delimiter=";", lineterminator=line_end, quoting=quoting).writerow(values)
        pieces.append(out.getvalue() if shape != "broken" else out.getvalue().replace(";x", ';"a"b', 1))
    return pieces


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    generated,
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_any_delivery_loses_the_persons_bytes_and_no_other(tmp_path_factory, rows, line_end, quoting, encoding):
    folder = tmp_path_factory.mktemp("any")
    settings = replace(
        Settings.from_environment(home=folder / "home", landing=folder / "landing"), erasures=folder / "erasures"
    )
    path = folder / "landing" / "vejledninger" / "2023-01-12" / "v_2022.csv"
    path.parent.mkdir(parents=True)
    pieces = as_text(rows, line_end, quoting)
    path.write_bytes("".join(pieces).encode(encoding))
    night(settings)
    (before,) = records(settings)
    erase(settings)
    (after,) = records(settings)
    own = [cpr in WRITTEN for cpr, *_ in rows]
    expected = [
        Tombstone.ERASED + "".join(c for c in piece if c in "\r\n") if is_own else piece
        for is_own, piece in zip([False, *own], pieces, strict=True)
    ]
    assert path.read_bytes() == "".join(expected).encode(encoding)
    assert (after.rows_read, after.rows_erased) == (before.rows_read, sum(own))
    assert traces(settings, settings.landing) == []


def test_a_person_in_a_file_whose_name_names_them_is_erased(settings, deliver):
    number = "660290-4321"
    path = deliver("vejledninger", "2023-01-12", f"v_2022 {number}.csv", file_of(row(1, number), row(2, OTHERS[0])))
    night(settings)
    taken = erase(settings, number)
    assert [file.file_name for file in taken.rewritten] == [path.name]
    (record,) = records(settings)
    assert (record.rows_loaded, record.rows_erased, record.file_name) == (1, 1, "v_2022 [fjernet].csv")
    assert number not in path.read_text() and not any(number in text for _, text in written_in(settings.home))
    assert night(settings) == []


def test_a_person_who_was_erased_stays_out_when_the_key_is_changed(settings, delivered, tmp_path, monkeypatch):
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    own = replace(settings, key=None, key_file=tmp_path / "keys" / "pseudonym.key")
    night(own)
    original = delivered.read_bytes()
    erase(own)
    rotate(own, None, leave_behind=False)
    assert traces(own) == []
    delivered.write_bytes(original)
    os.utime(delivered, (1, 1))
    night(own)
    (record,) = records(own)
    assert [one["session_id"] for one in raw(own, record)] == ["2", "5"] and traces(own) == []
