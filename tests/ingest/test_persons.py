"""Who is named in columns that are not kept is looked for in what is kept."""

import pytest

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"


def session(number, *, cpr="", name="", by="LSO", theme="Bolig", to=""):
    return f"{number};05-01-2022;Sydbyen;{cpr};{name};{by};{theme};{to};Nej;1,00;\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Maryam Nguyen", "Talte med Maryam Nguyen i dag"),
        ("Maryam Nguyen", "MARYAM  NGUYENs bror"),
        ("Nguyen, Maryam", "Maryam Nguyen"),
        ("Maryam Fatima Nguyen", "Maryam Nguyen"),
        ("Bo Ø. Jensen", "til Bo Ø. Jensen."),
        ("Bo-Erik Hansen", "Bo-Erik Hansen"),
    ],
)
def test_a_full_name_of_another_row_is_taken_out(read, name, text):
    reading = read("vejledninger", "v_2022.csv", HEAD + session(1, name=name) + session(2, to=text))
    assert reading.raw["bridged_to"].tolist() == [None, "[fjernet]"]
    assert reading.raw["is_bridged"].tolist() == ["false", "true"]
    assert reading.hits[["_row_number", "column", "kind"]].values.tolist() == [[3, "bridged_to", "name"]]


def test_a_name_in_a_row_that_is_quarantined_counts_too(read):
    bad = session(1, name="Maryam Nguyen").replace("05-01-2022", "ukendt")
    reading = read("vejledninger", "v_2022.csv", HEAD + bad + session(2, theme="Maryam Nguyen"))
    assert reading.raw["theme"].tolist() == ["[fjernet]"]


def test_an_advisors_full_name_is_a_persons_name(read):
    reading = read("vejledninger", "v_2022.csv", HEAD + session(1, by="Lone Sørensen", theme="Lone Sørensen, bolig"))
    assert reading.raw["theme"].tolist() == ["[fjernet]"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Maryam Nguyen", "Maryam"),
        ("Maryam Nguyen", "Nguyen Maryam"),
        ("Bo", "Bo"),
        ("A B", "plan A B"),
        ("Hold 12", "Hold 12"),
        ("12345", "12345"),
        ("Motalavej, Korsør", "Motalavej, Korsør"),
        ("Maryam Nguyen", "Maryam Nguyensen"),
    ],
)
def test_single_words_areas_and_short_numbers_are_nobody(read, name, text):
    reading = read("vejledninger", "v_2022.csv", HEAD + session(1, name=name) + session(2, to=text))
    assert reading.raw["bridged_to"].tolist() == [None, text] and reading.hits.empty


@pytest.mark.parametrize(
    ("person", "is_id"), [("D-1034", True), ("D1034", True), ("Ringparken 4", False), ("D 12", False)]
)
def test_an_id_of_words_and_a_short_number_is_as_good_as_none(read, person, is_id):
    rows = session(f"2022-05-{person.replace(' ', '-')}", cpr=person) + session(2)
    found = read("vejledninger", "v_2022.csv", HEAD + rows).raw["session_id"].tolist()
    assert (found[0] == "[fjernet] 2") is is_id and found[1] == "2"


def test_a_persons_id_is_taken_out_of_other_columns(read):
    text = (
        "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"
        "Lektiehjælp;D1034;15-06-2004;Sydbyen;14-06-2022;;3\n"
        "Lektiehjælp for D1034;D77;15-06-2004;Sydbyen;14-06-2022;;3\n"
    )
    raw = read("forloeb_deltagere", "forloeb_2022.csv", text).raw
    assert raw["course_name"].tolist() == ["Lektiehjælp", "[fjernet] 3"]
