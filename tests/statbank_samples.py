"""The tables of samples/landing/statbank as StatBank holds them: the exported figures, under codes of their own."""

from python_calamine import CalamineWorkbook

from tests.statbank_server import Table
from vocabulary.settings import PROJECT_ROOT

EXPORTS = PROJECT_ROOT / "samples" / "landing" / "statbank" / "2019-06-30"

VARIABLES = {
    "RAS200": [
        ("BEREGNING", "frequency", {"BFK": "Employment rate", "EFK": "Activity rate"}, False),
        ("KØN", "sex", {"TOT": "Total", "M": "Men", "K": "Women"}, True),
        ("ALDER", "age", {"TOT": "Age, total", "16-24": "16-24 years"}, True),
        ("HERKOMST", "ancestry", {"00": "Total", "10": "Persons of Danish origin"}, True),
    ],
    "INDKP107": [
        (
            "INDKOMSTTYPE",
            "type of income",
            {"100": "1 Disposable income (2+30-31-32-35)", "105": "2 Pre-tax income, total (3+7+22+26+29)"},
            False,
        ),
        ("UDDNIV", "level of education", {"10": "10 BASIC SCHOOL", "65": "   65 LONG-CYCLE HIGHER EDUCATION"}, False),
        ("KOEN", "sex", {"MOK": "Men and women, total", "M": "Men", "K": "Women"}, False),
        ("ENHED", "unit", {"101": "People with type of income", "116": "Average income for all people (DKK)"}, False),
    ],
}


def exported(table: str) -> Table:
    """A table whose cells are those of the sample; all others are missing."""
    rows = CalamineWorkbook.from_path(str(EXPORTS / f"{table}.xlsx")).get_sheet_by_index(0).to_python()
    title, unit, head, first = rows[0][0], rows[1][0].removeprefix("Units: "), rows[2], rows[3]
    labels = VARIABLES[table]
    width = len(labels) + 1
    chosen = [
        next(code for code, text in values.items() if text.strip() == first[at])
        for at, (_, _, values, _) in enumerate(labels)
    ]
    figures = [row for row in rows[3:] if row[width - 1]]
    regions = {f"{100 + at}": row[width - 1] for at, row in enumerate(figures)}
    periods = {label: label for label in head[width:]}
    cells = {
        (*chosen, region, period): row[width + at]
        for region, row in zip(regions, figures, strict=True)
        for at, period in enumerate(periods)
    }
    return Table(
        table,
        title.partition(" by ")[0],
        [*labels, ("OMRÅDE", "region", regions, True), ("Tid", "time", periods, False)],
        cells,
        unit=unit,
        footnote=next((row[0] for row in rows[3 + len(figures) :] if row[0]), None),
    )
