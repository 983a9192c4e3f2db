"""Each reason, its precedence, and what happens to cells that are bad but not needed."""

import pytest

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
GOOD = ["1", "05-01-2022", "Ringparken", "", "", "LSO", "Bolig", "", "Ja", "1,00", ""]


def row(**changed):
    names = ["id", "date", "area", "cpr", "name", "by", "theme", "to", "consent", "hours", "note"]
    return ";".join({**dict(zip(names, GOOD, strict=True)), **changed}.values()) + "\n"


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (row(id=" "), "missing_key", "session_id"),
        (row(date=""), "invalid_date", "met_on"),
        (row(date="31-02-2022"), "invalid_date", "met_on"),
        (row(area=""), "unknown_area", "area"),
        (row(area="Nørrevang"), "unknown_area", "area"),
        (row(date="15-06-2023"), "outside_period", "met_on"),
        (row(date="15-06-2018"), "outside_period", "met_on"),
        ("1;05-01-2022;Ringparken\n", "column_count", None),
        (row(note="x;y"), "column_count", None),
        # the first that applies, in the order of the vocabulary
        (row(id="", date="", area=""), "missing_key", "session_id"),
        (row(date="ukendt", area="Nørrevang"), "invalid_date", "met_on"),
        (row(date="15-06-2018", area="Nørrevang"), "unknown_area", "area"),
    ],
)
def test_one_reason_per_row(read, line, reason, column):
    reading = read("vejledninger", "v_2022.csv", HEAD + row(id="99") + line)
    assert reading.counts["rows_loaded"] == 1
    refused = reading.refused.to_dict("records")
    assert [(one["reason_code"], one["column"]) for one in refused] == [(reason, column)]
    assert refused[0]["_row_number"] == 3


def test_a_known_area_outside_the_agreement_is_loaded(read):
    assert read("vejledninger", "v_2022.csv", HEAD + row(area="Parkvej")).raw["area"].tolist() == ["parkvej"]


def test_a_bad_cell_that_is_not_needed_becomes_null_and_is_counted(read):
    reading = read("vejledninger", "v_2022.csv", HEAD + row(hours="en time", consent="måske"))
    assert reading.counts["rows_loaded"] == 1 and reading.counts["values_invalid"] == 2
    assert reading.raw["duration_minutes"].tolist() == [None]
    assert reading.raw["has_consent"].tolist() == [None]


def test_the_period_of_a_file_is_cut_to_the_agreement(read):
    reading = read("vejledninger", "v_2021.csv", HEAD + row(date="30-09-2021") + row(id="2", date="01-10-2021"))
    assert [str(reading.periods[0].start), str(reading.periods[0].end)] == ["2021-10-01", "2021-12-31"]
    assert reading.raw["session_id"].tolist() == ["2"]


def test_a_year_before_the_agreement_leaves_no_period_and_no_row(read):
    reading = read("vejledninger", "v_2019.csv", HEAD + row(date="05-01-2019"))
    assert reading.periods == [] and reading.refused["reason_code"].tolist() == ["outside_period"]


def test_the_last_row_of_a_key_wins_and_differences_are_counted(read):
    same, other = row(id="5"), row(id="5", area="Sydbyen")
    reading = read("vejledninger", "v_2022.csv", HEAD + same + same + other + row(id="6") + row(id="6"))
    assert reading.raw[["session_id", "area"]].values.tolist() == [["5", "sydbyen"], ["6", "ringparken"]]
    assert (reading.counts["rows_duplicate"], reading.counts["rows_conflicting"]) == (3, 2)


@pytest.mark.parametrize(
    ("changed", "conflicting"),
    [
        ({}, 0),
        ({"theme": "Job"}, 1),
        # what is not kept, or not as it was delivered
        ({"note": "Ringer igen"}, 1),
        ({"cpr": "010190-1234"}, 1),
        ({"cpr": "010190-1234", "consent": "Nej"}, 1),
    ],
)
def test_rows_of_a_key_conflict_wherever_they_differ(read, changed, conflicting):
    first = row(id="5", consent=changed.get("consent", "Ja"))
    reading = read("vejledninger", "v_2022.csv", HEAD + first + row(id="5", **changed))
    assert (reading.counts["rows_duplicate"], reading.counts["rows_conflicting"]) == (1, conflicting)


def test_a_quarantined_row_does_not_win_over_a_good_one(read):
    reading = read("vejledninger", "v_2022.csv", HEAD + row(id="5") + row(id="5", date="ukendt"))
    assert reading.counts["rows_duplicate"] == 0 and reading.raw["session_id"].tolist() == ["5"]


SURVEY = "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1;Sydbyen;;I høj grad;Helt enig\n", "invalid_number"),
        ("1;Sydbyen;-1;I høj grad;Helt enig\n", "invalid_number"),
        # an English decimal point is no thousands' separator in a weight
        ("1;Sydbyen;1.507;I høj grad;Helt enig\n", "invalid_number"),
        ("1;Sydbyen;1,2;I perfekt grad;Helt enig\n", "unknown_code"),
        (";Sydbyen;1,2;I høj grad;Helt enig\n", "missing_key"),
    ],
)
def test_a_needed_number_or_answer_that_is_bad_refuses_the_row(read, line, reason):
    assert read("tryghedssurvey", "t_2023.csv", SURVEY + line).refused["reason_code"].tolist() == [reason]


def test_a_blank_answer_is_no_bad_answer(read):
    assert read("tryghedssurvey", "t_2023.csv", SURVEY + "1;Sydbyen;1,2;;Helt enig\n").raw["tillid"].tolist() == [None]
