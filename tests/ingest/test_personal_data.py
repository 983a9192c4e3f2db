"""Personal data stops in ingest: names, notes, numbers, birth dates."""

import hashlib
import io

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pseudonyms import PseudonymKey, normalise_identity

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"


def test_names_notes_and_numbers_are_gone_and_pseudonyms_need_consent(read):
    text = (
        HEAD
        + "1;05-01-2022;Sydbyen;700180-1352;Maryam Nguyen;LSO;Bolig;Politi;Ja;1,00;Ringer igen\n"
        + "2;06-01-2022;Sydbyen;7001801352;Maryam Nguyen;LSO;Bolig;;Ja;1,00;\n"
        + "3;04-01-2022;Sydbyen;700180-1352;Maryam Nguyen;LSO;Bolig;;Nej;1,00;\n"
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
    assert reading.raw["bridged_to"].tolist() == ["[fjernet]"]
    assert reading.counts["values_redacted"] == 1


def test_records_stay_apart_where_their_keys_had_to_be_redacted(read):
    text = HEAD + "".join(f"240115{n:04};05-01-2022;Sydbyen;;;LSO;Bolig;Politi;Nej;1,00;\n" for n in (1, 2))
    raw = read("vejledninger", "v_2022.csv", text).raw
    assert raw["session_id"].tolist() == ["[fjernet] 2", "[fjernet] 3"]


def test_where_a_value_was_taken_out_is_kept_without_the_value(read):
    text = HEAD + (
        "1;05-01-2022;Sydbyen;;;LSO;010190-1234;ring +45 12345678;Nej;1,00;\n"
        "2;05-01-2022;Sydbyen;;;LSO;bo@x.dk;Politi;Nej;1,00;\n"
    )
    reading = read("vejledninger", "v_2022.csv", text)
    assert reading.hits.values.tolist() == [
        [2, None, "theme", "cpr"],
        [2, None, "bridged_to", "phone"],
        [3, None, "theme", "email"],
    ]
    assert reading.counts["values_redacted"] == 3 and reading.raw["is_bridged"].tolist() == ["true", "true"]
    assert not any(secret in reading.raw.to_csv() + reading.hits.to_csv() for secret in ("010190", "1234", "x.dk"))


@pytest.mark.parametrize("minutes", ["101901234", "0101901234", "101901234,0", "1,01901234E+08"])
def test_a_number_that_reads_as_a_cpr_number_becomes_null(read, minutes):
    head = "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat\n"
    reading = read("vejledninger", "v_2023.csv", head + f"7;5.1.2023;Sydbyen;;;LSO;Bolig;Ja;Politi;Nej;{minutes};\n")
    assert reading.raw["duration_minutes"].tolist() == [None] and "1901234" not in reading.raw.to_csv()


def test_a_number_of_hours_that_reads_as_a_cpr_number_is_not_scaled(read):
    text = HEAD + "1;05-01-2022;Sydbyen;;;LSO;Bolig;;Nej;101901234;\n"
    assert read("vejledninger", "v_2022.csv", text).raw["duration_minutes"].tolist() == [None]


def test_a_label_of_a_wide_sheet_goes_and_its_row_stays_apart(read):
    book = openpyxl.Workbook()
    for row in ([None, None, "2024"], ["bo@x.dk", "Sydbyen", 5], ["ida@x.dk", "Sydbyen", 101901234]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    reading = read("beboertal", "beboere.xlsx", out.getvalue())
    assert reading.raw["measure"].tolist() == ["[fjernet] 2", "[fjernet] 3"]
    # the cells of a table of statistics are figures, whatever they look like
    assert "101901234" in reading.raw["values_by_period"][1]


def test_ordinary_numbers_are_not_redacted(read):
    text = HEAD + "1;05-01-2022;Sydbyen;;;LSO;Sag 9912345678;Hus 12;Nej;1,00;\n"
    assert read("vejledninger", "v_2022.csv", text).counts["values_redacted"] == 0


def test_a_zero_lost_in_a_spreadsheet_is_the_same_person():
    assert normalise_identity("101901234") == normalise_identity("010190-1234") == "0101901234"
    assert normalise_identity(" D1034 ") == "d1034"


AS_WRITTEN = st.one_of(
    st.text(alphabet="0123456789- \n\u0660\u00b2", max_size=13),
    st.from_regex(r"[0-9]{5,6}-?[0-9]{4}", fullmatch=True),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
)


@given(st.lists(AS_WRITTEN, max_size=20), st.binary(min_size=1, max_size=100))
def test_many_numbers_at_once_get_the_pseudonyms_that_each_gets_alone(identities, secret):
    key = PseudonymKey(secret, "")
    made = key.pseudonyms(pa.array(identities, pa.string()))
    made.validate(full=True)
    assert made.to_pylist() == [key.pseudonym(identity) for identity in identities]


def test_another_key_gives_other_pseudonyms_and_another_id():
    one, other = PseudonymKey(b"a" * 32, ""), PseudonymKey(b"b" * 32, "")
    assert one.pseudonym("x") != other.pseudonym("x") and one.key_id != other.key_id
    assert one.key_id not in one.secret.hex()
