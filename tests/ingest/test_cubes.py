"""One table of StatBank in seven formats: the same raw rows from each, and no variable added up unseen."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.areas import normalise, read_areas
from ingest.descriptor import read_descriptors
from ingest.every_row import every_row
from tests.ingest.cube_writers import FORMATS, SUFFIXES, Written
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from vocabulary.settings import PROJECT_ROOT

LABELS = ["marital_status", "age", "sex", "region"]
NAMES = ("civilstand", "alder", "køn", "område")

# Two regions, two sexes, three quarters. 100,5 has a decimal, 0 is a real zero, .. is missing; Læsø has nothing but
# zeros, so that PC-Axis with keys leaves its rows out, and BULK too but for one row of each value.
BY_HAND = Written(
    {
        "civilstand": ["I alt"],
        "alder": ["Alder i alt"],
        "køn": ["Mænd", "Kvinder"],
        "område": ["Slagelse", "Læsø"],
        "tid": ["2023K4", "2024K1", "2024K2"],
    },
    ["100.5", "0", "..", "0", "0", "0", "7", "8", "9", "0", "0", "0"],
)
BY_HAND_READ = [
    (("I alt", "Alder i alt", "Kvinder", "Læsø"), {"2023K4": "0", "2024K1": "0", "2024K2": "0"}),
    (("I alt", "Alder i alt", "Kvinder", "Slagelse"), {"2023K4": "7", "2024K1": "8", "2024K2": "9"}),
    (("I alt", "Alder i alt", "Mænd", "Læsø"), {"2023K4": "0", "2024K1": "0", "2024K2": "0"}),
    (("I alt", "Alder i alt", "Mænd", "Slagelse"), {"2023K4": "100.5", "2024K1": "0", "2024K2": ".."}),
]


def rows_of(reading):
    cells = [json.loads(cells) for cells in reading.raw["values_by_period"]]
    return sorted(zip(map(tuple, reading.raw[LABELS].values.tolist()), cells, strict=True), key=str)


def read_as(read, kind, table):
    return read("statbank", f"FOLK1A.{SUFFIXES.get(kind, 'csv')}", FORMATS[kind](table))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_rows_of_the_sheet(read, kind):
    reading = read_as(read, kind, BY_HAND)
    assert rows_of(reading) == BY_HAND_READ
    assert [period.label for period in reading.periods] == ["2023K4", "2024K1", "2024K2"]
    assert (reading.counts["rows_read"], reading.counts["values_invalid"]) == (4, 0)


texts = st.text(alphabet="abæøÅ (),;=#-.:'", max_size=6).map(lambda text: f"x{text}".strip())
numbers = st.one_of(
    st.sampled_from(["0", ".."]),
    st.integers(-999, 10**9).map(str),
    st.integers(1, 10**6).filter(lambda cents: cents % 10).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
)


@st.composite
def tables(draw):
    variables = {name: draw(st.lists(texts, min_size=1, max_size=3, unique_by=str.casefold)) for name in NAMES}
    quarters = [f"{year}K{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
    variables["tid"] = sorted(draw(st.lists(st.sampled_from(quarters), min_size=1, max_size=3, unique=True)))
    count = 1
    for values in variables.values():
        count *= len(values)
    return Written(variables, draw(st.lists(numbers, min_size=count, max_size=count)))


@given(tables(), st.permutations(range(5)))
@settings(max_examples=25)
def test_one_cube_is_one_table_in_every_format_and_order(read, table, order):
    expected = rows_of(read_as(read, "xlsx", table))
    width = len(table.variables["tid"])
    assert len(expected) == len(table.cells) / width
    assert sorted(cell for _, cells in expected for cell in cells.values()) == sorted(table.cells)
    for kind in FORMATS:
        assert rows_of(read_as(read, kind, table)) == expected, kind
    for kind in ("json-stat 1", "bulk", "csv"):
        assert rows_of(read_as(read, kind, table.turned(order))) == expected, (kind, order)


def statbank(read, heading, *lines, name="FOLK1A.csv"):
    return read("statbank", name, "\r\n".join([heading, *lines]))


def test_a_variable_that_was_left_out_has_a_layout_of_its_own(read):
    reading = statbank(read, "OMRÅDE;TID;INDHOLD", "Slagelse;2024K1;5")
    assert (reading.layout, reading.raw["sex"].tolist()) == ("FOLK1A_cube_total", [None])


@pytest.mark.parametrize(
    ("heading", "lines", "problem"),
    [
        # herkomst is declared nowhere in FOLK1A: the two rows cannot be one
        (
            "OMRÅDE;HERKOMST;TID;INDHOLD",
            ["Slagelse;Danmark;2024K1;5", "Slagelse;Andre;2024K1;6"],
            r"not declared \(variable 2\) has 2 values, which are never added up; found: OMRÅDE and 1 others",
        ),
        # widows alone would be taken for everybody
        ("OMRÅDE;CIVILSTAND;TID;INDHOLD", ["Slagelse;Enke;2024K1;5"], r"«CIVILSTAND» \(variable 2\) has 1 value"),
        ("OMRADE;KØN;TID;INDHOLD", ["Slagelse;I alt;2024K1;5"], r"missing «OMRÅDE» .*nearest: «omrade»"),
        ("OMRÅDE;PERIODE;INDHOLD", ["Slagelse;2024K1;5"], "no variable of time"),
        ("OMRÅDE;TID;ANTAL", ["Slagelse;2024K1;5"], "no column of values .expected «Indhold»"),
        ("OMRÅDE;OMRÅDE;TID;INDHOLD", ["Slagelse;a;2024K1;5"], "missing «OMRÅDE»"),
        ("Jens Hansen;Vej 1;TID;INDHOLD", ["a;b;2024K1;5"], r"missing «OMRÅDE»; found: none and 2 others"),
    ],
)
def test_what_no_layout_declares_is_refused_and_no_name_repeated(read, heading, lines, problem):
    with pytest.raises(FileRefused, match=problem) as caught:
        statbank(read, heading, *lines)
    assert caught.value.facts["reason"] is FileReason.MISSING_COLUMN
    assert "Jens" not in str(caught.value)


def test_a_single_value_of_an_unknown_variable_is_noted_by_its_place(read):
    reading = statbank(read, "OMRÅDE;TABEL;TID;INDHOLD", "Slagelse;Folketal;2024K1;5")
    assert (reading.layout, reading.columns_unknown) == ("FOLK1A_cube_total", ["column 2"])


@pytest.mark.parametrize(
    "labels",
    [
        ["2024K1", "2024Q2"],
        ["2024M01", "2024M12"],
        ["2024H1", "2024H2"],
        ["2024U01", "2024U52"],
        ["2007", "2024"],
    ],
    ids=str,
)
def test_years_and_their_parts_are_periods(read, labels):
    reading = statbank(read, "OMRÅDE;TID;INDHOLD", *(f"Slagelse;{label};{at}" for at, label in enumerate(labels)))
    assert [period.label for period in reading.periods] == labels


@pytest.mark.parametrize("label", ["2024K5", "2024M13", "2024M01D01", "2023/24", "", "i alt"])
def test_time_that_is_no_period_is_refused(read, label):
    with pytest.raises(FileRefused):
        statbank(read, "OMRÅDE;TID;INDHOLD", f"Slagelse;{label};5")


@pytest.mark.parametrize("region", ["330", "330 Slagelse", "Slagelse 330", "Slagelse", "Slagelse Kommune"])
def test_a_municipality_is_known_by_name_code_or_both(region):
    assert read_areas(PROJECT_ROOT / "agreements").municipal_names[normalise(region)] == "slagelse"


def test_the_content_tells_the_format_and_not_the_name(read):
    for kind in ("json-stat 1", "px"):
        assert rows_of(read("statbank", "FOLK1A.txt", FORMATS[kind](BY_HAND))) == BY_HAND_READ


def test_a_combination_without_a_row_is_missing_where_the_layout_says_so(read):
    lines = ["Hele landet;2024;5", "Hele landet;2023;", "Slagelse;2024;..", "Slagelse;2022;0"]
    heading = "OMRÅDE;OVERTRÆD;TID;INDHOLD"
    zero = statbank(read, heading, *(line.replace(";", ";I alt;", 1) for line in lines), name="STRAF11.csv")
    assert [json.loads(cells) for cells in zero.raw["values_by_period"]] == [
        {"2022": "0", "2023": "..", "2024": "5"},  # 2022 has no row; 2023 has one without a number
        {"2022": "0", "2023": "0", "2024": ".."},
    ]
    heading = "OMRÅDE;BEREGNING;KØN;ALDER;HERKOMST;TID;INDHOLD"
    missing = statbank(read, heading, *(line.replace(";", ";a;b;c;d;", 1) for line in lines), name="RAS200.csv")
    assert [json.loads(cells) for cells in missing.raw["values_by_period"]] == [
        {"2022": "..", "2023": "..", "2024": "5"},
        {"2022": "0", "2023": "..", "2024": ".."},
    ]


@pytest.mark.parametrize("kind", ["json-stat 1", "json-stat 2", "px", "csv"])
def test_a_search_for_a_person_sees_every_line(read, kind):
    descriptor = read_descriptors(PROJECT_ROOT / "ingest" / "sources")["statbank"]
    content = FORMATS[kind](BY_HAND).replace(b"Slagelse", b"Slagelse 010190-1234")
    rows = every_row(content, f"FOLK1A.{SUFFIXES.get(kind, 'csv')}", descriptor)
    assert any("010190-1234" in cell for _, cells in rows for cell in cells if cell)


SAMPLES = PROJECT_ROOT / "samples" / "landing" / "statbank" / "2019-06-30"
TEXTS = {"income_type": "type of income", "education": "level of education"}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("RAS200", ["frequency", "sex", "age", "ancestry", "region"]),
        ("INDKP107", ["income_type", "education", "sex", "unit", "region"]),
    ],
)
def test_the_published_tables_are_the_same_in_every_format(read, name, labels):
    sheet = read("statbank", f"{name}.xlsx", (SAMPLES / f"{name}.xlsx").read_bytes())
    rows = [tuple(row) for row in sheet.raw[labels].values.tolist()]
    cells = [json.loads(row) for row in sheet.raw["values_by_period"]]
    variables = {TEXTS.get(label, label): sheet.raw[label].drop_duplicates().tolist() for label in labels}
    table = Written(variables | {"time": list(cells[0])}, [cell for row in cells for cell in row.values()])
    assert len(table.cells) > 1000 and ".." not in table.cells
    for kind in FORMATS.keys() - {"xlsx"}:
        reading = read("statbank", f"{name}.{SUFFIXES.get(kind, 'csv')}", FORMATS[kind](table))
        text = reading.raw["values_by_period"].str.cat()
        # in BULK the zeros of Bornholm have no rows; averages of nobody are missing, and no zeros
        assert ('".."' in text) == (kind == "bulk" and "0" in table.cells)
        found = [json.loads(row.replace('".."', '"0"')) for row in reading.raw["values_by_period"]]
        read_rows = map(tuple, reading.raw[labels].values.tolist())
        assert dict(zip(read_rows, found, strict=True)) == dict(zip(rows, cells, strict=True))
        assert [one.label for one in reading.periods] == [one.label for one in sheet.periods]


def test_a_table_as_statbank_writes_json_stat_is_read_without_remark(read):
    """ContentsCode is in each of its tables, one value, marked as the measure."""
    dataset = {
        "dimension": {
            "OMRÅDE": {"label": "område", "category": {"index": {"330": 0}, "label": {"330": "Slagelse"}}},
            "ContentsCode": {"label": "Indhold", "category": {"index": {"FOLK1A": 0}, "label": {"FOLK1A": "Folketal"}}},
            "Tid": {"label": "tid", "category": {"index": {f"2023K{at + 1}": at for at in range(4)}}},
            "id": ["OMRÅDE", "ContentsCode", "Tid"],
            "size": [1, 1, 4],
            "role": {"metric": ["ContentsCode"], "time": ["Tid"]},
        },
        "value": [78968, None, None, None],
        "status": {"1": ".", "2": "x"},
    }
    reading = read("statbank", "FOLK1A.json", json.dumps({"dataset": dataset}))
    assert (reading.layout, reading.columns_unknown) == ("FOLK1A_cube_total", [])
    # a status that is a marker stays; any other, and none, is missing
    cells = {"2023K1": "78968", "2023K2": ".", "2023K3": "..", "2023K4": ".."}
    assert [json.loads(row) for row in reading.raw["values_by_period"]] == [cells]
