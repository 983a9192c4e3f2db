"""The definitions of ingest as the warehouse needs them: stages meet in stored data, filled in here."""

from ingest.corrections import CELL, Correction
from ingest.descriptor import Descriptor
from warehouse.corrections import CorrectionRule
from warehouse.raw_views import SourceShape


def shape_of(descriptor: Descriptor) -> SourceShape:
    """The roles of a source's columns."""
    return SourceShape(
        source_id=descriptor.source_id,
        name=descriptor.name,
        owner=descriptor.owner,
        cadence=descriptor.cadence,
        replacement=descriptor.replacement,
        is_wide=descriptor.is_wide,
        has_event_dates=descriptor.event_column is not None,
        key_columns=descriptor.key_columns,
        area_column=descriptor.area_column,
        region_column=descriptor.region_column,
        person_column=descriptor.person_column,
        weight_column=descriptor.weight_column,
    )


def rule_of(correction: Correction) -> CorrectionRule:
    """A correction as it is applied to raw rows."""
    return CorrectionRule(
        correction_id=correction.correction_id,
        source_id=correction.source_id,
        dataset=correction.dataset,
        where=correction.where,
        column=None if correction.column == CELL and correction.year else correction.column,
        year=correction.year,
        expect=correction.expect,
        value=correction.value,
        reason=correction.reason,
        decided_by=correction.decided_by,
        decided_on=correction.decided_on,
    )
