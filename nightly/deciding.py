"""What a person decides about a held build: recorded once, before anything follows from it."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from nightly.holding import Standing, is_published, review
from vocabulary.errors import BuildDecided, BuildNotHeld, BuildOvertaken, NothingWaits
from vocabulary.settings import Settings, local_date
from warehouse.builds import BuildRecord, Builds
from warehouse.decisions import Decision, Decisions, Verdict
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import Paths

log = logging.getLogger(__name__)


def waiting_build(settings: Settings) -> str:
    """The latest build that waits for a person. Raises NothingWaits."""
    paths = Paths.of(settings)
    decisions, entries = Decisions(paths.decisions), Journal(paths.journal).entries()
    for record in Builds(paths).newest_first():
        is_open = record.is_held and not decisions.on_build(record.build_id) and not _overtaken_by(record, entries)
        if is_open and review(settings, record.build_id).standing is Standing.WAITS:
            return record.build_id
    raise NothingWaits(home=paths.home)


def decide(settings: Settings, build_id: str, *, verdict: Verdict, role: str, reason: str | None) -> Decision:
    """Record a decision on a held build. An approval that was not published yet is given back as it is.

    What was rejected before can be approved with a later build. Raises BuildNotFound, BuildDecided, BuildOvertaken and
    BuildNotHeld.
    """
    paths = Paths.of(settings)
    record, entries = Builds(paths).get(build_id), Journal(paths.journal).entries()
    decisions = Decisions(paths.decisions)
    earlier = decisions.on_build(build_id)
    if earlier:
        if verdict is earlier.verdict is Verdict.APPROVED and not is_published(record, entries):
            return earlier
        day = local_date(earlier.decided_at)
        raise BuildDecided(build_id=build_id, decision=earlier.verdict, decided_on=day, role=earlier.role)
    found = review(settings, build_id)
    overtaken_by = _overtaken_by(record, entries)
    if record.is_held and overtaken_by:
        raise BuildOvertaken(build_id=build_id, publication_id=overtaken_by.publication_id)
    if not record.is_held or found.standing is Standing.FREE:
        raise BuildNotHeld(build_id=build_id, why=_why_not_held(record))
    decision = Decision(
        build_id=build_id,
        as_of=record.as_of,
        decided_at=datetime.now(UTC),
        verdict=verdict,
        role=role,
        reason=reason,
        changes=tuple(restatement.change for restatement in found.restatements),
    )
    decisions.append(decision)
    log.info("%s %s by %s: %d changes", build_id, verdict, role, len(decision.changes))
    return decision


def _overtaken_by(record: BuildRecord, entries: Sequence[JournalEntry]) -> JournalEntry | None:
    """The last publication since the build was started, which the build therefore knows nothing of."""
    started_at = datetime.fromisoformat(record.started_at)
    return next((entry for entry in reversed(entries) if entry.published_at > started_at), None)


def _why_not_held(record: BuildRecord) -> str:
    if record.publication_id:
        return f"it was published as {record.publication_id}"
    if not record.is_checked:
        return "it has not been checked"
    return "a check blocks it" if record.blocking_flags else "it holds no restatement back"
