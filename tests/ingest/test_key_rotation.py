"""A new key: all that was read with the old one is read again first, and a stop half-way leaves something usable."""

import os
from datetime import date
from pathlib import Path

import pytest

from ingest.consent import apply_withdrawals
from ingest.key_rotation import key_status, plan_rotation, rotate
from ingest.key_store import load_key, next_file, read_key, retired_file
from ingest.stage import Ingest
from vocabulary.errors import DeliveriesGone, KeyInEnvironment, KeyMismatch, KeyNotNew
from vocabulary.settings import Settings
from warehouse.key_rotations import KeyRotations

DAY = date(2025, 11, 1)
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
COURSES = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"


def session(number, day="05-01-2022", consent="Ja"):
    return f"{number};{day};Sydbyen;700180-1352;;LSO;Bolig;;{consent};1,00;\n"


@pytest.fixture
def own(settings, tmp_path, monkeypatch):
    """A store made with a key file, of two sources with pseudonyms and one without."""
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    monkeypatch.setenv("OMRAADETAL_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    return Settings.from_environment(home=settings.home, landing=settings.landing)


@pytest.fixture
def delivered(own, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1))
    deliver("vejledninger", "2024-01-12", "v_2023_010190-1234.csv", HEAD + session(2, "05-01-2023"))
    deliver("forloeb_deltagere", "2023-01-12", "f_2022.csv", COURSES + "X;D1034;01-02-2010;Sydbyen;05-01-2022;;3\n")
    deliver("beboertal", "2023-01-12", "b.xlsx", b"no workbook")
    night(own)
    return own


def night(settings):
    ingest = Ingest(settings)
    return ingest.read_files(ingest.find_new(DAY).files)


def everything(settings):
    folders = (settings.home, settings.key_file.parent)
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def persons(settings):
    """The pseudonyms of each reading in force, by source and what the file is told as."""
    ledger = Ingest(settings).ledger
    return {
        record.delivery: ledger.store.read_parquet("raw", record.source_id, f"{record.reading_id}.parquet")
        .column("person" if record.source_id == "vejledninger" else "participant")
        .to_pylist()
        for record in ledger.records()
        if record.reader and record.source_id != "beboertal"
    }


def of_vejledninger(settings):
    return {one for (source, *_), found in persons(settings).items() if source == "vejledninger" for one in found}


def test_everything_is_read_again_and_what_the_old_key_made_is_gone(delivered):
    old, before = load_key(delivered), persons(delivered)
    records = Ingest(delivered).ledger.records()
    done = rotate(delivered)
    new = load_key(delivered)
    assert (done.old_key_id, done.new_key_id) == (old.key_id, new.key_id) and done.finished_at and not done.left_behind
    assert not next_file(delivered).exists() and not retired_file(delivered, old.key_id).exists()
    assert delivered.key_file.stat().st_mode & 0o777 == 0o600
    after = persons(delivered)
    assert len(after) == len(before) == 3
    assert not {one for found in after.values() for one in found} & {one for found in before.values() for one in found}
    # one person is one person still, over both files
    assert len(of_vejledninger(delivered)) == 1
    written = b"".join(everything(delivered).values())
    assert not [record for record in records if record.reading_id.encode() in written and record.pseudonym_key_id]
    raw = [path.stem for path in (delivered.home / "raw").rglob("*.parquet") if not path.name.startswith("_")]
    assert sorted(raw) == sorted(one.reading_id for one in Ingest(delivered).ledger.records() if one.reader)
    assert night(delivered) == []


def test_the_counts_of_the_ledger_do_not_change(delivered):
    def counts():
        return [(one.file_name, one.file_id, one.rows_loaded, one.status) for one in Ingest(delivered).ledger.records()]

    before = counts()
    rotate(delivered)
    assert counts() == before


def test_deliveries_that_are_gone_are_named_and_nothing_changes(delivered):
    landing = Path(delivered.landing) / "vejledninger"
    (landing / "2023-01-12" / "v_2022.csv").write_text(HEAD)
    (landing / "2024-01-12" / "v_2023_010190-1234.csv").unlink()
    before = everything(delivered)
    with pytest.raises(DeliveriesGone) as caught:
        rotate(delivered)
    assert "vejledninger/2023-01-12/v_2022.csv" in str(caught.value)
    assert "vejledninger/2024-01-12/v_2023_[fjernet].csv" in str(caught.value)
    assert everything(delivered) == before
    plan = plan_rotation(delivered)
    assert [file.file_name for file in plan.files] == ["f_2022.csv"] and len(plan.gone) == 2
    assert everything(delivered) == before


