"""The first page: what was promised, what came of it, and the sentences that sum it up."""

from collections import Counter

from publish.report.cells import STATES, Notes, cell, number, value_of
from publish.report.figures import Promise, Status, Tone
from publish.report.tables import Row, Tables, calendar_year
from vocabulary.states import LABELS_DA, BaselineTrend, TargetStatus, ValueState, YearKind
from vocabulary.wording import number_da

TARGET = {label: status for status, label in LABELS_DA["target_status"].items()}
TREND = {label: trend for trend, label in LABELS_DA["baseline_trend"].items()}
TONES = {
    TargetStatus.REACHED: Tone.GOOD,
    TargetStatus.ON_TRACK: Tone.GOOD,
    TargetStatus.BEHIND: Tone.OPEN,
    TargetStatus.MISSED: Tone.BAD,
    BaselineTrend.BETTER: Tone.GOOD,
    BaselineTrend.WORSE: Tone.BAD,
}
"""What a status tells at a glance; of any other it tells nothing."""

WITHOUT_A_FIGURE = (ValueState.MISSING, ValueState.INCOMPLETE)

COUNTED = {
    TargetStatus.REACHED: "er nået",
    TargetStatus.ON_TRACK: "er på vej",
    TargetStatus.BEHIND: "er bagefter",
    TargetStatus.MISSED: "er ikke nået",
    TargetStatus.NOT_ASSESSABLE: "kan ikke vurderes",
}

COMPARED = {
    BaselineTrend.BETTER: "ligger bedre end baseline",
    BaselineTrend.WORSE: "ligger dårligere end baseline",
    BaselineTrend.NO_CLEAR_CHANGE: "viser ingen sikker ændring siden baseline",
    BaselineTrend.NOT_COMPARABLE: "kan ikke sammenlignes med baseline",
    BaselineTrend.NO_BASELINE: "har ingen baseline",
}


def chosen(rows: tuple[Row, ...], tables: Tables, kind: YearKind, year: int) -> list[Row]:
    """The rows up to the report's year: of its kind of year, or of calendar years where a figure has no other."""
    with_kind = {(row["indicator_id"], row["area_id"]) for row in rows if row["aarstype"] == kind}
    last = calendar_year(tables.agreement, kind, year)
    return [
        row
        for row in rows
        if (row["aarstype"] == kind and row["year"] <= year)
        or ((row["indicator_id"], row["area_id"]) not in with_kind and row["year"] <= last)
    ]


def make_promises(tables: Tables, notes: Notes, kind: YearKind, year: int) -> tuple[Promise, ...]:
    """One line per promised indicator and area, for the report's year or, of a survey, the last wave before."""
    series: dict[tuple, list[Row]] = {}
    for row in chosen(tables.promises, tables, kind, year):
        series.setdefault((row["indicator_id"], row["area_id"]), []).append(row)  # in the order of years
    return tuple(_promise(rows, notes) for rows in series.values())


def headline(promises: tuple[Promise, ...], year_label: str) -> tuple[str, ...]:
    """The answer to «holder vi, hvad vi lovede?»."""
    targets = [one for one in promises if one.target]
    told = []
    if targets:
        counts = Counter(TARGET[one.status.text] for one in targets)
        parts = [f"{number_da(counts[status])} {words}" for status, words in COUNTED.items() if counts[status]]
        if len(counts) == 1 and len(targets) > 1:
            told.append(f"Alle {number_da(len(targets))} mål for {year_label} {COUNTED[next(iter(counts))]}.")
        else:
            told.append(f"Aftalen har {number_da(len(targets))} mål for {year_label}: {_listed(parts)}.")
    others = [one for one in promises if not one.target]
    if others:
        trends = Counter(one.trend for one in others if one.trend)
        parts = [f"{number_da(count)} {COMPARED[TREND[trend]]}" for trend, count in trends.items()]
        listed = f"; {_listed(parts)}" if parts else ""
        told.append(f"{_several(len(others), 'indikator', 'indikatorer')} har intet mål{listed}.")
    missing = [one for one in promises if STATES.get(one.figure.state) in WITHOUT_A_FIGURE]
    if missing:
        told.append(f"{_several(len(missing), 'tal', 'tal')} mangler helt eller delvis.")
    return tuple(told)


def _promise(rows: list[Row], notes: Notes) -> Promise:
    row, unit = rows[-1], rows[-1]["enhed"]
    baseline = None
    if row["baseline"] is not None:
        written = number_da(row["baseline"]) + " %" if unit == "procent" else number_da(row["baseline"])
        baseline = f"{written} ({row['baseline_aar']})"
    figure = cell(row, notes)
    previous = next((cell(one, notes) for one in rows if one["aar"] == row["forrige_aar"]), None)
    return Promise(
        goal=str(row["delmaal"]),
        indicator_id=str(row["indicator_id"]),
        indicator=str(row["indikator"]),
        area=str(row["omraade"]),
        year_label=str(row["aar"]),
        figure=figure,
        previous_label=row["forrige_aar"] and str(row["forrige_aar"]),
        previous=previous,
        baseline=baseline,
        target=_target(row),
        status=_status(row),
        trend=row["udvikling"] and str(row["udvikling"]),
    )


def _target(row: Row) -> str | None:
    if row["maal"] is None:
        return None
    wanted = number(row["maal"], row["enhed"]) if row["enhed"] != "procent" else f"{number_da(row['maal'])} %"
    if row["maal_gaelder"] != "cumulative":
        return wanted
    reached = f", nået {number_da(row['naaet_i_alt'])}" if row["naaet_i_alt"] is not None else ""
    return f"{wanted} i alt{reached}"


def _status(row: Row) -> Status:
    """The target's where there is one, else how the figure stands to the baseline, else why nothing can be said."""
    state = STATES[str(row["tilstand"])]
    if row["maal"] is not None:
        return Status(str(row["status"]), TONES.get(TARGET[str(row["status"])], Tone.NEUTRAL))
    if value_of(row) is None:
        return Status(str(row["tilstand"]), Tone.OPEN if state is ValueState.MISSING else Tone.NEUTRAL)
    if row["udvikling"] is not None:
        return Status(str(row["udvikling"]), TONES.get(TREND[str(row["udvikling"])], Tone.NEUTRAL))
    return Status(LABELS_DA["target_status"][TargetStatus.NO_TARGET], Tone.NEUTRAL)


def _several(count: int, one: str, many: str) -> str:
    return f"{number_da(count)} {one if count == 1 else many}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} og {parts[-1]}"
