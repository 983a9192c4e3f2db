"""The key: made once, for its owner only; a lost or wrong one is noticed before anything is written."""

from datetime import date

import pytest

from ingest.key_store import existing_key, load_key, write_key
from ingest.pseudonyms import PseudonymKey
from ingest.stage import Ingest
from vocabulary.errors import KeyLost, KeyMismatch, KeyUnusable
from vocabulary.settings import Settings

DAY = date(2025, 11, 1)
HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;05-01-2022;Sydbyen;010190-1234;;LSO;Bolig;Politi;Ja;1,00;\n"


@pytest.fixture
def own(settings, tmp_path, monkeypatch):
    """The settings with a key file instead of a variable."""
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    monkeypatch.setenv("OMRAADETAL_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    return Settings.from_environment(home=settings.home, landing=settings.landing)


def everything(settings):
    folders = (settings.home, settings.key_file.parent)
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_a_key_file_is_made_once_for_its_owner_only(own):
    assert existing_key(own) is None and not own.key_file.exists()
    first = load_key(own)
    assert own.key_file.stat().st_mode & 0o777 == 0o600
    assert own.key_file.parent.stat().st_mode & 0o777 == 0o700
    assert load_key(own).secret == first.secret
    assert [path.name for path in own.key_file.parent.iterdir()] == [own.key_file.name]


def test_of_two_that_make_a_key_at_once_the_first_counts(own):
    first = load_key(own)
    write_key(own.key_file, "another key, that comes a moment later and is long enough", replace=False)
    assert load_key(own).secret == first.secret


def test_a_key_that_others_can_reach_or_that_is_short_is_refused(own):
    load_key(own)
    own.key_file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="others than its owner can read"):
        load_key(own)
    own.key_file.chmod(0o600)
    own.key_file.parent.chmod(0o770)
    with pytest.raises(KeyUnusable, match="put another file in its place"):
        load_key(own)
    own.key_file.parent.chmod(0o700)
    own.key_file.write_text("short")
    with pytest.raises(KeyUnusable, match="5 characters"):
        load_key(own)
    own.key_file.write_bytes(b"\xff" * 40)
    with pytest.raises(KeyUnusable, match="holds no text") as caught:
        load_key(own)
    assert caught.value.__context__ is None


def test_a_key_is_not_shown_where_its_object_is():
    assert "sixteen" not in repr(PseudonymKey(b"sixteen and more signs of a key", "the test"))


@pytest.mark.parametrize("reads_alone", [True, False])
def test_a_lost_key_is_noticed_before_anything_is_written_and_no_new_one_is_made(own, deliver, reads_alone):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(own)
    files = ingest.find_new(DAY).files
    ingest.read_files(files)
    own.key_file.unlink()
    deliver("vejledninger", "2023-01-13", "v_2022.csv", HEAD + ROW)
    before = everything(own)
    with pytest.raises(KeyLost, match="Put the key back") as caught:
        Ingest(own).read_files(files) if reads_alone else Ingest(own).find_new(DAY)
    assert str(own.key_file) in str(caught.value)
    assert everything(own) == before and not own.key_file.exists()


def test_another_key_is_noticed_also_where_files_are_read_without_being_looked_for(own, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + ROW)
    ingest = Ingest(own)
    files = ingest.find_new(DAY).files
    ingest.read_files(files)
    write_key(own.key_file, "quite another key, long enough to be used", replace=True)
    before = everything(own)
    with pytest.raises(KeyMismatch):
        Ingest(own).read_files(files)
    assert everything(own) == before


def test_a_name_is_told_from_another_by_a_keyed_hash():
    key, other = PseudonymKey(b"a" * 32, ""), PseudonymKey(b"b" * 32, "")
    assert key.name_key("s", "2023-01-12", "a.csv") != key.name_key("s", "2023-01-12", "b.csv")
    assert key.name_key("s", "2023-01-12", "a.csv") != other.name_key("s", "2023-01-12", "a.csv")
