"""The quality page of a publication: which figures are there, what is flagged, and what each figure rests on."""

import logging
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from publish.coverage import Cell, arrange
from publish.pages import QUALITY_FILE, write_page
from publish.quality_facts import Facts, Row, read_facts
from publish.quality_words import SEVERITY_SIGNS, STATE_SIGNS, state_of_figures, state_of_flags
from vocabulary.flags import CATALOGUE, FIXED_BY_DA, FlagCode
from vocabulary.states import LABELS_DA, Severity, ValueState, YearKind
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE

log = logging.getLogger(__name__)

INDICATOR = itemgetter("agreement_id", "indicator_id")
SERIES = itemgetter("agreement_id", "indicator_id", "area_id", "year_kind")
FIGURE = itemgetter("agreement_id", "indicator_id", "area_id", "year_kind", "year")


def write_quality_page(publication: Path) -> Path:
    """Write report/kvalitet.html into a publication and return its path; the same input gives the same page.

    A suppressed figure is shown as such, without a number of any version of it.
    """
    with reading(publication / PUBLICATION_FILE) as connection:
        facts = read_facts(connection)
    anchors = {
        FIGURE(row): ".".join(map(str, (*INDICATOR(row), row["area_id"], row["year_key"]))) for row in facts["figures"]
    }
    flags = _flags(facts, anchors)
    areas = {row["area_id"]: row["area_name"] for row in facts["areas"]}
    states = {ValueState(row["value_state"]): row["figures_count"] for row in facts["states"]}
    severities = {Severity(row["severity"]): row["flags_count"] for row in facts["severities"]}
    path = write_page(
        publication,
        QUALITY_FILE,
        "kvalitet.html.j2",
        styles=("side.css", "kvalitet.css"),
        script="kvalitet.js",
        publication_id=facts["publication"][0]["publication_id"],
        agreements={row["agreement_id"]: row["titel"] for row in facts["agreements"]},
        as_of=facts["agreements"][0]["opgjort_pr"],
        sentences=(state_of_figures(states), state_of_flags(severities)),
        states={state: states[state] for state in STATE_SIGNS if state in states},
        grids=arrange(_cell(row) for row in facts["figures"]),
        anchors=anchors,
        indicators={INDICATOR(row): row["indicator_name"] for row in facts["indicators"]},
        areas=areas,
        choices=_choices([*facts["figures"], *flags], areas),
        findings=_findings(flags),
        fixed_by=FIXED_BY_DA,
        explanations=_explanations(facts, flags, anchors),
        sources=_sources(facts),
        figures_left_out=sum(states.values()) - len(facts["figures"]),
        flags_left_out=sum(severities.values()) - len(flags),
        labels=LABELS_DA,
        state_signs=STATE_SIGNS,
        severity_signs=SEVERITY_SIGNS,
    )
    log.info("quality page: %s", path)
    return path


def _cell(row: Row) -> Cell:
    return Cell(
        *INDICATOR(row),
        area_id=row["area_id"],
        year_kind=YearKind(row["year_kind"]),
        year=row["year"],
        year_label=row["year_label"],
        value_state=ValueState(row["value_state"]),
        severities=tuple(Severity(severity) for severity in row["severities"]),
    )


def _flags(facts: Facts, anchors: dict[tuple, str]) -> list[Row]:
    """The flags with an `anchor`: where the page explains the figure, the indicator or the source."""
    explained = {INDICATOR(row): ".".join(INDICATOR(row)) for row in facts["figures"]}
    sources = {row["source_id"]: f"kilde.{row['source_id']}" for row in facts["sources"]}
    return [
        {
            **row,
            "anchor": anchors.get(FIGURE(row)) or explained.get(INDICATOR(row)) or sources.get(row["source_id"]),
        }
        for row in facts["flags"]
    ]


def _findings(flags: list[Row]) -> list[Row]:
    """The flags by severity and code, with the words of the catalogue."""
    groups: dict[tuple, list[Row]] = {}
    for flag in flags:
        groups.setdefault((flag["severity"], flag["flag_code"]), []).append(flag)
    return [
        {"severity": severity, "code": code, "text": CATALOGUE[FlagCode(code)], "flags": own}
        for (severity, code), own in groups.items()
    ]


def _choices(rows: Iterable[Row], areas: dict[str, str]) -> dict[str, object]:
    """What there is to filter by: areas by name, whether anything lies outside them, and years by kind."""
    seen = {row["area_id"] for row in rows}
    # a flag may say a year and no kind: an acknowledgement whose scope is both kinds
    years = {(row["year_kind"], row["year"], row["year_label"]) for row in rows if row["year_kind"] and row["year"]}
    return {
        "areas": {area_id: name for area_id, name in areas.items() if area_id in seen},
        "has_rows_without_area": None in seen,
        "years": {
            kind: [label for own, _, label in sorted(years) if own == kind]
            for kind in YearKind
            if any(own == kind for own, _, _ in years)
        },
    }


def _explanations(facts: Facts, flags: list[Row], anchors: dict[tuple, str]) -> list[Row]:
    """Per indicator its definition, and per area and kind of year a table of its figures with files and history."""
    files, history, flagged = (_by_figure(rows) for rows in (facts["files"], facts["history"], flags))
    words = {INDICATOR(row): row for row in facts["indicators"]}
    several = len(facts["agreements"]) > 1
    return [
        {
            **words[indicator],
            "command": f"omraadetal explain {indicator[1]} OMRÅDE ÅR" + f" --agreement {indicator[0]}" * several,
            "tables": [
                {
                    "area_id": series[2],
                    "year_kind": series[3],
                    "figures": [
                        {
                            **figure,
                            "anchor": anchors[FIGURE(figure)],
                            "files": files.get(FIGURE(figure), []),
                            "history": history.get(FIGURE(figure), []),
                            "flags": flagged.get(FIGURE(figure), []),
                        }
                        for figure in figures
                    ],
                }
                for series, figures in groupby(own, SERIES)
            ],
        }
        for indicator, own in groupby(facts["figures"], INDICATOR)
    ]


def _sources(facts: Facts) -> list[Row]:
    """Each source with the files behind the figures."""
    by_source: dict[object, list[Row]] = {}
    for file in facts["source_files"]:
        by_source.setdefault(file["source_id"], []).append(file)
    return [{**source, "files": by_source.get(source["source_id"], [])} for source in facts["sources"]]


def _by_figure(rows: Iterable[Row]) -> dict[tuple, list[Row]]:
    found: dict[tuple, list[Row]] = {}
    for row in rows:
        found.setdefault(FIGURE(row), []).append(row)
    return found
