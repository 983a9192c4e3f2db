"""What the partners of the clean world deliver: steady, whole, in time. Everything follows from the calendar below."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from benchmarks.quality.files import Cells, CsvFile, Delivery, Workbook

FIRST_DAY, LAST_DAY = date(2020, 10, 1), date(2024, 9, 30)
"""The agreement's first and last day, as world/agreements/verden.yaml has them."""

AS_OF = date(2024, 5, 1)
"""The night that is judged: 2023 has been delivered, the agreement year 2023/24 is still open."""

AREAS = {"nordby": "Nordby", "sydby": "Sydby", "havnen": "Havnen"}
YEARS = range(2020, 2024)
FULL_YEARS = YEARS[1:]
WAVES = (2019, 2021, 2023)
TABLE_YEARS = range(2018, 2025)
REGISTER_YEARS = range(2015, 2024)

ODD_YEAR = FULL_YEARS[1]
"""The year that holds what only looks like a fault."""

SHIFT_YEAR = 2020
"""The year in which the incomes of all municipalities make the same leap."""

SESSION_HEADINGS = ["Nr", "Dato", "Område", "Borger", "Emne", "Brobygget", "Samtykke", "Minutter"]
EVENT_HEADINGS: Cells = ["Dato", "Arrangement", "Områder", "Større"]
ANSWER_HEADINGS = ["Nr", "Område", "Vægt", "Tryghed"]
ANSWERS = ("Meget tryg", "Tryg", "Utryg", "Meget utryg")
ANSWERS_EACH = 16
SESSIONS_A_MONTH = 4
RESIDENTS_A_YEAR = 24
COUNTED_YEARS = FULL_YEARS[:-1]
"""The years whose events the housing association has counted too."""

MUNICIPALITY = "Egestad"
TREES = ("Aske", "Birke", "Bøge", "Ege", "Elle", "Fyrre", "Gran", "Hassel", "Hylde", "Linde", "Pile", "Rønne")
PEERS = tuple(f"{tree}by" for tree in TREES)
INCOME = "Indkomst i kr."


@cache
def clean_deliveries() -> tuple[Delivery, ...]:
    """Every file of the clean world, those of a source in the order of delivery. Nobody changes them."""
    return (*_sessions(), *_events(), *_survey(), _key_figures(), _register())


def _sessions() -> Iterator[Delivery]:
    for year in YEARS:
        yield Delivery("samtaler", date(year + 1, 1, 15), f"samtaler_{year}.csv", sessions_file(session_rows(year)))


def sessions_file(rows: list[Cells]) -> CsvFile:
    return CsvFile(list(SESSION_HEADINGS), rows, has_total=True)


def session_rows(year: int) -> list[Cells]:
    """Four sessions a month and area; 24 residents a year and area, each of them half a year apart."""
    rows: list[Cells] = []
    for month in range(10 if year == FIRST_DAY.year else 1, 13):
        for area in AREAS.values():
            for at in range(SESSIONS_A_MONTH):
                # three of four, and now and then the fourth
                is_bridged = at + 1 < SESSIONS_A_MONTH or (year * 12 + month) % 5 == 0
                rows.append(
                    [
                        f"{year}-{month:02d}-{area.lower()}-{at + 1}",
                        f"{3 + 6 * at:02d}-{month:02d}-{year}",
                        area,
                        f"{area} {(month * SESSIONS_A_MONTH + at) % RESIDENTS_A_YEAR}",
                        "Bolig" if at % 2 else "Familie",
                        "Ja" if is_bridged else "Nej",
                        "Ja",
                        str(30 + 5 * at),
                    ]
                )
    if year == FIRST_DAY.year:
        rows[0][4] = "Boilg"  # what world/corrections/samtaler.yaml puts right
        rows.append(list(rows[-1]))  # an identical repeat
    if year == ODD_YEAR:  # an area outside the agreement; a resident who did not consent, for a time nobody noted
        rows.append([f"{year}-05-vestby-5", f"04-05-{year}", "Vestby", "Vestby 1", "Bolig", "Ja", "Ja", "30"])
        rows.append([f"{year}-05-nordby-5", f"04-05-{year}", "Nordby", "", "Bolig", "Ja", "Nej", ""])
    return rows


def day_of(cell: object) -> date:
    """The day that a cell tells in Danish: 31-12-2022."""
    day, month, year = (int(part) for part in str(cell).split("-"))
    return date(year, month, day)


