"""Workbooks kept by hand, and tables with years across."""

import io
import json
from datetime import date, datetime

import openpyxl
import pytest

from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

HEAD = [
    "Dato",
    "Aktivitet",
    "Type",
    "Boligområde",
    "Samarbejdspartner(e)",
    "Antal deltagere",
    "Antal frivillige",
    "Større aktivitet",
]


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


def activity(day, name="Fest", area="Sydbyen", larger="x"):
    return [day, name, "Fest", area, "Boldklubben", "ca. 120", 4, larger]


def test_real_and_written_dates_estimates_and_crosses(read):
    content = workbook(
        **{
            "2022": [
                ["En Fælles Indsats: aktiviteter 2022"],
                [],
                HEAD,
                activity(date(2022, 3, 1)),
                activity(datetime(2022, 3, 2, 19, 0), larger="Ja"),
                activity("3. marts 2022", area="Ringparken; Sydbyen", larger=None),
                [],
                ["I alt", None, None, None, None, 360],
            ]
        }
    )
    reading = read("aktiviteter", "Aktiviteter.xlsx", content)
    assert reading.raw["held_on"].tolist() == ["2022-03-01", "2022-03-02", "2022-03-03"]
    assert reading.raw["participants_count"].tolist() == ["120"] * 3
    assert reading.raw["is_larger"].tolist() == ["true", "true", "false"]
    assert reading.raw["areas"].tolist() == ["sydbyen", "sydbyen", "ringparken;sydbyen"]
    assert reading.raw["_row_number"].tolist() == [4, 5, 6] and reading.counts["rows_read"] == 3


def test_each_sheet_is_its_own_year_and_other_sheets_are_noted(read):
    content = workbook(
        **{
            "2021": [HEAD, activity(date(2021, 11, 1)), activity(date(2022, 1, 1))],
            "2023": [HEAD, activity(date(2023, 1, 1))],
            "Noter": [["Husk kaffe"]],
        }
    )
    reading = read("aktiviteter", "Aktiviteter.xlsx", content)
    assert [(period.label, str(period.start)) for period in reading.periods] == [
        ("2021", "2021-10-01"),
        ("2023", "2023-01-01"),
    ]
    assert reading.refused["reason_code"].tolist() == ["outside_period"]
    assert reading.sheets_unknown == ["sheet 3"]


def test_a_blank_sheet_for_the_coming_year_is_passed_over(read):
    content = workbook(
        **{"2022": [HEAD, activity(date(2022, 1, 1)), ["Total", None, None, None, None, 120]], "2023": []}
    )
    reading = read("aktiviteter", "Aktiviteter.xlsx", content)
    assert [period.label for period in reading.periods] == ["2022"] and reading.counts["rows_read"] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 not a workbook", FileReason.FILE_UNREADABLE),
        (b"plain text", FileReason.FILE_UNREADABLE),
        (workbook(Ark1=[HEAD]), FileReason.MISSING_COLUMN),
        (workbook(**{"2022": []}), FileReason.EMPTY_FILE),
        (workbook(**{"2022": [HEAD[:-1]]}), FileReason.MISSING_COLUMN),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused(read, content, reason):
    with pytest.raises(FileRefused) as caught:
        read("aktiviteter", "Aktiviteter.xlsx", content)
    assert caught.value.facts["reason"] is reason


def test_a_label_stands_for_all_rows_below_and_a_missing_marker_stays(read):
    content = workbook(
        Beboere=[
            ["Beboere i almene boligafdelinger"],
            [],
            [None, None, "2023", "2024", "2025"],
            ["Beboere i alt", "Ringparken, Slagelse", 1880, 1827.5, ".."],
            [None, "Motalavej, Korsør", 1021, None, "mange"],
            [None, "Nørrevang", 5, 6, 7],
            ["I alt", None, 2906, 1833, None],
            [],
            ["Anm.: .. = oplysning foreligger ikke."],
        ]
    )
    reading = read("beboertal", "beboere.xlsx", content)
    assert reading.raw[["measure", "area"]].values.tolist() == [
        ["Beboere i alt", "ringparken"],
        ["Beboere i alt", "motalavej"],
    ]
    assert [json.loads(cells) for cells in reading.raw["values_by_period"]] == [
        {"2023": "1880", "2024": "1827.5", "2025": ".."},
        {"2023": "1021", "2024": None, "2025": None},
    ]
    assert reading.counts["values_invalid"] == 1
    assert reading.refused["reason_code"].tolist() == ["unknown_area"]
    assert reading.notes == []
    assert [period.label for period in reading.periods] == ["2023", "2024", "2025"]


