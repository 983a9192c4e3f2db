"""What was delivered and how it was read, in short: what `omraadetal status` and the night tell of files."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vocabulary.reason_catalogue import REASONS
from vocabulary.reasons import FileReason
from warehouse.ledger import LedgerRecord


@dataclass(frozen=True)
class SourceStatus:
    """The deliveries of a source: its refused files, the latest first, and how many rows were set aside for what."""

    source_id: str
    files: int
    refused: tuple[LedgerRecord, ...]
    set_aside: dict[str, int]
    latest: date


def refusal_of(record: LedgerRecord) -> str:
    """Which file was refused, by which code, and what was found."""
    return f"{record.place}: {record.reason_code}. {record.problem}"


def remedy_of(record: LedgerRecord) -> str:
    """What the operator does about a refused file."""
    return REASONS[FileReason(record.reason_code)].operator


def by_source(records: Iterable[LedgerRecord]) -> list[SourceStatus]:
    """The deliveries of the ledger by source, in its order."""
    sources: dict[str, list[LedgerRecord]] = {}
    for record in records:
        sources.setdefault(record.source_id, []).append(record)
    return [
        SourceStatus(
            source_id,
            len(own),
            tuple(record for record in reversed(own) if record.reason_code),
            dict(sum((Counter(record.quarantined_by_reason) for record in own), Counter()).most_common()),
            max(record.delivered_on for record in own),
        )
        for source_id, own in sources.items()
    ]
