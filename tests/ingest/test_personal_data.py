"""Personal data stops in ingest: names, notes, numbers, birth dates."""

import hashlib

import pytest

from ingest.pseudonyms import PseudonymKey, load_key, normalise_identity
from vocabulary.errors import KeyUnusable

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"


def test_names_notes_and_numbers_are_gone_and_pseudonyms_need_consent(read):
    text = (
        HEAD
        + "1;05-01-2022;Sydbyen;700180-1352;Maryam Nguyen;LSO;Bolig;Politi;Ja;1,00;Ringer igen\n"
        + "2;06-01-2022;Sydbyen;7001801352;Maryam Nguyen;LSO;Bolig;;Ja;1,00;\n"
        + "3;07-01-2022;Sydbyen;700180-1352;Maryam Nguyen;LSO;Bolig;;Nej;1,00;\n"
    )
    raw = read("vejledninger", "v_2022.csv", text).raw
    assert not {"person_name", "note", "advisor_initials"} & set(raw.columns)
    first, second, third = raw["person"]
    assert first == second and len(first) == 32 and third is None
    assert not any(secret in raw.to_csv() for secret in ("Maryam", "700180", "LSO", "Ringer"))
    assert first != hashlib.sha256(b"7001801352").hexdigest()[:32]


def test_a_birth_date_becomes_an_age(read):
    text = (
        "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"
        "Børnedemokrati;D1;15-06-2004;Sydbyen;14-06-2022;30-08-2022;3\n"
        "Børnedemokrati;D2;14-06-2004;Sydbyen;14-06-2022;30-08-2022;3\n"
        "Børnedemokrati;D3;ukendt;Sydbyen;14-06-2022;30-08-2022;3\n"
        "Børnedemokrati;D4;15-06-2022;Sydbyen;14-06-2022;30-08-2022;3\n"
    )
    reading = read("forloeb_deltagere", "forloeb_2022.csv", text)
    assert reading.raw["age_at_start"].tolist() == ["17", "18"]
    assert "birth_date" not in reading.raw.columns and "2004" not in reading.raw.to_csv()
    assert "D1" not in reading.raw["participant"].tolist()
    assert reading.refused["reason_code"].tolist() == ["invalid_date", "invalid_date"]


@pytest.mark.parametrize(
    "secret", ["010190-1234", "0101901234", "610190 1234", "a.b@c.dk", "12 34 56 78", "+4512345678"]
)
def test_public_text_that_looks_personal_is_redacted_and_still_counts_as_filled(read, secret):
    text = HEAD + f"1;05-01-2022;Sydbyen;;;LSO;Bolig;Politi ({secret});Nej;1,00;\n"
    reading = read("vejledninger", "v_2022.csv", text)
    assert reading.raw["bridged_to"].tolist() == ["Politi ([fjernet])"]
    assert reading.counts["values_redacted"] == 1


def test_records_stay_apart_where_their_keys_had_to_be_redacted(read):
    text = HEAD + "".join(f"240115{n:04};05-01-2022;Sydbyen;;;LSO;Bolig;Politi;Nej;1,00;\n" for n in (1, 2))
    raw = read("vejledninger", "v_2022.csv", text).raw
    assert raw["session_id"].tolist() == ["[fjernet] 2", "[fjernet] 3"]


def test_ordinary_numbers_are_not_redacted(read):
    text = HEAD + "1;05-01-2022;Sydbyen;;;LSO;Sag 9912345678;Hus 12;Nej;1,00;\n"
    assert read("vejledninger", "v_2022.csv", text).counts["values_redacted"] == 0


def test_a_zero_lost_in_a_spreadsheet_is_the_same_person():
    assert normalise_identity("101901234") == normalise_identity("010190-1234") == "0101901234"
    assert normalise_identity(" D1034 ") == "d1034"


def test_another_key_gives_other_pseudonyms_and_another_id():
    one, other = PseudonymKey(b"a" * 32, ""), PseudonymKey(b"b" * 32, "")
    assert one.pseudonym("x") != other.pseudonym("x") and one.key_id != other.key_id
    assert one.key_id not in one.secret.hex()


def settings_with(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("OMRAADETAL_PSEUDONYM_KEY")
    monkeypatch.setenv("OMRAADETAL_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    return type(settings).from_environment(home=settings.home, landing=settings.landing)


def test_a_key_file_is_made_once_for_its_owner_only(settings, tmp_path, monkeypatch):
    own = settings_with(settings, tmp_path, monkeypatch)
    first = load_key(own)
    assert own.key_file.stat().st_mode & 0o777 == 0o600
    assert load_key(own).secret == first.secret


def test_a_key_that_others_can_read_or_that_is_short_is_refused(settings, tmp_path, monkeypatch):
    own = settings_with(settings, tmp_path, monkeypatch)
    load_key(own)
    own.key_file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="others than its owner"):
        load_key(own)
    own.key_file.chmod(0o600)
    own.key_file.write_text("short")
    with pytest.raises(KeyUnusable, match="5 characters"):
        load_key(own)
