"""The context in which each file of a landing zone is read: sources, agreements, keys, and what is left out."""

import hashlib
from collections.abc import Iterable

from agreements.loader import Agreements, read_agreements
from ingest.context import Context
from ingest.descriptor import Descriptor, kept_columns, read_descriptors
from ingest.erasure_list import NOBODY, ErasureList
from ingest.key_store import existing_key, key_in_force, retired_keys
from ingest.landing import LandedFile
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from vocabulary.settings import Settings
from warehouse.erased import ErasureLog
from warehouse.expiry import Expiry
from warehouse.key_rotations import KeyRotations
from warehouse.ledger import Ledger, LedgerRecord


class Contexts:
    """With the key in force and the retired ones at hand; or with the one that is given, and `retired` beside it."""

    def __init__(
        self, settings: Settings, ledger: Ledger, key: PseudonymKey | None, retired: tuple[PseudonymKey, ...]
    ) -> None:
        """Raises DefinitionInvalid, ErasureListUnusable and ErasureListLost, before anything is written."""
        self.settings, self.ledger = settings, ledger
        self.erasures = ErasureList.of(settings)
        self.erasures.refuse_lost(ErasureLog.of(settings))
        self.expired = Expiry.of(settings).all()
        self.descriptors: dict[str, Descriptor] = read_descriptors(settings.sources)
        self.agreements: Agreements = read_agreements(settings.agreements, kept_columns(self.descriptors))
        self._key = key
        self._retired: tuple[PseudonymKey, ...] | None = retired or None

    @property
    def has_pseudonyms(self) -> bool:
        """Whether any source needs the key."""
        return any(descriptor.has_pseudonyms for descriptor in self.descriptors.values())

    def key(self, records: Iterable[LedgerRecord] | None = None) -> PseudonymKey:
        """The key in force; made where no record was read with one. Raises KeyLost and KeyMismatch."""
        if self._key is None:
            self._key = key_in_force(self.settings, self.ledger, records or self.ledger.records())
        return self._key

    def key_at_hand(self) -> PseudonymKey | None:
        """The key as far as there is one."""
        return self._key or existing_key(self.settings)

    def of(self, file: LandedFile) -> Context | None:
        """None for a source that no descriptor names."""
        descriptor = self.descriptors.get(file.source_id)
        if descriptor is None:
            return None
        if descriptor.consent_column and self._retired is None:
            ids = KeyRotations(self.ledger.store).retired_key_ids() - {self.key().key_id}
            self._retired = retired_keys(self.settings, ids)
        return Context(
            descriptor,
            self.agreements.areas,
            self.agreements.span(file.source_id),
            self.key() if descriptor.has_pseudonyms else None,
            self._retired or (),
            self.left_out(descriptor),
        )

    def left_out(self, descriptor: Descriptor) -> LeftOut:
        """What a reading of a source leaves out."""
        applied = self.expired.get(descriptor.source_id)
        return LeftOut(
            descriptor.source_id,
            self.erasures if descriptor.has_pseudonyms else NOBODY,
            applied.expired_before if applied else None,
        )

    def left_out_digest(self) -> str | None:
        """Tells what all readings leave out together; None where they leave out nothing."""
        digests = {one.source_id: self.left_out(one).digest for one in self.descriptors.values()}
        told = [f"{source_id} {digest}" for source_id, digest in sorted(digests.items()) if digest]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else None
