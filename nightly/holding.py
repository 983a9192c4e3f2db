"""Whether a build waits for a person, because it would change figures that were published as final.

Why a held build holds everything stands in docs/decisions/0011; how it is decided on in nightly/deciding.py.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from publish.restatements import Restatement, unpublished_restatements
from vocabulary.errors import RestatementsHeld, RestatementsRejected
from vocabulary.settings import Settings, local_date
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import reading
from warehouse.decisions import Decision, Decisions, Verdict
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import Paths

log = logging.getLogger(__name__)

CHANGES_LISTED = 100
"""How many changes a message lists; the file of the decision has them all."""


class Standing(StrEnum):
    """How a checked build stands before it is published."""

    FREE = "free"
    WAITS = "waits"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Review:
    """`restatements`: what the build changes unapproved. `rejection`: the last one, where all of it was rejected."""

    build: BuildRecord
    restatements: tuple[Restatement, ...] = ()
    rejection: Decision | None = None

    @property
    def standing(self) -> Standing:
        if not self.restatements:
            return Standing.FREE
        return Standing.REJECTED if self.rejection else Standing.WAITS

    @property
    def changes_da(self) -> str:
        """The changes as a list, as far as they may be shown."""
        lines = [f"- {restatement.message_da}" for restatement in self.restatements[:CHANGES_LISTED]]
        more = len(self.restatements) - len(lines)
        return "\n".join([*lines, *([f"- … og {more} til"] if more else [])])

    @property
    def question_da(self) -> str:
        """What Airflow asks, as Markdown."""
        return (
            f"Kørslen {self.build.build_id} vil ændre {len(self.restatements)} tal, der er udgivet som endelige. "
            f"Indtil der er svaret, gælder den hidtidige udgivelse.\n\n{self.changes_da}\n\n"
            "**Approve** udgiver de nye tal. **Reject** beholder de hidtidige; skriv en begrundelse."
        )


def review(settings: Settings, build_id: str) -> Review:
    """Whether a build may be published, waits for a person, or changes only what was rejected before.

    Only a build that is to be held can wait: by the setting, or because it was held once. A blocked build is refused
    anyway, and a replay changes nothing that is in force. Raises BuildNotFound.
    """
    paths = Paths.of(settings)
    record = Builds(paths).get(build_id)
    entries = Journal(paths.journal).entries()
    if not (settings.hold_restatements or record.is_held) or not record.is_checked or record.blocking_flags:
        return Review(record)
    if is_published(record, entries) or any(entry.as_of > record.as_of for entry in entries):
        return Review(record)
    with reading(paths.warehouse(build_id)) as connection:
        found = unpublished_restatements(connection)
    decided = Decisions(paths.decisions).latest(restatement.change for restatement in found)
    unapproved = tuple(one for one in found if not _is_approved(decided.get(one.change), entries))
    rejections = [
        decided[one.change]
        for one in unapproved
        if one.change in decided and decided[one.change].verdict is Verdict.REJECTED
    ]
    all_rejected = len(rejections) == len(unapproved) > 0
    return Review(record, unapproved, max(rejections, key=lambda one: one.decided_at) if all_rejected else None)


def hold(settings: Settings, build_id: str) -> Review:
    """Review a build and mark it if it is held: from then on it is, whatever the setting says."""
    found = review(settings, build_id)
    if found.standing is not Standing.FREE and not found.build.is_held:
        Builds(Paths.of(settings)).save(found.build.model_copy(update={"is_held": True}))
    log.info("%s is %s: %d unapproved restatements", build_id, found.standing, len(found.restatements))
    return found


def refuse_held(settings: Settings, build_id: str) -> None:
    """Raises RestatementsHeld where a person must decide first, RestatementsRejected where one did not want it."""
    found = hold(settings, build_id)
    facts = {
        "build_id": build_id,
        "count": len(found.restatements),
        "changes": found.changes_da,
        "home": settings.home,
    }
    if found.standing is Standing.WAITS:
        raise RestatementsHeld(**facts)
    if found.rejection:
        raise RestatementsRejected(
            decided_on=local_date(found.rejection.decided_at),
            role=found.rejection.role,
            reason=found.rejection.reason or "(no reason given)",
            **facts,
        )


def is_published(record: BuildRecord, entries: Iterable[JournalEntry]) -> bool:
    return bool(record.publication_id) or any(entry.build_id == record.build_id for entry in entries)


def _is_approved(decision: Decision | None, entries: Iterable[JournalEntry]) -> bool:
    """Whether a change is approved still: what was published since has used the approval up."""
    if decision is None or decision.verdict is not Verdict.APPROVED:
        return False
    return all(entry.published_at < decision.decided_at for entry in entries)
