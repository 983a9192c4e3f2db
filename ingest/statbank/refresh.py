"""One table of StatBank into the landing zone: looked up, asked for in pieces, verified, delivered whole."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.descriptor import Descriptor
from ingest.statbank.client import NOT_FOUND, StatbankClient
from ingest.statbank.declaration import Fetch, FetchedTable
from ingest.statbank.question import Question, ask, nearest_of, pieces
from ingest.statbank.receipt import FetchedFile, Receipt, latest_receipt, write_receipt
from ingest.statbank.table_info import TableInfo
from ingest.statbank.verification import Mismatch, verify
from vocabulary.errors import (
    LandingNotFound,
    LandingNotWritable,
    StatbankAnswerWrong,
    StatbankDeliveredToday,
    StatbankFormatUnread,
    StatbankRefused,
    StatbankTableUnknown,
)
from warehouse.store import Folder

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True)
class Plan:
    """What would be asked of a table: the whole question, and its pieces by the name of the file that each becomes."""

    source_id: str
    fetch: Fetch
    info: TableInfo
    question: Question
    pieces: dict[str, Question]


@dataclass(frozen=True)
class Refreshed:
    """What became of a table: `files` were delivered, or none, since `delivered_on` has the same already."""

    source_id: str
    table: str
    delivered_on: date
    updated: str
    periods: tuple[str, str]
    files: tuple[FetchedFile, ...]


def plan(client: StatbankClient, descriptor: Descriptor, table: FetchedTable, since: int | None = None) -> Plan:
    """Look the table up and divide the question.

    Raises StatbankFormatUnread before anything is asked, StatbankTableUnknown, StatbankSelectionWrong and what the
    client raises.
    """
    fetch, source_id = descriptor.fetch, descriptor.source_id
    file_name = fetch.file_name(table.table)
    if not descriptor.layouts_for(file_name):
        raise StatbankFormatUnread(source_id=source_id, file_name=file_name, format=fetch.format)
    info = _look_up(client, source_id, table.table, fetch.lang)
    question = ask(table, info, fetch, source_id, since)
    parts = [question] if fetch.is_streamed else pieces(question, fetch.most_cells)
    return Plan(source_id, fetch, info, question, _named(parts, fetch, table.table))


def refresh(
    client: StatbankClient, landing: Folder, plan: Plan, today: date, progress: Callable[[str], None]
) -> Refreshed:
    """Fetch what a plan asks and deliver it as of `today`, unless the latest delivery answers the same.

    Nothing is asked where the table has not been updated since and the question is the same; nothing is delivered where
    the content is. Raises LandingNotFound, LandingNotWritable, StatbankAnswerWrong, StatbankDeliveredToday and what the
    client raises; the landing zone is then as it was.
    """
    if not landing.is_folder():
        raise LandingNotFound(path=landing.root)
    table, updated = plan.question.table, plan.info.updated
    latest = latest_receipt(landing, plan.source_id, table)
    if latest and (latest[1].updated, latest[1].question) == (updated, plan.question.digest(plan.fetch)):
        progress(f"{table}: not updated since {updated}")
        return _unchanged(plan, *latest)
    with tempfile.TemporaryDirectory(prefix="omraadetal-statbank-") as folder:
        fetched = {}
        for number, (name, piece) in enumerate(plan.pieces.items(), 1):
            progress(f"{table}: piece {number} of {len(plan.pieces)}, {piece.cells} cells")
            fetched[name] = _fetch(client, plan.fetch, piece, Path(folder, name))
        receipt = _receipt(plan, fetched)
        if latest and latest[1].files == receipt.files:
            progress(f"{table}: updated {updated}, and the content is that of {latest[0]}")
            return _unchanged(plan, *latest)
        told = write_receipt(receipt, Path(folder))
        _deliver(landing, plan.source_id, today, {told.name: told, **fetched}, receipt)
    progress(f"{table}: delivered {', '.join(fetched)}")
    return Refreshed(plan.source_id, table, today, updated, receipt.periods, receipt.files)


def _look_up(client: StatbankClient, source_id: str, table: str, lang: str) -> TableInfo:
    try:
        return client.table_info(table, lang)
    except StatbankRefused as refused:
        if refused.facts["code"] != NOT_FOUND:
            raise
    nearest = nearest_of(table, client.tables(lang))
    raise StatbankTableUnknown(
        host=client.host, table=table, source_id=source_id, nearest=f"Nearest: {nearest}. " if nearest else ""
    )


def _named(parts: list[Question], fetch: Fetch, table: str) -> dict[str, Question]:
    """Each piece by its file's name: the periods tell them apart, and a number those of one period.

    A period's code comes from outside, so only its letters and digits go into a name.
    """
    if len(parts) == 1:
        return {fetch.file_name(table): parts[0]}
    named: dict[str, Question] = {}
    for piece in parts:
        ends = (piece.time.values[0].id, piece.time.values[-1].id)
        span = "-".join(dict.fromkeys(re.sub(r"\W", "", end) for end in ends))
        numbers = (span, *(f"{span}_{number}" for number in range(2, len(parts) + 1)))
        named[next(name for one in numbers if (name := fetch.file_name(table, one)) not in named)] = piece
    return named


def _fetch(client: StatbankClient, fetch: Fetch, piece: Question, target: Path) -> Path:
    what = f"the data of {piece.table}, {piece.time.values[0].id} to {piece.time.values[-1].id}"
    client.download(piece.body(fetch), target, what)
    try:
        verify(target, piece, fetch.format)
    except Mismatch as mismatch:
        raise StatbankAnswerWrong(host=client.host, what=what, problem=str(mismatch)) from None
    return target


def _receipt(plan: Plan, fetched: dict[str, Path]) -> Receipt:
    files = []
    for name, path in fetched.items():
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        files.append(FetchedFile(file_name=name, sha256=digest, size_bytes=path.stat().st_size))
    return Receipt(
        table=plan.question.table,
        title=plan.info.text,
        question=plan.question.digest(plan.fetch),
        updated=plan.info.updated,
        unit=plan.info.unit,
        footnote=plan.info.footnote.text if plan.info.footnote else None,
        suppressed_data_value=plan.info.suppressed_data_value,
        lang=plan.fetch.lang,
        format=plan.fetch.format,
        periods=(plan.question.time.values[0].id, plan.question.time.values[-1].id),
        files=tuple(files),
    )


def _deliver(landing: Folder, source_id: str, today: date, files: dict[str, Path], receipt: Receipt) -> None:
    """All files at once, and the receipt last: a delivery without one is fetched again, and is then the same."""
    day = (source_id, today.isoformat())
    _refuse_another_content(landing, day, receipt)
    try:
        landing.write_together(files, *day)
    except OSError as error:
        if error.errno not in NOT_ALLOWED:
            raise
        cause = os.strerror(error.errno)
    else:
        return
    raise LandingNotWritable(path=landing.path(*day), cause=cause)


def _refuse_another_content(landing: Folder, day: tuple[str, str], receipt: Receipt) -> None:
    """Two contents of one day would both be in force: files of one folder replace what is older together."""
    known = {one.file_name: one for one in receipt.files}
    there = [name for name in landing.names(*day) if name.startswith((f"{receipt.table}.", f"{receipt.table}_"))]
    others = [name for name in there if name not in known or landing.sha256(*day, name) != known[name].sha256]
    if others:
        raise StatbankDeliveredToday(table=receipt.table, files=", ".join(others))


def _unchanged(plan: Plan, delivered_on: date, receipt: Receipt) -> Refreshed:
    return Refreshed(plan.source_id, plan.question.table, delivered_on, plan.info.updated, receipt.periods, ())