def test_a_file_that_was_renamed_in_its_folder_is_there(delivered):
    (path := Path(delivered.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv").rename(
        path.with_name("w_2022.csv")
    )
    assert plan_rotation(delivered).gone == ()


def test_what_is_left_behind_keeps_the_old_key_and_nights_accept_that_and_nothing_else(delivered, deliver):
    gone = Path(delivered.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv"
    content, old = gone.read_bytes(), load_key(delivered)
    gone.unlink()
    done = rotate(delivered, leave_behind=True)
    assert len(done.left_behind) == 1 and len(of_vejledninger(delivered)) == 2
    assert night(delivered) == []
    status = key_status(delivered)
    assert status.readings == {old.key_id: 1, done.new_key_id: 2} and status.key_id == done.new_key_id
    # a second change passes over what was left behind by the first
    assert plan_rotation(delivered).gone == ()
    # come back, it is read with the key in force
    deliver("vejledninger", "2023-01-12", "v_2022.csv", content)
    assert len(night(delivered)) == 1 and len(of_vejledninger(delivered)) == 1
    # a record of the old key that was not left behind is one too many
    ledger = Ingest(delivered).ledger
    (record,) = [one for one in ledger.records() if one.file_name == "f_2022.csv"]
    ledger.commit(record.model_copy(update={"pseudonym_key_id": old.key_id}))
    with pytest.raises(KeyMismatch):
        Ingest(delivered).find_new(DAY)


def test_a_consent_that_is_withdrawn_reaches_what_was_left_behind(delivered, deliver):
    (Path(delivered.landing) / "vejledninger" / "2023-01-12" / "v_2022.csv").unlink()
    rotate(delivered, leave_behind=True)
    deliver("vejledninger", "2024-02-12", "v_2023_b.csv", HEAD + session(3, "06-01-2023", "Nej"))
    night(delivered)
    ingest = Ingest(delivered)
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 2 and of_vejledninger(delivered) == {None}


def test_so_does_one_that_was_read_before_the_change(own, deliver):
    gone = deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1))
    deliver("vejledninger", "2024-01-12", "v_2023.csv", HEAD + session(2, "05-01-2023", "Nej"))
    night(own)
    gone.unlink()
    rotate(own, leave_behind=True)
    ingest = Ingest(own)
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 1 and of_vejledninger(own) == {None}


@pytest.mark.parametrize("step", ["read", "save", "commit", "remove"])
def test_stopped_on_its_way_the_store_can_be_used_and_the_same_command_goes_on(delivered, monkeypatch, step):
    old = load_key(delivered)
    targets = {
        "read": (Ingest, "read", 2),
        "save": (KeyRotations, "save", 1),
        "commit": (Ingest, "commit", 2),
        "remove": (type(Ingest(delivered).ledger), "remove_overwritten", 1),
    }
    owner, name, at = targets[step]
    original, calls = getattr(owner, name), []

    def stop(*arguments, **named):
        calls.append(1)
        if len(calls) == at:
            raise KeyboardInterrupt
        return original(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop)
        with pytest.raises(KeyboardInterrupt):
            rotate(delivered)
    if step in ("read", "save"):
        assert load_key(delivered).key_id == old.key_id and night(delivered) == []
        waiting = read_key(next_file(delivered))
        assert waiting and waiting.key_id != old.key_id
        done = rotate(delivered)
        assert done.new_key_id == waiting.key_id
    else:
        new = load_key(delivered)
        assert new.key_id != old.key_id
        done = rotate(delivered)
        assert done.new_key_id == new.key_id
    assert {one.pseudonym_key_id for one in Ingest(delivered).ledger.records()} == {done.new_key_id, None}
    assert len(of_vejledninger(delivered)) == 1 and night(delivered) == []
    assert KeyRotations(Ingest(delivered).ledger.store).unfinished(done.new_key_id) is None
    raw = [path.stem for path in (delivered.home / "raw").rglob("*.parquet") if not path.name.startswith("_")]
    assert sorted(raw) == sorted(one.reading_id for one in Ingest(delivered).ledger.records() if one.reader)


def test_stopped_after_the_change_a_night_reads_what_is_missing(delivered, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Ingest, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rotate(delivered)
    assert len(night(delivered)) == 3
    assert len(of_vejledninger(delivered)) == 1


def test_a_key_may_be_offered_but_not_one_that_was_in_force(delivered):
    first, offered = load_key(delivered).secret.decode(), "an offered key that is long enough to be one"
    with pytest.raises(KeyNotNew, match="Nothing has changed"):
        rotate(delivered, first)
    rotate(delivered, offered)
    assert load_key(delivered).secret.decode() == offered
    with pytest.raises(KeyNotNew):
        rotate(delivered, first)


def test_a_key_in_the_environment_is_not_pretended_to_be_changed(delivered, monkeypatch):
    monkeypatch.setenv("OMRAADETAL_PSEUDONYM_KEY", load_key(delivered).secret.decode())
    fixed = Settings.from_environment(home=delivered.home, landing=delivered.landing)
    before = everything(delivered)
    for command in (rotate, plan_rotation):
        with pytest.raises(KeyInEnvironment, match="unset the variable"):
            command(fixed)
    assert everything(delivered) == before


def test_in_an_object_store(own, deliver, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1))
    monkeypatch.setenv("OMRAADETAL_STORE", f"memory://{os.getpid()}-rotation")
    remote = Settings.from_environment(home=own.home, landing=own.landing)
    night(remote)
    done = rotate(remote)
    assert [one.pseudonym_key_id for one in Ingest(remote).ledger.records()] == [done.new_key_id]
    assert night(remote) == []


def test_the_state_of_keys_is_told_without_making_one(own):
    status = key_status(own)
    assert (status.key_id, status.readings, status.rotations) == (None, {}, ()) and not own.key_file.exists()