def _events() -> Iterator[Delivery]:
    for year in FULL_YEARS:
        if year == ODD_YEAR:  # the workbook as it was in October, which the whole year replaces
            day = date(year, 10, 5)
            yield _workbook(year, day, [row for row in event_rows(year) if day_of(row[0]) <= day])
        yield _workbook(year, date(year + 1, 1, 20), event_rows(year))


def _workbook(year: int, delivered_on: date, rows: list[Cells]) -> Delivery:
    sheets = {str(year): [list(EVENT_HEADINGS), *rows]}
    return Delivery("arrangementer", delivered_on, f"arrangementer_{year}.xlsx", Workbook(sheets))


def event_rows(year: int) -> list[Cells]:
    """Few a year; in one year none in Havnen, which is a real zero. One is shared by two areas, one by all."""
    held = {"Nordby": (2, 5, 8, 11), "Sydby": (5, 6, 9), "Havnen": () if year == ODD_YEAR else (6, 8)}
    rows: list[Cells] = [
        [f"12-{month:02d}-{year}", "Naboskabsdag", area, "Ja"] for area, months in held.items() for month in months
    ]
    rows.append([f"20-05-{year}", "Loppemarked", "Nordby; Sydby", "Ja"])
    rows.append([f"21-05-{year}", "Kaffe", "Havnen", "Nej"])
    return rows if year == ODD_YEAR else [*rows, [f"21-06-{year}", "Sankthans", "Alle", "Ja"]]


def larger_events(year: int, area: str) -> int:
    """What the sheet of a year gives for an area."""
    return sum(row[3] == "Ja" and (area in str(row[2]) or row[2] == "Alle") for row in event_rows(year))


def _survey() -> Iterator[Delivery]:
    for wave in WAVES:
        file = CsvFile(list(ANSWER_HEADINGS), answer_rows(wave))
        yield Delivery("spoergeskema", date(wave + 1, 2, 1), f"tryghed_{wave}.csv", file)


def answer_rows(wave: int) -> list[Cells]:
    """In each area every answer 16 times and twice none: half feel safe, with weights that balance."""
    return [
        [f"{wave}-{area}-{answer}-{at}", area, "0,8" if at % 2 else "1,2", answer]
        for area in AREAS.values()
        for answer in (*ANSWERS, "Ved ikke")
        for at in range(2 if answer == "Ved ikke" else ANSWERS_EACH)
    ]


def _key_figures() -> Delivery:
    """Residents grow slowly, dwellings not at all; the association publishes two figures of ours for some years too."""
    areas = tuple(AREAS.values())
    heated = [99.0, 99.1, 99.1, 99.2, 99.2, 99.3, 99.5]
    tables: dict[str, dict[str, list[float | None]]] = {
        "Beboere": {
            area: [size + 2 * at for at in range(7)] for area, size in zip(areas, (400, 300, 200), strict=True)
        },
        "Boliger": {area: [size] * 7 for area, size in zip((*areas, "Alle"), (180, 150, 90, 420), strict=True)},
        "Fjernvarme i procent": {area: list(heated) for area in (*areas, "Alle")},
        "Andel trygge": {area: [50 if year in WAVES[:2] else None for year in TABLE_YEARS] for area in areas},
        "Større arrangementer": {
            area: [larger_events(year, area) if year in COUNTED_YEARS else None for year in TABLE_YEARS]
            for area in areas
        },
    }
    rows: list[Cells] = [["Boligforeningens nøgletal"], [None, None, *TABLE_YEARS]]
    for measure, areas in tables.items():
        rows += [[measure, area, *values] for area, values in areas.items()]
    return Delivery("noegletal", date(2024, 2, 15), "noegletal_2024.xlsx", Workbook({"Nøgletal": rows}))


def _register() -> Delivery:
    """Incomes grow by about 2.5 per cent a year in every municipality, and once by 12 in all of them."""
    rows: list[Cells] = [["Indkomst efter kommune og tid"], [None, None, *REGISTER_YEARS]]
    for number, region in enumerate((*PEERS[:5], MUNICIPALITY, *PEERS[5:])):
        income, incomes = 200_000.0 + 7_000 * number, []
        for year in REGISTER_YEARS:
            income *= (1.12 if year == SHIFT_YEAR else 1.025) + (number * 7 + year * 3) % 5 * 0.002
            incomes.append(round(income))
        rows.append([INCOME, region, *incomes])
    rows.append(["Kilde: Registeret"])
    return Delivery("register", date(2024, 2, 20), "indkomst_2024.xlsx", Workbook({"Indkomst": rows}))
