"""The report as the plain data that both templates read: worded, grouped and in order, with the charts drawn.

Templates only place what stands here, so PDF and HTML say the same. Values are text, numbers, lists and dicts, and can
be written as JSON; text is never markup.
"""

from dataclasses import asdict
from itertools import groupby

from publish.report.figures import Tone
from publish.report.headings import COLUMNS, EMPTY, HEADINGS, NOT_APPROVED, READING
from publish.report.model import Report
from publish.report.parts import (
    Outline,
    change_part,
    comment_parts,
    finding_parts,
    grouped,
    not_in_force,
    promise_part,
    section_part,
)
from vocabulary.wording import date_da, number_da


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
        ("Rapporten dækker", f"{report.year_kind_label.capitalize()} {report.year_label}"),
        ("Opgjort pr.", date_da(report.as_of)),
        ("Udgivelse", f"{report.publication_id}, {date_da(report.published_on)}"),
    ]


def outline(report: Report) -> Outline:
    """Everything of the report in its order. Raises FontsMissing."""
    anchors = {section.indicator_id: f"indikator-{index}" for index, section in enumerate(report.sections, 1)}
    _, before, _ = COLUMNS["changes"]
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
        "comments": comment_parts(report.comments),
        "remarks": list(report.remarks),
        "promises": [
            {"goal": goal, "rows": [promise_part(promise, anchors) for promise in promises]}
            for goal, promises in groupby(report.promises, lambda promise: promise.goal)
        ],
        "sections": [section_part(section, anchors[section.indicator_id]) for section in report.sections],
        "context": [section_part(section, f"ramme-{index}") for index, section in enumerate(report.context, 1)],
        "caveats": [
            {"who": who[:1].upper() + who[1:], "findings": finding_parts(caveats)}
            for who, caveats in grouped(
                [one for one in report.caveats if not one.acknowledged], lambda caveat: caveat.who
            )
        ],
        "earlier_caveats": EMPTY["earlier"].format(count=number_da(report.earlier_caveats))
        if report.earlier_caveats
        else None,
        "known": finding_parts([caveat for caveat in report.caveats if caveat.acknowledged]),
        "changes": [change_part(change, told=report.changes_since) for change in report.changes],
        "changes_since": f"«{before}» er {report.changes_since}." if report.changes and report.changes_since else None,
        "decisions": [
            {
                "cells": [
                    date_da(decision.decided_on),
                    date_da(decision.effective_from),
                    decision.reason,
                    decision.minutes,
                ],
                "changes": list(decision.changes),
                "note": None if decision.is_in_force else not_in_force(decision, report.as_of),
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
