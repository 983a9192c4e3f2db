"""The report as the plain data that both templates read: worded, grouped and in order, with the charts drawn.

Templates only place what stands here, so PDF and HTML say the same. Values are text, numbers, lists and dicts, and can
be written as JSON; text is never markup.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from publish.report.charts import chart_svg
from publish.report.headings import COLUMNS, EMPTY, HEADINGS, NOT_APPROVED, READING
from publish.report.model import AreaTable, Caveat, Cell, Change, Decision, Promise, Report, Section, Status, Tone
from vocabulary.wording import date_da

Outline = dict[str, Any]


def report_title(report: Report) -> str:
    return f"Årsrapport {report.year_label}"


def edition_line(report: Report) -> str:
    """Whether the board approved this report, and by which minutes."""
    if report.edition is None:
        return NOT_APPROVED
    return (
        f"Godkendt af bestyrelsen {date_da(report.edition.approved_on)}, jf. {report.edition.minutes} "
        f"(udgave {report.edition.number})"
    )


def front_facts(report: Report) -> list[tuple[str, str]]:
    """What the front says of the report: label and text."""
    return [
        ("Aftale", report.agreement),
        ("Indsats", report.programme),
        ("Aftalens periode", f"{date_da(report.valid_from)} til {date_da(report.valid_to)}"),
        ("Aftalens version", report.version),
        ("Rapporten dækker", f"{report.year_kind_label} {report.year_label}"),
        ("Opgjort pr.", date_da(report.as_of)),
        ("Udgivelse", f"{report.publication_id}, {date_da(report.published_on)}"),
    ]


def outline(report: Report) -> Outline:
    """Everything of the report in its order. Raises FontsMissing."""
    anchors = {section.indicator_id: f"indikator-{index}" for index, section in enumerate(report.sections, 1)}
    return {
        "title": report_title(report),
        "facts": front_facts(report),
        "edition": edition_line(report),
        "edition_short": f"Udgave {report.edition.number}" if report.edition else "Foreløbig udgave",
        "publication": f"Udgivelse {report.publication_id} · opgjort pr. {date_da(report.as_of)}",
        "agreement_facts": ["Aftale", "Aftalens periode", "Aftalens version"],
        "is_approved": report.edition is not None,
        "running": _shortened(f"{report_title(report)} · {report.programme}"),
        "programme": report.programme,
        "agreement": report.agreement,
        "as_of": report.as_of.isoformat(),
        "headline": list(report.headline),
        "remarks": list(report.remarks),
        "promises": [
            {"goal": goal, "rows": [_promise(promise, anchors) for promise in promises]}
            for goal, promises in groupby(report.promises, lambda promise: promise.goal)
        ],
        "sections": [_section(section, anchors[section.indicator_id]) for section in report.sections],
        "context": [_section(section, f"ramme-{index}") for index, section in enumerate(report.context, 1)],
        "caveats": [
            {"who": who, "findings": _findings(caveats)}
            for who, caveats in _grouped([one for one in report.caveats if not one.acknowledged], "who")
        ],
        "known": _findings([caveat for caveat in report.caveats if caveat.acknowledged]),
        "changes": [_change(change) for change in report.changes],
        "changes_since": report.changes_since,
        "decisions": [
            {
                "cells": [
                    date_da(decision.decided_on),
                    date_da(decision.effective_from),
                    decision.reason,
                    decision.minutes,
                ],
                "changes": list(decision.changes),
                "note": None if decision.is_in_force else _not_in_force(decision, report.as_of),
            }
            for decision in report.decisions
        ],
        "editions": [
            [str(one.number), one.year_label, date_da(one.approved_on), one.minutes, one.publication_id]
            for one in report.earlier_editions
        ],
        "notes": [asdict(note) for note in {note.letter: note for note in report.notes}.values()],
        "sources": [[source.name, source.owner or "–", date_da(source.last_delivered_on)] for source in report.sources],
        "reading": [list(pair) for pair in READING],
        "tones": [{"tone": tone.value, "sign": tone.sign, "text": text} for tone, text in _TONES.items()],
        "headings": HEADINGS,
        "columns": COLUMNS,
        "empty": EMPTY,
    }


_TONES = {
    Tone.GOOD: "som lovet, eller bedre end før",
    Tone.OPEN: "bagefter, eller noget skal følges op",
    Tone.BAD: "ikke som lovet",
    Tone.NEUTRAL: "uden vurdering",
}
"""What the signs mean, for the section on how to read the report."""


RUNNING_LENGTH = 80
"""Characters of the line at the head of each page."""


def _shortened(text: str) -> str:
    return text if len(text) <= RUNNING_LENGTH else text[: RUNNING_LENGTH - 1].rstrip() + "…"


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


def _not_in_force(decision: Decision, as_of: date) -> str:
    return "gælder endnu ikke" if decision.effective_from > as_of else "gælder ikke længere"


def _promise(promise: Promise, anchors: dict[str, str]) -> Outline:
    """`lead` says in one line what the first page says in columns, for the head of the indicator's section."""
    lead = [
        f"{promise.year_label}: {promise.figure.text}",
        f"mål: {promise.target}" if promise.target else None,
        f"baseline: {promise.baseline}" if promise.baseline else None,
    ]
    return asdict(promise) | {
        "anchor": anchors.get(promise.indicator_id),
        "lead": " · ".join(part for part in lead if part),
        "figure": _cell(promise.figure),
        "previous": _cell(promise.previous),
        "status": _status(promise.status),
    }


def _section(section: Section, anchor: str) -> Outline:
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
        "promise": _promise(section.promise, {}) if section.promise else None,
        "chart": section.chart
        and {"title": section.chart.title, "alt": section.chart.alt, "svg": chart_svg(section.chart)},
        "table": section.table and _table(section.table),
        "comments": [
            {"text": comment.text, "by": f"{comment.role}, {date_da(comment.written_on)}"}
            for comment in section.comments
        ],
        "caveats": _findings(section.caveats),
        "changes": [_change(change) for change in section.changes],
        "facts": [[label, text] for label, text in facts if text],
    }


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


def _change(change: Change) -> Outline:
    return {
        "about": change.about,
        "since": change.since,
        "before": _cell(change.before),
        "after": _cell(change.after),
    }


def _findings(caveats: Iterable[Caveat]) -> list[Outline]:
    """What was found, one entry for all that has the same title and remedy, with each message once."""
    findings = []
    for (severity, title, remedy), found in _grouped_by(caveats, lambda one: (one.severity, one.title, one.remedy)):
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


def _grouped(items: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    return _grouped_by(items, lambda item: getattr(item, attribute))


def _grouped_by(items: Iterable[Any], key: Any) -> list[tuple[Any, list[Any]]]:
    """Groups in the order in which they first appear."""
    groups: dict[Any, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.items())
