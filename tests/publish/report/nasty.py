"""Reports that no board wishes for: what pages and workbooks must stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from publish.report.figures import AreaRow, AreaTable, Cell, Chart, Point, Promise, Status, Tone
from publish.report.model import Caveat, Comment, Edition, Note, Report, Section
from tests.publish.report.sample import ALL, OBSERVED, STATES, SUPPRESSED, caveats, counted, sample_report
from vocabulary.states import ValueState

MARKUP = (
    "# *fed* $x^2$ <b>&amp;</b> @ref \\u{41} _kursiv_ `kode` #let x = 1 =cmd|' /C calc'!A0 [a](b) {{ 7 * 7 }} {% raw %}"
)
FORMULA = "=1+1 og -2"
UNBROKEN = "Helhedsplansbestyrelsesformandsstedfortræderkandidatudvælgelsesproces" * 3
FOREIGN = (
    "Ağrı, Łódź, Москва, Αθήνα, 東京 😀 العربية a\N{COMBINING RING ABOVE} \N{NON-BREAKING HYPHEN}\N{ZERO WIDTH SPACE}"
)


def section(
    indicator_id: str, name: str, series: dict[str, tuple[Cell, ...]], years: tuple[str, ...], **other: object
) -> Section:
    """An indicator with these figures; its promise and chart are those of the last row."""
    *_, (area, cells) = series.items()
    promise = Promise(
        "Delmål", indicator_id, name, area, years[-1], cells[-1], None, None, "10 (2018)", "12 om året",
        Status("kan ikke vurderes", Tone.NEUTRAL), None,
    )  # fmt: skip
    chart = Chart(
        name,
        "antal",
        tuple(Point(y, c.value, c.state, target=12) for y, c in zip(years, cells, strict=True)),
        f"Kurve: {name}",
    )
    table = AreaTable(
        f"{name} efter område", "antal", years, tuple(AreaRow(key, key == area, row) for key, row in series.items())
    )
    facts = Section(
        indicator_id, name, "Delmål", "antal", "Antal.", "1", "Egen registrering", None, None, promise, chart, table
    )
    return replace(facts, **other)


def of(*shown: Section, **other: object) -> Report:
    """The sample's report with these indicators instead."""
    return replace(
        sample_report(),
        sections=shown,
        promises=tuple(one.promise for one in shown if one.promise),
        **({"context": (), "caveats": (), "changes": (), "decisions": ()} | other),
    )


def markup() -> Report:
    cells = {FORMULA: (counted(9, "a"), counted(10, "a")), MARKUP: (counted(3, "a"), counted(12, "a"))}
    shown = section("markup", MARKUP, cells, ("2023", "2024"), quote=MARKUP, reading=MARKUP,
                    comments=(Comment(MARKUP, MARKUP, date(2025, 1, 1)),) * 3)  # fmt: skip
    caveat = Caveat("advarsel", Tone.OPEN, MARKUP, MARKUP, MARKUP, MARKUP, MARKUP)
    return of(
        shown, agreement=MARKUP, headline=(MARKUP,), caveats=(caveat,), notes=(Note("a", MARKUP),), remarks=(MARKUP,)
    )


def long_names() -> Report:
    name = f"{UNBROKEN} «{UNBROKEN}» og meget mere om det samme, " * 3
    cells = {f"{UNBROKEN} {index}": (counted(index, "a"),) * 4 for index in range(3)}
    shown = section("lang", name, cells, ("2021", "2022", "2023", "2024"), quote=name * 4, goal=name, data_source=name)
    return of(
        shown, agreement=name, programme=name, headline=(name,), version=name, publication_id="2025-11-01-3f9a1c07"
    )


def foreign() -> Report:
    return of(section("fremmed", FOREIGN, {FOREIGN: (counted(12, "a"),)}, ("2024",)), agreement=FOREIGN)


def many_indicators() -> Report:
    shown = [
        section(f"i{index}", f"Indikator {index} om "
                             f"noget", {ALL: tuple(counted(index * year, "a") for year in range(5))},
                tuple(str(2020 + year) for year in range(5)))
        for index in range(40)
    ]  # fmt: skip
    return of(*shown)


def many_areas() -> Report:
    years = tuple(f"{2010 + year}/{11 + year}" for year in range(15))
    cells = {
        f"Boligområde {area}": tuple(
            counted(area * 7919 + year * 101 if (area + year) % 6 else None, "aa") for year in range(15)
        )
        for area in range(20)
    }
    return of(section("omraader", "Mange områder", cells, years), notes=(Note("aa", "Alle kilder."),))


