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
    assert reading.sheets_unknown == ["Noter"]


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
    assert reading.notes[-1].startswith("Anm.")
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