def test_a_blank_column_between_years_shifts_nothing_and_a_year_stands_once(read):
    head = [[None, None, "2021", None, "2022"], ["Beboere i alt", "Sydbyen", 5, None, 6]]
    reading = read("beboertal", "beboere.xlsx", workbook(Beboere=head, Ark2=[]))
    assert json.loads(reading.raw["values_by_period"][0]) == {"2021": "5", "2022": "6"}
    with pytest.raises(FileRefused, match="a year stands twice"):
        read("beboertal", "beboere.xlsx", workbook(Beboere=[[None, None, "2021", "2021"], ["I alt", "Sydbyen", 5, 6]]))


def test_a_stray_cell_at_the_end_of_a_sheet_is_refused_before_it_fills_the_memory(read):
    book = openpyxl.Workbook()
    book.active.title = "2022"
    book.active.append(HEAD)
    book.active["ZZ60000"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FileRefused, match="is no delivery"):
        read("aktiviteter", "Aktiviteter.xlsx", out.getvalue())


def test_a_table_without_its_label_columns_is_refused(read):
    with pytest.raises(FileRefused, match="expected 2 label columns"):
        read("beboertal", "beboere.xlsx", workbook(Beboere=[["Område", "2023"], ["Sydbyen", 5]]))


def statbank(title, *rows):
    return workbook(Ark=[[title], ["Units: number"], *rows, [], ["There is a databreak."]])


QUARTERS = ["2024K1", "2024K2", "2024K3", "2024K4"]


@pytest.mark.parametrize(
    ("name", "title", "labels", "layout", "expected"),
    [
        (
            "STRAF11.xlsx",
            "Anmeldte forbrydelser efter overtrædelsens art, område og tid",
            ["Overtrædelsens art i alt", "Slagelse"],
            "STRAF11",
            {"offence": "Overtrædelsens art i alt", "region": "Slagelse"},
        ),
        (
            "straf11 2024.xlsx",
            "Reported criminal offences by region, type of offence and time",
            ["Slagelse", "Nature of the offence, total"],
            "STRAF11_region_first",
            {"offence": "Nature of the offence, total", "region": "Slagelse"},
        ),
        (
            "FOLK1A.xlsx",
            "Population at the first day of the quarter by region, sex, age, marital status and time",
            ["Slagelse", "Total", "Age, total", "Total"],
            "FOLK1A_region_first",
            {"region": "Slagelse", "sex": "Total", "age": "Age, total", "marital_status": "Total"},
        ),
        (
            "FOLK1A.xlsx",
            "Folketal den 1. i kvartalet efter alder, køn, område og tid",
            ["Alder i alt", "I alt", "Slagelse"],
            "FOLK1A_without_marital_status",
            {"region": "Slagelse", "sex": "I alt", "age": "Alder i alt", "marital_status": None},
        ),
        (
            "FOLK1A.xlsx",
            "Folketal den 1. i kvartalet efter område og tid",
            ["Slagelse"],
            "FOLK1A_total",
            {"region": "Slagelse", "sex": None},
        ),
    ],
)
def test_label_columns_are_told_apart_by_their_number_and_the_title(read, name, title, labels, layout, expected):
    content = statbank(title, [*[None] * len(labels), *QUARTERS], [*labels, 10, 11, 12, ".."])
    reading = read("statbank", name, content)
    assert (reading.layout, reading.counts["rows_loaded"]) == (layout, 1)
    assert reading.raw.iloc[0][list(expected)].to_dict() == expected
    assert json.loads(reading.raw["values_by_period"][0]) == dict(zip(QUARTERS, ["10", "11", "12", ".."], strict=True))
    assert [(str(one.start), str(one.end)) for one in reading.periods[1:3]] == [
        ("2024-04-01", "2024-06-30"),
        ("2024-07-01", "2024-09-30"),
    ]


