"""What stood in a delaftale on one day and what stood on another, field by field, in Danish."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from agreements.areas import AreaList
from agreements.living import LivingAgreement
from agreements.model import Agreement
from agreements.outline import Fact, Path, outline
from agreements.revisions import Revision
from vocabulary.wording import date_da

NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One field that says something else; a whole indicator when it came or went."""

    path: Path
    subject: str
    label: str
    before: str
    after: str


def differences(before: Agreement, after: Agreement, areas: AreaList) -> list[Difference]:
    """The fields in which two texts differ, in the order of the text."""
    was, now = outline(before, areas), outline(after, areas)
    old, new = ({one.indicator_id: one for one in text.indicators} for text in (before, after))
    found: dict[Path, Difference] = {}
    for path in [*now, *(path for path in was if path not in now)]:
        if path[0] == "indicators" and (path[1] in old) != (path[1] in new):
            indicator = new.get(path[1]) or old[path[1]]
            words = f"{indicator.name} ({indicator.quote or indicator.definition_da})"
            pair = (NOTHING, words) if path[1] in new else (words, NOTHING)
            found[path[:2]] = Difference(path[:2], indicator.name, "Indikator", *pair)
        elif _text(was.get(path)) != _text(now.get(path)):
            fact = now.get(path) or was[path]
            found[path] = Difference(path, fact.subject, fact.label, _text(was.get(path)), _text(now.get(path)))
    return list(found.values())


def lines_da(found: list[Difference]) -> Iterator[str]:
    """One line of Markdown per difference: `Tillid: Mål, værdi: 50 → 60`."""
    for one in found:
        yield f"- {one.subject}: {one.label}: {one.before} → {one.after}"


def difference_da(living: LivingAgreement, first: date, second: date, areas: AreaList) -> str:
    """Danish Markdown: what stood on `first`, as known then, and on `second`, and the revision that did it."""
    before, after = living.in_force(first, first).agreement, living.in_force(second, second).agreement
    found = differences(before, after, areas)
    title = f"# {after.title}: ændringer fra {date_da(first)} til {date_da(second)}"
    if not found:
        return f"{title}\n\nIntet er ændret: delaftalen sagde det samme de to dage.\n"
    lines = [title]
    for subject, group in groupby(found, key=lambda one: one.subject):
        lines += ["", f"## {subject}", ""]
        for one in group:
            lines += [
                f"- **{one.label}**",
                f"  - {date_da(first)}: {one.before}",
                f"  - {date_da(second)}: {one.after}",
            ]
            revision = decision_behind(living, one, first, second, areas)
            if revision:
                lines.append(f"  - {citation_da(revision)}")
    return "\n".join(lines) + "\n"


def decision_behind(
    living: LivingAgreement, found: Difference, first: date, second: date, areas: AreaList
) -> Revision | None:
    """The revision that made the difference: the last to set it, or the one that took such a revision back."""
    setter = _last_to_set(living, found.path, second, areas)
    earlier = _last_to_set(living, found.path, first, areas)
    stood_before = setter is not None and max(setter.decided_on, setter.effective_from) <= first
    if setter is not None and not stood_before:
        return setter
    taken_back = earlier.revision_id if earlier else None
    return next((one for one in living.known(second) if taken_back and one.replaces == taken_back), setter)


def citation_da(revision: Revision) -> str:
    """Which decision it is: id, day of the decision, day of effect and minutes."""
    return (
        f"Revision {revision.revision_id}, besluttet {date_da(revision.decided_on)}, "
        f"gælder fra {date_da(revision.effective_from)}; referat: {revision.minutes}"
    )


def _last_to_set(living: LivingAgreement, path: Path, day: date, areas: AreaList) -> Revision | None:
    last = None
    for step in living.steps(day):
        if step.revision.effective_from <= day and any(
            one.path[: len(path)] == path[: len(one.path)] for one in differences(step.before, step.after, areas)
        ):
            last = step.revision
    return last


def _text(fact: Fact | None) -> str:
    return fact.text if fact else NOTHING