def nothing() -> Report:
    return of(notes=(), sources=(), headline=(), changes_since=None, earlier_editions=())


def no_figures() -> Report:
    missing = Cell("mangler", None, STATES[ValueState.MISSING])
    return of(section("tom", "Intet er leveret", {ALL: (missing,) * 3}, ("2022", "2023", "2024")))


def all_hidden() -> Report:
    cells = {area: (counted(None, "a"),) * 3 for area in ("Ringparken", "Sydbyen", ALL)}
    return of(section("skjult", "Alt er skjult", cells, ("2022", "2023", "2024")))


def one_year() -> Report:
    shown = section("et_aar", "Kun ét år", {ALL: (counted(14, "a"),)}, ("2024",))
    return of(shown, year_kind="calendar", year_kind_label="Kalenderår", year_label="2024")


def strange_numbers() -> Report:
    rows = {
        "Negative": tuple(
            Cell(text, value, OBSERVED, "a") for text, value in (("-1.204,5", -1204.5), ("-3", -3.0), ("7", 7.0))
        ),
        "Store": tuple(
            Cell(text, value, OBSERVED, "a") for text, value in (("1.234.567.890.123", 1234567890123.0),) * 3
        ),
        "Små": tuple(Cell(text, value, OBSERVED, "a") for text, value in (("0,004", 0.004), ("0", 0.0), ("0,1", 0.1))),
    }
    years = ("2022", "2023", "2024")
    return of(*(section(f"n{i}", f"{name} tal", {name: row}, years) for i, (name, row) in enumerate(rows.items())))


def many_caveats() -> Report:
    found = tuple(
        Caveat(
            "advarsel", Tone.OPEN, f"Fund nummer {index % 7}", "Vejledninger",
            f"vejledninger_{index}.csv: række {index} mangler et område.", "Ret rækken, og lever filen igen.",
            f"Ansvarlig {index % 3}", "Kendt til 31. december 2025." if index % 10 == 0 else None,
        )
        for index in range(200)
    )  # fmt: skip
    return replace(sample_report(), caveats=found)


def breaks_and_gaps() -> Report:
    """A survey with an interval in every wave, a part of a year, a new target, and each kind of gap."""
    states = [STATES[state] for state in (ValueState.MISSING, ValueState.NOT_MEASURED, ValueState.NOT_DUE)]
    points = (
        Point("2015", 40.0, OBSERVED, 35.0, 45.0, target=50.0),
        Point("2016", 42.0, OBSERVED, 38.0, 46.0, target=50.0),
        *(Point(str(2017 + index), None, state, target=50.0) for index, state in enumerate((*states, SUPPRESSED))),
        Point("2021", 61.0, OBSERVED, 55.0, 67.0, target=60.0, is_break=True),
        Point("2022", 59.0, OBSERVED, 54.0, 64.0, target=60.0),
        Point("2023", 30.0, OBSERVED, 24.0, 36.0, target=60.0, is_preliminary=True),
    )
    shown = section("brud", "Brud og huller", {ALL: (counted(30, "a"),)}, ("2023",))
    chart = Chart("Brud og huller", "procent", points, "Kurve med brud og huller", 59.0, "baseline 59 % (2014)")
    return of(replace(shown, chart=chart))


def approved() -> Report:
    edition = Edition(2, "2024/25", "Referat af 11. december 2025, punkt 3", date(2025, 12, 11), "2025-11-01-3f9a1c07")
    earlier = tuple(
        replace(edition, number=1, approved_on=edition.approved_on - timedelta(days=365 * ago)) for ago in range(1, 4)
    )
    comment = Comment("Året gik godt.", "chefen for helhedsplanen", date(2025, 11, 3))
    year = replace(sample_report(), edition=edition, earlier_editions=earlier)
    return replace(year, comments=(comment,), earlier_caveats=1204)


def many_comments() -> Report:
    comment = Comment(
        'Første linje om tallet.\nAnden linje, med "citat" og 50 % af det hele.', "Leder", date(2025, 10, 1)
    )
    shown = sample_report().sections
    return replace(
        sample_report(), sections=(replace(shown[0], comments=(comment,) * 12, caveats=caveats()), *shown[1:])
    )


NASTY: dict[str, Callable[[], Report]] = {
    make.__name__: make
    for make in (
        sample_report, markup, long_names, foreign, many_indicators, many_areas, nothing, no_figures, all_hidden,
        one_year,
        strange_numbers, many_caveats, breaks_and_gaps, approved, many_comments,
    )
}  # fmt: skip