@pytest.mark.parametrize(
    ("name", "title", "labels"),
    [
        ("STRAF11.xlsx", "Reported criminal offences by police district, region, sex and time", ["a", "Slagelse", "b"]),
        ("STRAF11.xlsx", "Reported criminal offences by type of offence and time", ["Nature of the offence, total"]),
        ("FOLK1A.xlsx", "Population by sex and time", ["Total"]),
        ("FOLK1A.xlsx", "Population by sex, age, region and time", ["Total", "Age, total", "Slagelse"]),
        ("FOLK1AM.xlsx", "Folketal efter område og tid", ["Slagelse"]),
    ],
)
def test_a_choice_of_variables_without_a_layout_is_refused_and_never_guessed(read, name, title, labels):
    with pytest.raises(FileRefused) as caught:
        read("statbank", name, statbank(title, [*[None] * len(labels), *QUARTERS], [*labels, 1, 2, 3, 4]))
    assert caught.value.facts["reason"] in (FileReason.MISSING_COLUMN, FileReason.UNKNOWN_FORMAT)


def test_a_label_column_more_than_declared_is_never_passed_over(read):
    rows = [[None, None, None, "2024"], ["Beboere i alt", "Mænd", "Sydbyen", 5], [None, "Kvinder", "Sydbyen", 6]]
    with pytest.raises(FileRefused, match=r"expected 2 label columns .measure, area. and then the years"):
        read("beboertal", "beboere.xlsx", workbook(Beboere=rows))


def test_rows_of_a_wide_sheet_with_the_same_labels_are_duplicates(read):
    rows = [[None, None, "2024"], ["Beboere i alt", "Sydbyen", 5], [None, "Sydbyen", 5], [None, "Sydbyen, Slagelse", 6]]
    reading = read("beboertal", "beboere.xlsx", workbook(Beboere=rows))
    assert json.loads(reading.raw["values_by_period"].item()) == {"2024": "6"}
    assert (reading.counts["rows_duplicate"], reading.counts["rows_conflicting"]) == (2, 2)


PUBLISHED = [
    ["Tryghedssurvey: andel af beboere"],
    ["Pct. af besvarelser"],
    [],
    ["Spørgsmål", "Besvarelse", "Boligområde", 2018, 2021, 2023],
    ["Jeg oplever at være en del af et fællesskab", "Enig/meget enig", "Ringparken", 51.3, "..", 48],
    [None, None, "Motalavej, Korsør", "47,5", 50, None],
    [None, "Uenig", "Ringparken", 20, 21, 22],
    ["Antal svar", None, None, 420, 455, 390],
    [],
    ["Anm.: 2023 er en anden undersøgelse."],
]


@pytest.mark.parametrize("has_headings", [True, False])
def test_published_shares_keep_question_answer_and_area(read, has_headings):
    rows = [row if has_headings or row[:1] != ["Spørgsmål"] else [None, None, None, *row[3:]] for row in PUBLISHED]
    reading = read("tryghedssurvey_publiceret", "tryghed_andele.xlsx", workbook(Andele=rows))
    question = "Jeg oplever at være en del af et fællesskab"
    assert reading.raw[["question", "answer", "area", "_dataset"]].values.tolist() == [
        [question, "Enig/meget enig", "ringparken", "andele"],
        [question, "Enig/meget enig", "motalavej", "andele"],
        [question, "Uenig", "ringparken", "andele"],
    ]
    assert [json.loads(cells) for cells in reading.raw["values_by_period"]][:2] == [
        {"2018": "51.3", "2021": "..", "2023": "48"},
        {"2018": "47.5", "2021": "50", "2023": None},
    ]
    assert [period.label for period in reading.periods] == ["2018", "2021", "2023"]
    assert reading.notes == [] and reading.counts["rows_read"] == 3


def test_published_shares_under_other_headings_are_refused(read):
    rows = [[*row[:1], row[2], row[1], *row[3:]] if row[:1] == ["Spørgsmål"] else row for row in PUBLISHED]
    with pytest.raises(FileRefused, match="expected 3 label columns"):
        read("tryghedssurvey_publiceret", "tryghed_andele.xlsx", workbook(Andele=rows))


def test_a_year_in_a_title_is_no_heading_line(read):
    rows = [["Beboere", "2023"], [None, None, "2023", "2024"], ["Beboere i alt", "Sydbyen", 5, 6]]
    assert [one.label for one in read("beboertal", "b.xlsx", workbook(Beboere=rows)).periods] == ["2023", "2024"]
