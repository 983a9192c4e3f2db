"""Delimited files: every row is accounted for, and nothing is silently wrong."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.encoding import decode
from ingest.readers.records import split
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\r\n"


def session(number, day="05-01-2022", area="Ringparken", cpr="", to="", consent="Nej", hours="1,00", note=""):
    return f"{number};{day};{area};{cpr};;LSO;Bolig;{to};{consent};{hours};{note}\r\n"


cells = st.lists(st.lists(st.text(alphabet='ab æ;"\n,.'), min_size=2, max_size=4), min_size=1, max_size=6)


@given(cells)
def test_what_a_writer_quotes_a_reader_gives_back(rows):
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    read = list(split(out.getvalue(), ";"))
    assert [record.cells for record in read] == rows
    lines = [record.line for record in read]
    assert lines == sorted(set(lines))
    assert "".join(record.text for record in read) == out.getvalue()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["05-01-2022", "31-02-2022", "", "05-01-2019"]),
            st.sampled_from(["Ringparken", "Nørrevang", "", "Parkvej"]),
            st.integers(1, 5),
            st.booleans(),
        ),
        max_size=20,
    )
)
def test_every_row_is_loaded_quarantined_or_duplicate(read, drawn):
    body = "".join(session(number, day, area) if whole else f"{number};{day}\r\n" for day, area, number, whole in drawn)
    reading = read("vejledninger", "v_2022.csv", HEAD + body)
    counts = reading.counts
    assert counts["rows_read"] == len(drawn)
    assert counts["rows_read"] == counts["rows_loaded"] + counts["rows_quarantined"] + counts["rows_duplicate"]
    assert len(reading.raw) == counts["rows_loaded"] and len(reading.refused) == counts["rows_quarantined"]
    assert not reading.raw["session_id"].duplicated().any()


def test_cp1252_and_utf8_with_bom_give_the_same_rows(read):
    text = HEAD + session(1, area="Motalavej, Korsør", to="Frivilligcenter")
    one, other = (read("vejledninger", "v_2022.csv", text.encode(name)) for name in ("cp1252", "utf-8-sig"))
    assert one.raw.to_dict("records") == other.raw.to_dict("records")
    assert one.raw["area"].tolist() == ["motalavej"]


def test_headings_of_both_years_give_the_same_columns(read):
    old = read("vejledninger", "v_2022.csv", HEAD + session(7, to="Politi", hours="1,25"))
    new = read(
        "vejledninger",
        "v_2023.csv",
        "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat\n"
        '7;5.1.2023;Sydbyen;;;LSO;Bolig;Ja;Politi;Nej;75;"med; semikolon"\n',
    )
    assert list(old.raw.columns) == list(new.raw.columns)
    assert (old.layout, new.layout) == ("registrering_2021", "registrering_2023")
    assert new.raw.iloc[0][["session_id", "met_on", "area", "is_bridged"]].tolist() == [
        "7",
        "2023-01-05",
        "sydbyen",
        "true",
    ]


def test_what_an_older_layout_lacks_follows_from_what_it_has(read):
    old = read(
        "vejledninger", "v_2022.csv", HEAD + session(1, to="Politi", hours="1,25") + session(2, to=" ", hours="")
    )
    assert old.raw["is_bridged"].tolist() == ["true", "false"]
    assert old.raw["duration_minutes"].tolist() == ["75", None]
    assert "duration_hours" not in old.raw.columns
    new = read(
        "vejledninger",
        "v_2023.csv",
        "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat\n"
        "1;5.1.2023;Sydbyen;;;LSO;Bolig;Ja;;Ja;75;\n"
        "2;5.1.2023;Sydbyen;;;LSO;Bolig;;Politi;;;\n",
    )
    # a later export says itself whether: what stands in «Brobygning til» decides nothing
    assert new.raw["is_bridged"].tolist() == ["true", "false"]
    assert new.raw["has_consent"].tolist() == ["true", "false"]
    assert new.raw["duration_minutes"].tolist() == ["75", None]


def test_preamble_blank_lines_footer_and_control_total_are_no_rows(read):
    text = "Udtræk fra systemet\r\n\r\n" + HEAD + session(1) + ";;;;;;;;;;\r\n\r\n" + session(2) + "I alt;1.908\r\n"
    reading = read("vejledninger", "v_2022.csv", text)
    assert (reading.counts["rows_read"], reading.control_total) == (2, 1908)
    assert reading.raw["_row_number"].tolist() == [4, 7]
    joined = read("vejledninger", "v_2022.csv", HEAD + session(1) + "I alt: 1.908\r\n")
    assert (joined.counts["rows_read"], joined.control_total) == (1, 1908)


def test_row_numbers_are_lines_of_the_file_also_after_an_embedded_newline(read):
    text = HEAD + session(1, note='"to\r\nlinjer"') + session(2)
    assert read("vejledninger", "v_2022.csv", text).raw["_row_number"].tolist() == [2, 4]


def test_a_row_with_broken_quoting_is_quarantined_and_the_rest_is_read(read):
    text = HEAD + session(1) + session(2, note='"a"b') + session(3)
    reading = read("vejledninger", "v_2022.csv", text)
    assert reading.raw["session_id"].tolist() == ["1", "3"]
    assert reading.refused["reason_code"].tolist() == ["column_count"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("v_2022.csv", b"", FileReason.EMPTY_FILE),
        ("v_2022.csv", b" \r\n ", FileReason.EMPTY_FILE),
        ("v_2022.csv", HEAD + session(1) + '2;"never closed\r\n' + session(3), FileReason.FILE_UNREADABLE),
        ("v_2022.csv", "a;b;c\n1;2;3\n", FileReason.MISSING_COLUMN),
        ("v_2022.csv", HEAD.replace("Dato", "Datoen") + session(1), FileReason.MISSING_COLUMN),
        ("v_2022.csv", HEAD.replace("Navn", "Dato") + session(1), FileReason.MISSING_COLUMN),
        ("v_2022.csv", HEAD.strip() + ";Dato\r\n", FileReason.DUPLICATE_COLUMN),
        ("v.csv", HEAD + session(1), FileReason.UNKNOWN_PERIOD),
        ("v_2021_2022.csv", HEAD + session(1), FileReason.UNKNOWN_PERIOD),
        ("v_2022.docx", HEAD, FileReason.UNKNOWN_FORMAT),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(read, name, content, reason):
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", name, content)
    assert caught.value.facts["reason"] is reason


def test_a_missing_column_is_named_with_its_nearest_match(read):
    with pytest.raises(FileRefused, match=r"«Boligområde» .nearest: «Boligområdet».; found: Løbenr"):
        read("vejledninger", "v_2022.csv", HEAD.replace("Boligområde", "Boligområdet") + session(1))


def test_a_file_without_headings_is_refused_without_repeating_a_persons_row(read):
    text = "2;15-10-2022;Ringparken;610190-1234;Fatima Hassan;AB;Bolig;Politi;Samtykke;1,0;noter\n"
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", "v_2022.csv", text)
    assert not any(secret in str(caught.value) for secret in ("Fatima", "610190", "noter"))


def test_bytes_of_no_declared_encoding_are_refused():
    with pytest.raises(FileRefused) as caught:
        decode(b"\x81\x8d", ("utf-8-sig", "cp1252"))
    assert caught.value.facts["reason"] is FileReason.UNDECODABLE
    with pytest.raises(FileRefused):
        decode("Løbenr".encode("utf-16"), ("utf-8-sig", "cp1252"))


def test_an_added_column_is_noted_and_never_loaded(read):
    text = HEAD.strip() + ";Telefon\r\n" + session(1).strip() + ";12345678\r\n"
    reading = read("vejledninger", "v_2022.csv", text)
    assert reading.columns_unknown == ["column 12"]
    assert "12345678" not in reading.raw.to_csv()


def test_a_file_with_headings_only_has_no_rows(read):
    reading = read("vejledninger", "v_2022.csv", HEAD)
    assert reading.counts["rows_read"] == 0 and len(reading.periods) == 1
