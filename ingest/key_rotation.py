"""Put another pseudonym key in force: read every delivery that was made with the old one again, then change keys.

The order is what makes an interruption harmless. The new key waits beside the old one; the readings made with it lie
beside the old ones and count for nothing, since a reading's id holds the key's. Only when all is read the new key takes
the place of the old, and the readings' records follow. Stopped before that, the old key is in force and everything
stands as it stood; stopped after it, the note in the store lets nights go on, which read again what is missing, and
`keys rotate` finishes first.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.key_store import (
    checked,
    existing_key,
    key_in_force,
    load_key,
    next_file,
    read_key,
    retired_file,
    write_key,
)
from ingest.landing import LandedFile, delivered_together
from ingest.pseudonyms import PseudonymKey
from ingest.stage import Ingest
from vocabulary.errors import DeliveriesGone, KeyInEnvironment, KeyNotNew
from vocabulary.settings import Settings
from warehouse.key_rotations import KeyRotation, KeyRotations
from warehouse.ledger import Ledger, LedgerRecord


@dataclass(frozen=True)
class KeyStatus:
    """Which key is in force (null: none yet), where, and how many readings were made with which key id."""

    key_id: str | None
    where: str
    readings: dict[str, int]
    rotations: tuple[KeyRotation, ...]


@dataclass(frozen=True)
class RotationPlan:
    """What a rotation reads again, and the deliveries that are gone, by «source/date/name»."""

    old_key_id: str
    files: tuple[LandedFile, ...]
    gone: tuple[LedgerRecord, ...]

    @property
    def deliveries_gone(self) -> list[str]:
        return [record.place for record in self.gone]


def key_status(settings: Settings) -> KeyStatus:
    """Without making a key, and without telling one."""
    ledger = Ledger.of(settings)
    readings: dict[str, int] = {}
    for record in ledger.records():
        if record.pseudonym_key_id:
            readings[record.pseudonym_key_id] = readings.get(record.pseudonym_key_id, 0) + 1
    key = existing_key(settings)
    rotations = tuple(KeyRotations(ledger.store).all())
    return KeyStatus(key.key_id if key else None, key.where if key else str(settings.key_file), readings, rotations)


def plan_rotation(settings: Settings) -> RotationPlan:
    """What `rotate` would read. Raises KeyInEnvironment, KeyLost, KeyMismatch and KeyUnusable; changes nothing."""
    if settings.key:
        raise KeyInEnvironment(where=settings.key_file)
    ingest = Ingest(settings)
    records = ingest.ledger.records()
    return _plan(ingest, key_in_force(settings, ingest.ledger, records).key_id, records)


def rotate(settings: Settings, secret: str | None = None, *, leave_behind: bool = False) -> KeyRotation:
    """Change to the key `secret`, or to one that is made. To be called under the run lock.

    A change that was stopped on its way is finished instead, and `secret` is not used. Raises KeyNotNew, DeliveriesGone
    where deliveries are no longer there and may not be left behind, and what `plan_rotation` raises.
    """
    if settings.key:
        raise KeyInEnvironment(where=settings.key_file)
    ingest = Ingest(settings)
    rotations = KeyRotations(ingest.ledger.store)
    key = existing_key(settings)
    stopped = rotations.unfinished(key.key_id) if key else None
    if stopped and key:
        return _put_in_force(settings, stopped, key, _plan(ingest, stopped.old_key_id, ingest.ledger.records()).files)
    plan = plan_rotation(settings)
    if plan.gone and not leave_behind:
        raise DeliveriesGone(
            count=len(plan.gone),
            key_id=plan.old_key_id,
            deliveries="\n".join(f"  {one}" for one in plan.deliveries_gone),
        )
    new = _new_key(settings, secret, used={plan.old_key_id, *(one.old_key_id for one in rotations.all())})
    left_behind = tuple(sorted({record.reading_id for record in plan.gone}))
    rotation = KeyRotation(
        old_key_id=plan.old_key_id, new_key_id=new.key_id, begun_at=datetime.now(UTC), left_behind=left_behind
    )
    # what can fail fails here, before anything counts; withdrawn consent reaches what is left behind by the old key
    reader = Ingest(settings, new, retired=(load_key(settings),) if left_behind else ())
    read = [(file, reader.read(file)) for file in plan.files]
    return _put_in_force(settings, rotation, new, plan.files, read)


def _put_in_force(
    settings: Settings,
    rotation: KeyRotation,
    new: PseudonymKey,
    files: Iterable[LandedFile],
    read: list[tuple[LandedFile, LedgerRecord]] | None = None,
) -> KeyRotation:
    """The note, the key, the records, in this order: each step can be stopped after the one before."""
    reader = Ingest(settings, new)
    rotations = KeyRotations(reader.ledger.store)
    rotations.save(rotation)
    waiting = next_file(settings)
    if waiting.exists():
        if rotation.left_behind:
            write_key(retired_file(settings, rotation.old_key_id), load_key(settings).secret.decode(), replace=True)
        waiting.replace(settings.key_file)
    for file, record in read if read is not None else [(file, reader.read(file)) for file in files]:
        reader.commit(file, record)
    for source_id in sorted({record.source_id for record in reader.ledger.records() if record.pseudonym_key_id}):
        reader.ledger.remove_overwritten(source_id)
    finished = rotation.model_copy(update={"finished_at": datetime.now(UTC)})
    rotations.save(finished)
    return finished


def _new_key(settings: Settings, secret: str | None, used: set[str]) -> PseudonymKey:
    """The key that waits to be put in force: the one offered, that of a rotation that was stopped, or a new one."""
    waiting = read_key(next_file(settings))
    if secret is None and waiting:
        return waiting
    key = checked(secrets.token_hex(32) if secret is None else secret, "what was offered")
    if key.key_id in used:
        raise KeyNotNew(key_id=key.key_id, what="is in force or was")
    write_key(next_file(settings), key.secret.decode(), replace=True)
    return key


def _plan(ingest: Ingest, old_key_id: str, records: list[LedgerRecord]) -> RotationPlan:
    files: set[LandedFile] = set()
    gone: list[LedgerRecord] = []
    landed: dict[tuple[str, date], dict[str, list[LandedFile]]] = {}
    for record in (one for one in records if one.pseudonym_key_id == old_key_id):
        delivery = record.source_id, record.delivered_on
        if delivery not in landed:
            landed[delivery] = {}
            for file in delivered_together(ingest.landing, *delivery):
                landed[delivery].setdefault(ingest.sha256_of(file), []).append(file)
        found = landed[delivery].get(record.sha256, [])
        files.update(found)
        if not found:
            gone.append(record)
    return RotationPlan(old_key_id, tuple(sorted(files)), tuple(gone))
