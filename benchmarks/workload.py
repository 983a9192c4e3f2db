"""What is built in a benchmark: an agreement of ten years, its areas, and indicators over one register.

The themes, referrals and area names are made up; only their number and shape matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from agreements.areas import AREAS_FILE
from vocabulary.settings import PROJECT_ROOT, Settings
from vocabulary.states import ALL_AREAS_ID, AreaLevel, YearKind

AGREEMENT_ID = "benchmark"
SOURCE_ID = "vejledninger"
VALID_FROM = date(2014, 10, 1)
VALID_TO = date(2024, 9, 30)
AS_OF = date(2025, 3, 1)
"""After every delivery and every due date: each expected figure is `observed`, zeros included."""

OUTSIDE_AREA_ID = "uden_for_aftalen"
"""A known area that is not in the agreement: its rows are loaded and belong to none of its figures."""

TOPICS = ("Bolig", "Familie", "Helbred", "Job", "Økonomi")
THEMES = tuple(f"{topic}: emne {number}" for topic in TOPICS for number in range(1, 6))
REFERRALS = (
    "Borgerservice",
    "Egen læge",
    "Forening",
    "Frivillig vejleder",
    "Gældsrådgivning",
    "Jobcenter",
    "Sagsbehandler",
    "Udbetaling Danmark",
)


@dataclass(frozen=True)
class Workload:
    """The size of one benchmark. `records` are those in force; a year that was delivered twice comes on top."""

    records: int
    areas: int = 1000
    indicators: int = 100
    seed: int = 20141001

    @property
    def area_ids(self) -> list[str]:
        """The housing areas of the agreement."""
        return [f"omraade_{number:04d}" for number in range(1, self.areas + 1)]


@dataclass(frozen=True)
class Selection:
    """One indicator: the kind of its measure, and its conditions as (attribute, operator, value)."""

    indicator_id: str
    kind: str
    conditions: tuple[tuple[str, str, str | None], ...]


def selections(workload: Workload) -> Iterator[Selection]:
    """The indicators in turn: three counts by theme (all, bridged, not bridged), then one of persons.

    A fifth of the indicators of persons spans a whole topic, the others one theme with a referral.
    """
    bridged, not_bridged = ("is_bridged", "equals", "true"), ("is_bridged", "equals", "false")
    referred = ("bridged_to", "not_blank", None)
    for number in range(workload.indicators):
        at = number // 4 % len(THEMES)
        theme = ("theme", "equals", THEMES[at])
        spans_topic = at % (len(THEMES) // len(TOPICS)) == 0
        persons = (("theme", "starts_with", THEMES[at].split(":")[0]),) if spans_topic else (theme, referred)
        kind, conditions = (
            ("count_records", (theme,)),
            ("count_records", (theme, bridged)),
            ("count_records", (theme, not_bridged)),
            ("distinct_persons", persons),
        )[number % 4]
        yield Selection(f"indikator_{number + 1:03d}", kind, conditions)


def settings_in(folder: Path) -> Settings:
    """Settings of a benchmark that lies in `folder`; OMRAADETAL_* variables do not count."""
    home = folder / "home"
    return replace(
        Settings.from_environment(home=home, landing=folder / "landing"),
        store=str(home),
        agreements=folder / "agreements",
        sources=PROJECT_ROOT / "ingest" / "sources",
    )


def write_agreement(workload: Workload, folder: Path) -> None:
    """Write areas.yaml and the agreement, which agreements.loader reads."""
    folder.mkdir(parents=True)
    housing = [
        {"area_id": area_id, "name": area_id.replace("_", " ").capitalize(), "level": AreaLevel.AREA.value}
        for area_id in (*workload.area_ids, OUTSIDE_AREA_ID)
    ]
    every = {"area_id": ALL_AREAS_ID, "name": "Boligområder samlet set", "level": AreaLevel.ALL_AREAS.value}
    _write(folder / AREAS_FILE, {"areas": [*housing, every]})
    _write(folder / f"{AGREEMENT_ID}.yaml", _agreement(workload))


def _agreement(workload: Workload) -> dict[str, Any]:
    areas = workload.area_ids
    expected_areas = [*areas, ALL_AREAS_ID]
    calendar = {
        "cadence": "yearly",
        "year_kinds": [YearKind.CALENDAR.value, YearKind.AGREEMENT.value],
        "due_days_after_period": 45,
    }
    return {
        "agreement_id": AGREEMENT_ID,
        "title": "Benchmark",
        "programme": "Benchmark",
        "intervention_area": "Benchmark",
        "parent_agreement": "Benchmark",
        "valid_from": VALID_FROM,
        "valid_to": VALID_TO,
        "parties": [],
        "areas": areas,
        "goals": [{"goal_id": "maal", "name": "Mål"}],
        "indicators": [
            {
                "indicator_id": selection.indicator_id,
                "name": selection.indicator_id,
                "goal": "maal",
                "definition_version": "1",
                "definition_da": selection.indicator_id,
                "quote": None,
                "data_source": "Egen registrering",
                "unit": "personer" if selection.kind == "distinct_persons" else "antal",
                # the same lists in every indicator: YAML writes them once, with an anchor
                "areas": expected_areas,
                "calendar": calendar,
                "measure": {
                    "kind": selection.kind,
                    "type": "flow",
                    "source": SOURCE_ID,
                    "conditions": [
                        {"attribute": attribute, "operator": operator} | ({"value": value} if value else {})
                        for attribute, operator, value in selection.conditions
                    ],
                },
            }
            for selection in selections(workload)
        ],
        "activities": [],
        "staff": [],
        "municipal_context": "Benchmark",
        "yearly_rule": "Alle indikatorer er årlige opgørelser.",
        "revision": dict.fromkeys(
            ("proposed_by", "cadence", "urgent", "decided_by", "recorded_in", "requested_by", "quote"), "Benchmark"
        ),
    }


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
