"""What a delaftale leaves undefined or says ambiguously, with its words and the attribute that settles it.

These are findings for people: the agreement can be used as it is. What contradicts itself never gets this far.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from agreements.living import LivingAgreement
from agreements.model import Agreement, Indicator
from agreements.spine import agreement_years, calendar_years

TWO_READINGS = re.compile(
    r"\bi alt\b|\bsamlet\b|\bårlig\w*|\bhvert år\b|\bpr\. år\b|\bom året\b|\bperioden\b", re.IGNORECASE
)
"""Words that may speak of areas or of years, or set a target against the rule that all figures are yearly."""


@dataclass(frozen=True)
class Finding:
    """One thing to know: about what, what is unclear, the words, and what settles it (None: nothing does yet)."""

    subject: str
    problem: str
    quote: str | None
    settled_by: str | None
    settle_with: str = ""


def review(living: LivingAgreement) -> tuple[Finding, ...]:
    """The findings in every version that was ever known, and in the revisions themselves, each once."""
    found = [
        finding
        for version in living.every_version()
        for indicator in version.agreement.indicators
        for finding in _of_indicator(indicator, version.agreement)
    ]
    return tuple(dict.fromkeys([*found, *_of_revisions(living)]))


def review_text(living: LivingAgreement) -> str:
    """The findings as Markdown: what is settled by an explicit attribute, and what is still open."""
    found = review(living)
    still_open = [finding for finding in found if finding.settled_by is None]
    lines = [f"# {living.agreement_id}: {len(found) - len(still_open)} settled, {len(still_open)} open"]
    for finding in [*still_open, *(one for one in found if one.settled_by is not None)]:
        lines += ["", f"- {finding.subject}: {finding.problem}"]
        if finding.quote:
            lines.append(f"  - says: «{finding.quote}»")
        lines.append(
            f"  - settled by {finding.settled_by}" if finding.settled_by else f"  - OPEN: {finding.settle_with}"
        )
    return "\n".join(lines) + "\n"


def _of_indicator(indicator: Indicator, agreement: Agreement) -> Iterator[Finding]:
    if indicator.goal is None:
        return
    yield from _of_target(indicator, agreement)
    yield from _of_baseline(indicator)
    if indicator.expected_update:
        update = indicator.expected_update
        yield Finding(
            indicator.indicator_id,
            "an update is announced without a day",
            update.quote,
            f"expected_update.due_by: {update.due_by}",
        )


def _of_target(indicator: Indicator, agreement: Agreement) -> Iterator[Finding]:
    name, target = indicator.indicator_id, indicator.target
    if target is None:
        yield Finding(
            name, "promises no number", indicator.quote, None, "target, if the board means one; else it has none"
        )
        return
    words = ", ".join(f"«{word}»" for word in TWO_READINGS.findall(target.quote)) or "no word of time"
    yield Finding(
        name,
        f"the target {target.value:g} ({words}) against «{agreement.yearly_rule}»: each year, or the whole period?",
        target.quote,
        f"target.basis: {target.basis}; reading: {target.reading}" if target.reading else None,
        f"target.basis says {target.basis}, and no target.reading says why",
    )
    if indicator.better is None:
        yield Finding(name, "a target without a direction", target.quote, None, "better: higher or lower")


def _of_baseline(indicator: Indicator) -> Iterator[Finding]:
    name, baseline = indicator.indicator_id, indicator.baseline
    if baseline is None:
        yield Finding(name, "has no baseline to compare with", indicator.quote, None, "baseline, if there is one")
        return
    if indicator.measure.kind == "weighted_share" and baseline.n is None:
        yield Finding(name, "the baseline does not say how many answered", baseline.quote, None, "baseline.n")
    waves = {wave.year for wave in indicator.calendar.waves}
    if waves and baseline.year not in waves:
        yield Finding(
            name, f"the baseline is from {baseline.year}, a year without a wave", baseline.quote, None, "calendar.waves"
        )
    if baseline.areas:
        stands_for = ", ".join(baseline.areas)
        yield Finding(
            name, "the baseline stands for another set of areas", baseline.quote, f"baseline.areas: {stands_for}"
        )
    elif baseline.note:
        yield Finding(
            name, f"a note says of the baseline: {baseline.note}", baseline.quote, None, "baseline.areas, if it is so"
        )


def _of_revisions(living: LivingAgreement) -> Iterator[Finding]:
    starts = {year.start for years in (agreement_years, calendar_years) for year in years(living.signed)}
    for revision in living.revisions:
        if revision.effective_from not in starts:
            year = next(one for one in reversed(agreement_years(living.signed)) if one.start <= revision.effective_from)
            yield Finding(
                revision.revision_id,
                f"takes effect on {revision.effective_from}, inside the year {year.label} of the agreement; a year is "
                "judged by the promise in force on its first day",
                revision.minutes,
                None,
                "effective_from on the first day of a year, or tell the board that the year keeps its promise",
            )
    for at, later in enumerate(living.revisions):
        for earlier in living.revisions[:at]:
            both = {thing for _, thing in later.things} & {thing for _, thing in earlier.things}
            if both and later.effective_from < earlier.effective_from and later.replaces != earlier.revision_id:
                yield Finding(
                    later.revision_id,
                    f"was decided after {earlier.revision_id} and takes effect before it, about the same thing",
                    later.minutes,
                    f"effective_from: it holds until {earlier.effective_from}, then {earlier.revision_id} does",
                )
    yield from _of_sums_across_definitions(living)


def _of_sums_across_definitions(living: LivingAgreement) -> Iterator[Finding]:
    for one, following in pairwise(living.versions(date.max)):
        before = {indicator.indicator_id: indicator for indicator in one.agreement.indicators}
        for indicator in following.agreement.indicators:
            earlier, target = before.get(indicator.indicator_id), indicator.target
            if not earlier or not target or target.basis != "cumulative":
                continue
            if earlier.definition_version != indicator.definition_version:
                yield Finding(
                    indicator.indicator_id,
                    f"a cumulative target is counted by definition {earlier.definition_version} before "
                    f"{following.valid_from} and by definition {indicator.definition_version} from then on",
                    target.quote,
                    None,
                    "a revision of the target that says what counts",
                )
