"""A file that is read in pieces gives what it gives whole: what only all of it tells is told of all of it."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import Content
from ingest.parts import Parts
from ingest.patterns import kind_of, may_hold
from ingest.persons import Persons

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"

sessions = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["05-01-2022", "06-01-2022", "", "05-01-2019"]),
        st.sampled_from(["010190-1234", "020290-1234", ""]),
        st.sampled_from(["Maryam Nguyen", "Bo Hansen", ""]),
        st.sampled_from(["Bolig", "Talte med Maryam Nguyen", "brev fra bo hansens bror"]),
        st.sampled_from(["Ja", "Nej", ""]),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def read_in_pieces(read):
    def one(text):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ingest.content.CHUNK_BYTES", 120)
            patch.setattr("ingest.parts.MOST_IN_MEMORY", 0)
            return read("vejledninger", "v_2022.csv", text)

    return one


@given(sessions, st.sampled_from(["", "I alt;30\n"]))
def test_pieces_give_what_the_whole_gives(read, read_in_pieces, rows, footer):
    body = "".join(
        f"{number};{day};Sydbyen;{cpr};{name};LSO;{theme};Politi;{consent};1,00;\n"
        for number, day, cpr, name, theme, consent in rows
    )
    whole, pieces = read("vejledninger", "v_2022.csv", HEAD + body + footer), read_in_pieces(HEAD + body + footer)
    assert pieces.raw.to_dict("records") == whole.raw.to_dict("records")
    for name in ("refused", "hits", "withdrawals"):
        assert getattr(pieces, name).to_dict("records") == getattr(whole, name).to_dict("records"), name
    assert (pieces.counts, pieces.periods, pieces.control_total) == (whole.counts, whole.periods, whole.control_total)


def test_the_later_of_two_rows_wins_over_pieces(read_in_pieces):
    row = "{};05-01-2022;Sydbyen;;;LSO;{};;Nej;1,00;" + "x" * 100 + "\n"
    reading = read_in_pieces(HEAD + row.format(1, "Bolig") + row.format(2, "Gæld") + row.format(1, "Familie"))
    assert reading.raw[["session_id", "theme"]].values.tolist() == [["2", "Gæld"], ["1", "Familie"]]
    assert reading.counts["rows_duplicate"] == reading.counts["rows_conflicting"] == 1


def test_a_name_in_a_later_piece_is_taken_out_of_an_earlier_one(read_in_pieces):
    row = "{};05-01-2022;Sydbyen;;{};LSO;{};;Nej;1,00;" + "x" * 100 + "\n"
    reading = read_in_pieces(HEAD + row.format(1, "", "Maryam Nguyen") + row.format(2, "Maryam Nguyen", "Bolig"))
    assert reading.raw["theme"].tolist() == ["[fjernet]", "Bolig"]


def test_parts_on_the_disk_are_private_and_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("ingest.parts.MOST_IN_MEMORY", 0)
    table = pa.table({"a": ["hemmelig"]})
    with pytest.raises(ValueError, match="stopped"), Parts() as parts:
        parts.add(table)
        parts.add(table.slice(0, 0))
        modes = [path.stat().st_mode & 0o777 for path in sorted(tmp_path.rglob("*"))]
        assert modes == [0o700, 0o600, 0o600] and [parts[at].num_rows for at in range(len(parts))] == [1, 0]
        raise ValueError("stopped")
    assert list(tmp_path.iterdir()) == []


pieces_of_text = st.lists(
    st.sampled_from(
        ["010190", "1234", "-", " ", "+", "45", "20304050", "20 30 40 50", "2030 4050", "cpr", "@", "a.dk", "tlf", ".",
         ",", "/", "_", "1,0", "e", "9", "1901234", "101901", "Maryam", "Nguyen", "nguyens", "æ", "\x1f", "\n", "på",
         "(0)", "0045", "x"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(pieces_of_text)
def test_nothing_personal_is_passed_over_before_it_is_looked_at(text):
    persons = Persons([(pa.array(["Maryam Nguyen", "1901234"]), False)])
    texts = pa.array([text], pa.string())
    assert may_hold(texts)[0] or kind_of(text) is None
    assert persons.may_be_named_in(texts)[0] or not persons.is_named_in(text)


def test_what_is_plainly_nothing_is_not_looked_at():
    texts = pa.array(["Bolig", "V2023-0000001", "7. juni 2023"], pa.string())
    assert not may_hold(texts).any()
    assert not Persons([(pa.array(["Maryam Nguyen"]), False)]).may_be_named_in(texts).any()


def test_a_content_is_opened_anew_for_each_look(tmp_path):
    path = Path(tmp_path / "a.csv")
    path.write_bytes(b"abc")
    content = Content(lambda: path.open("rb"))
    assert content.whole() == b"abc" == b"".join(content.chunks())
