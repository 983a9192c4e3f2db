"""The text around the rows: kept where it is known what it is, told by its place elsewhere."""

import io

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from vocabulary.errors import FileRefused

CSV = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning"
ROW = "1;05-01-2022;Sydbyen;;Maryam Nguyen;LSO;Bolig;;Nej;1,00;"
ACTIVITY = ["Dato", "Aktivitet", "Type", "Boligområde", "Samarbejdspartner(e)", "Antal deltagere", "Antal frivillige"]
ACTIVITY += ["Større aktivitet"]
SECRET = ("Maryam", "Nguyen", "010190", "hemmelig")


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def activity(*more):
    return ["01-03-2022", "Fest", "Fest", "Sydbyen", "Boldklubben", 12, 4, "x", *more]


def told(reading):
    """Everything of a reading that goes to the store."""
    facts = (reading.columns_unknown, reading.sheets_unknown, reading.notes, reading.questions, reading.periods)
    frames = (reading.raw, reading.refused, reading.hits, reading.withdrawals)
    return f"{facts} {reading.file_name}" + "".join(frame.to_csv() for frame in frames)


def nothing_secret(text):
    return not [secret for secret in SECRET if secret in text]


def test_an_undeclared_column_of_a_csv_file_is_never_loaded_nor_named(read):
    reading = read("vejledninger", "v_2022.csv", f"{CSV};Maryam Nguyen 010190-1234\n{ROW};hemmelig\n")
    assert reading.columns_unknown == ["column 12"] and nothing_secret(told(reading))


def test_an_undeclared_column_of_a_workbook_is_never_loaded_nor_named(read):
    content = workbook(**{"2022": [[*ACTIVITY, "Maryam Nguyen"], activity("hemmelig")]})
    reading = read("aktiviteter", "Aktiviteter.xlsx", content)
    assert reading.columns_unknown == ["column 9"] and nothing_secret(told(reading))
    assert reading.counts["rows_loaded"] == 1


def test_an_undeclared_variable_of_an_spss_file_is_never_loaded_nor_named(read, tmp_path):
    frame = pd.DataFrame(
        {"LBNR": [1], "OMRAADE": ["Sydbyen"], "VAEGT": [1.0], "Q7_TILLID": ["I høj grad"], "Q12_FAELLES": ["Enig"]}
    ).assign(Maryam="hemmelig")
    pyreadstat.write_sav(frame, tmp_path / "t.sav")
    reading = read("tryghedssurvey", "t_2021.sav", (tmp_path / "t.sav").read_bytes())
    assert reading.columns_unknown == ["column 6"] and nothing_secret(told(reading))
    assert reading.counts["rows_loaded"] == 1


def test_an_undeclared_label_column_of_a_wide_sheet_is_refused_and_not_repeated(read):
    rows = [[None, None, None, "2024"], ["Beboere i alt", "hemmelig", "Sydbyen", 5], [None, "Maryam", "Sydbyen", 6]]
    with pytest.raises(FileRefused, match="expected 2 label columns") as caught:
        read("beboertal", "beboere.xlsx", workbook(Beboere=rows))
    assert nothing_secret(str(caught.value))


@pytest.mark.parametrize(
    "head",
    [
        # a person's row in the place of the headings
        "2;15-10-2022;Ringparken;010190-1234;Maryam Nguyen;AB;Bolig;Politi;Samtykke;1,0;hemmelig",
        # one whose cells are headings too, as far as a row can be
        "2;Dato;Ringparken;010190-1234;Maryam Nguyen;AB;Tema;Samtykke;Ja;1,0;hemmelig",
        # more than half is right, the rest is a person
        "Løbenr;Dato;Boligområde;CPR-nr;Maryam Nguyen;Vejleder;Tema;Brobygget til;010190-1234;Varighed (timer);x",
        # a heading with a person beside it
        "Løbenr;Dato;Boligområde;CPR-nr 010190-1234;Navn Maryam Nguyen;Vejleder;Tema;Brobygget til;hemmelig;Timer;x",
    ],
)
def test_a_refusal_for_headings_repeats_no_cell_that_is_no_heading(read, head):
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", "v_2022.csv", f"{head}\n{ROW}\n")
    assert nothing_secret(str(caught.value)) and "missing" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("2022", "2022"),
        ("År 2022", "År 2022"),
        ("Aktiviteter 2022", "Aktiviteter 2022"),
        ("Maryam Nguyen 2022", "sheet 2"),
        ("Maryam 2022", "sheet 2"),
    ],
)
def test_a_sheet_is_told_by_its_name_where_every_word_is_known(read, name, shown):
    reading = read("aktiviteter", "a.xlsx", workbook(**{"hemmelig": [["x"]], name: [ACTIVITY, activity(), ["ukendt"]]}))
    assert reading.raw["_sheet"].tolist() == [shown] and reading.refused["_sheet"].tolist() == [shown]
    assert reading.sheets_unknown == ["sheet 1"] and nothing_secret(told(reading))
    assert [period.label for period in reading.periods] == ["2022"]


@pytest.mark.parametrize(
    "rows",
    [{"Maryam Nguyen": [ACTIVITY]}, {"Maryam 2021 2022": [ACTIVITY, activity()]}, {"Maryam 2022": [["hemmelig"]]}],
)
def test_a_refusal_for_a_sheet_tells_its_place(read, rows):
    with pytest.raises(FileRefused) as caught:
        read("aktiviteter", "a.xlsx", workbook(**rows))
    assert nothing_secret(str(caught.value))


def test_of_titles_and_footnotes_only_a_break_of_the_series_is_kept(read):
    rows = [
        ["Beboere, opgjort af Maryam Nguyen"],
        [None, None, "2024"],
        ["Beboere i alt", "Sydbyen", 5],
        ["Kontakt: Maryam Nguyen, tlf. 39 17 39 17, mng@dst.dk"],
        ["There is a databreak between 2015 and 2016. Ask Maryam Nguyen, mng@dst.dk."],
        ["Databrud i 2018; spørg Maryam Nguyen på mng@dst.dk om databruddet."],
    ]
    reading = read("beboertal", "beboere.xlsx", workbook(Beboere=rows))
    assert reading.notes[0] == "There is a databreak between 2015 and 2016."
    assert nothing_secret(told(reading)) and "mng" not in told(reading)
    assert "2018" in reading.notes[1]
    assert reading.counts["texts_redacted"] == 3


def test_words_of_a_survey_go_whole_and_are_counted(read, tmp_path):
    frame = pd.DataFrame(
        {"LBNR": [1], "OMRAADE": ["Sydbyen"], "VAEGT": [1.0], "Q7_TILLID": [1], "Q12_FAELLES": ["Enig"]}
    )
    pyreadstat.write_sav(
        frame,
        tmp_path / "t.sav",
        column_labels={"Q7_TILLID": "Spørg Maryam Nguyen, mng@vive.dk"},
        variable_value_labels={"Q7_TILLID": {1: "I høj grad", 7: "Maryam 010190-1234"}},
    )
    reading = read("tryghedssurvey", "t_2021.sav", (tmp_path / "t.sav").read_bytes())
    assert (reading.questions[0].wording, reading.questions[0].answers) == ("[fjernet]", ("I høj grad", "[fjernet]"))
    assert reading.counts["texts_redacted"] == 2 and nothing_secret(told(reading))
