"""One section per indicator: its series as a chart, its areas as a table, and what is said of it."""

from collections.abc import Iterable

from publish.report.cells import NOTHING, STATES, Notes, cell, number, value_of
from publish.report.figures import AreaRow, AreaTable, Chart, Point, Promise
from publish.report.model import Caveat, Change, Comment, Section
from publish.report.promises import chosen
from publish.report.tables import Row, Tables
from vocabulary.states import ALL_AREAS_ID, ValueState, YearKind

MOST_YEARS = 6
"""Years of a table of areas, the last ones; the chart and the annex of older reports have the others."""

FEWEST_POINTS = 2
"""A chart of a single figure says less than the figure."""

OF_PART = "‡ Kun en del af året ligger i aftaleperioden."
OF_BREAK = "Målt på en anden måde end før i {years}, så tallene kan ikke sammenlignes med dem før."


def make_sections(
    tables: Tables,
    notes: Notes,
    *,
    kind: YearKind,
    year: int,
    promises: Iterable[Promise],
    caveats: dict[object, list[Caveat]],
    changes: Iterable[Change],
) -> tuple[Section, ...]:
    """A section per indicator that has figures up to the report's year, in the agreement's order."""
    rows = chosen((*tables.counted, *tables.survey, *tables.dated), tables, kind, year)
    by_indicator: dict[object, list[Row]] = {}
    for row in rows:
        by_indicator.setdefault(row["indicator_id"], []).append(row)
    promised = list(promises)
    changed = list(changes)
    return tuple(
        _section(
            definition,
            by_indicator[definition["indicator_id"]],
            notes,
            promise=next((one for one in promised if one.indicator_id == definition["indicator_id"]), None),
            comments=_comments(tables, by_indicator[definition["indicator_id"]]),
            caveats=tuple(caveats.get(definition["indicator_id"], ())),
            changes=tuple(one for one in changed if one.indicator_id == definition["indicator_id"]),
        )
        for definition in tables.definitions
        if definition["indicator_id"] in by_indicator
    )


def _section(
    definition: Row,
    rows: list[Row],
    notes: Notes,
    *,
    promise: Promise | None,
    comments: tuple[Comment, ...],
    caveats: tuple[Caveat, ...],
    changes: tuple[Change, ...],
) -> Section:
    area = promise.area if promise else _main_area(rows)
    series = [row for row in rows if row["omraade"] == area]
    return Section(
        indicator_id=str(definition["indicator_id"]),
        name=str(definition["indikator"]),
        goal=_text(definition["delmaal"]),
        unit=str(definition["enhed"]),
        definition=str(definition["definition"] or ""),
        definition_version=str(definition["definitionens_version"] or ""),
        data_source=str(definition["datakilde"] or ""),
        quote=_text(definition["aftalens_ord"]),
        reading=_text(definition["maal_laeses_som"]),
        promise=promise,
        chart=_chart(str(definition["indikator"]), area, series, promise),
        table=_table(rows, notes),
        comments=comments,
        caveats=caveats,
        changes=changes,
    )


def _main_area(rows: list[Row]) -> str:
    """All areas together where the indicator has them, else the first."""
    return str(next((row["omraade"] for row in rows if row["area_id"] == ALL_AREAS_ID), rows[0]["omraade"]))


def _chart(name: str, area: str, rows: list[Row], promise: Promise | None) -> Chart | None:
    points = tuple(_point(row) for row in _without_empty_ends(sorted(rows, key=lambda row: row["year"])))
    if sum(point.value is not None for point in points) < FEWEST_POINTS:
        return None
    unit = str(rows[0]["enhed"])
    told = "; ".join(
        f"{point.year_label} {number(point.value, unit) if point.value is not None else point.state}"
        for point in points
    )
    targets = [point for point in points if point.target is not None]
    goal = f" Målet for {targets[-1].year_label} er {number(targets[-1].target, unit)}." if targets else ""
    baseline = next((row for row in reversed(rows) if row.get("baseline_pct") is not None), None)
    return Chart(
        title=f"{name}, {area}",
        unit=unit,
        points=points,
        alt=f"Kurve over {name}, {area}: {told}.{goal}",
        baseline=baseline and baseline["baseline_pct"],
        baseline_label=f"Baseline {promise.baseline}" if baseline and promise and promise.baseline else None,
    )


def _without_empty_ends(rows: list[Row]) -> list[Row]:
    """From the first to the last year in which a figure was to be there."""
    idle = (ValueState.NOT_DUE, ValueState.NOT_MEASURED)
    busy = [at for at, row in enumerate(rows) if STATES[str(row["tilstand"])] not in idle]
    return rows[busy[0] : busy[-1] + 1] if busy else []


def _point(row: Row) -> Point:
    return Point(
        year_label=str(row["aar"]),
        value=value_of(row),
        state=str(row["tilstand"]),
        ci_low=row.get("nedre_graense_pct"),
        ci_high=row.get("oevre_graense_pct"),
        target=row["maal"],
        is_break=bool(row.get("serie_brud")),
        is_preliminary=bool(row.get("del_af_aar")) or STATES[str(row["tilstand"])] is ValueState.INCOMPLETE,
    )


def _table(rows: list[Row], notes: Notes) -> AreaTable | None:
    years = sorted({(row["year"], str(row["aar"])) for row in rows})[-MOST_YEARS:]
    areas: dict[tuple, dict[object, Row]] = {}
    for row in rows:
        areas.setdefault((row["omraade_raekkefoelge"], row["omraade"], row["area_id"]), {})[row["year"]] = row
    shown = [row for row in rows if (row["year"], str(row["aar"])) in years]
    breaks = sorted({str(row["aar"]) for row in shown if row.get("serie_brud")})
    remarks = [OF_PART] if any(row.get("del_af_aar") for row in shown) else []
    remarks += [OF_BREAK.format(years=", ".join(breaks))] if breaks else []
    return AreaTable(
        caption="Tal for hvert område",
        unit=str(rows[0]["enhed"]),
        years=tuple(label for _, label in years),
        rows=tuple(
            AreaRow(
                area=str(name),
                is_total=area_id == ALL_AREAS_ID and len(areas) > 1,
                cells=tuple(cell(own[year], notes) if year in own else NOTHING for year, _ in years),
            )
            for (_, name, area_id), own in sorted(areas.items(), key=lambda one: one[0][0])
        ),
        remarks=tuple(remarks),
    )


def _comments(tables: Tables, rows: list[Row]) -> tuple[Comment, ...]:
    """The comments to the last year that is shown, in whichever kind of year."""
    last = max(rows, key=lambda row: row["year"])
    return tuple(
        make_comment(row)
        for row in tables.comments
        if row["indicator_id"] == last["indicator_id"]
        and (row["aarstype"], row["year"]) == (last["aarstype"], last["year"])
    )


def make_comment(row: Row) -> Comment:
    """A row of tabel_9."""
    return Comment(text=str(row["kommentar"]), role=str(row["rolle"]), written_on=row["skrevet"])


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
