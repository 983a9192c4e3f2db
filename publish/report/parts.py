"""Parts of the report as the plain data that both templates read: a promise, an indicator, what was found."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from publish.report.charts import chart_svg
from publish.report.figures import AreaTable, Cell, Promise, Status
from publish.report.model import Caveat, Change, Comment, Decision, Section
from vocabulary.wording import date_da

Outline = dict[str, Any]
Item = TypeVar("Item")


def _cell(cell: Cell | None) -> Outline | None:
    if cell is None:
        return None
    return {
        "text": cell.text,
        "note": cell.note,
        "detail": cell.detail,
        "is_partial": cell.is_partial,
        "is_number": cell.value is not None,
    }


def _status(status: Status) -> Outline:
    return {"text": status.text, "tone": status.tone.value, "sign": status.tone.sign}


def not_in_force(decision: Decision, as_of: date) -> str:
    return "gælder endnu ikke" if decision.effective_from > as_of else "gælder ikke længere"


def promise_part(promise: Promise, anchors: dict[str, str]) -> Outline:
    """`lead` says in one line what the first page says in columns, for the head of the indicator's section."""
    lead = [
        f"{promise.year_label}: {promise.figure.text}",
        f"mål: {promise.target}" if promise.target else None,
        f"baseline: {promise.baseline}" if promise.baseline else None,
    ]
    return asdict(promise) | {
        "anchor": anchors.get(promise.indicator_id),
        "lead": " · ".join(part for part in lead if part),
        "trend": promise.trend if promise.trend != promise.status.text else None,
        "figure": _cell(promise.figure),
        "previous": _cell(promise.previous),
        "status": _status(promise.status),
    }


def section_part(section: Section, anchor: str) -> Outline:
    facts = [
        ("Definition", f"{section.definition} (version {section.definition_version})"),
        ("Aftalens ord", f"«{section.quote}»" if section.quote else None),
        ("Sådan er det læst", section.reading),
        ("Datakilde", section.data_source),
    ]
    return {
        "anchor": anchor,
        "indicator_id": section.indicator_id,
        "name": section.name,
        "goal": section.goal,
        "unit": section.unit,
        "promise": promise_part(section.promise, {}) if section.promise else None,
        "chart": section.chart
        and {
            "title": f"{section.chart.title} ({section.chart.unit})",
            "alt": section.chart.alt,
            "svg": chart_svg(section.chart),
        },
        "table": section.table and _table(section.table),
        "comments": comment_parts(section.comments),
        "caveats": finding_parts(section.caveats),
        "changes": [change_part(change) for change in section.changes],
        "facts": [[label, text] for label, text in facts if text],
    }


def comment_parts(comments: Iterable[Comment]) -> list[Outline]:
    return [{"text": one.text, "by": f"{one.role}, {date_da(one.written_on)}"} for one in comments]


def _table(table: AreaTable) -> Outline:
    return {
        "caption": f"{table.caption} ({table.unit})",
        "years": list(table.years),
        "rows": [
            {"area": row.area, "is_total": row.is_total, "cells": [_cell(cell) for cell in row.cells]}
            for row in table.rows
        ],
        "remarks": list(table.remarks),
    }


def change_part(change: Change, *, told: str | None = None) -> Outline:
    """`since` is left out where it has been told for all changes."""
    return {
        "about": change.about,
        "since": change.since if change.since != told else None,
        "before": _cell(change.before),
        "after": _cell(change.after),
    }


def finding_parts(caveats: Iterable[Caveat]) -> list[Outline]:
    """What was found, one entry for all that has the same title and remedy, with each message once."""
    findings = []
    for (severity, title, remedy), found in grouped(caveats, lambda one: (one.severity, one.title, one.remedy)):
        findings.append(
            {
                "severity": severity,
                "tone": found[0].tone.value,
                "sign": found[0].tone.sign,
                "title": title,
                "remedy": remedy,
                "items": [
                    {"message": message, "acknowledged": acknowledged}
                    for message, acknowledged in dict.fromkeys((one.message, one.acknowledged) for one in found)
                ],
            }
        )
    return findings


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[tuple[Any, list[Item]]]:
    """Groups in the order in which they first appear."""
    groups: dict[Any, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.items())
