"""The stage `build`: a new warehouse file beside the old ones, from what was delivered by as-of."""

import logging
import shutil
import uuid
from datetime import UTC, date, datetime

import duckdb

from agreements.acknowledgements import read_acknowledgements
from agreements.comments import read_comments
from agreements.loader import read_agreements
from ingest.corrections import read_corrections
from ingest.descriptor import kept_columns, read_descriptors
from ingest.healing import heal
from ingest.stage import Ingest
from nightly.dbt import run_dbt
from nightly.definitions import rule_of, shape_of
from vocabulary.settings import Settings
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import writing
from warehouse.editions import Editions
from warehouse.inputs import load_inputs
from warehouse.journal import Journal
from warehouse.ledger import Ledger
from warehouse.paths import OWNER_ONLY_FOLDER, Paths

log = logging.getLogger(__name__)

BUILDS_KEPT = 5
"""Older build folders can be made again from ledger and journal; the newest few are kept to look into."""


def build(settings: Settings, as_of: date) -> BuildRecord:
    """Run dbt up to `confidential` and return the record. Raises DefinitionInvalid, DbtFailed and ErasureListLost.

    Readings that are not up to date with the erasure list and retention are made so first.
    """
    paths = Paths.of(settings)
    ingest = Ingest(settings)
    heal(ingest)
    started_at = datetime.now(UTC)
    build_id = f"{as_of.isoformat()}-{started_at:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:4]}"
    folder = paths.build(build_id)
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True)
    try:
        with writing(paths.warehouse(build_id)) as connection:
            load_build_inputs(connection, settings, as_of)
        nodes = run_dbt("build", duckdb_file=paths.warehouse(build_id), selector="tag:build", logs=paths.logs)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    record = BuildRecord(
        build_id=build_id,
        as_of=as_of,
        started_at=started_at.isoformat(),
        nodes=nodes,
        left_out_digest=ingest.contexts.left_out_digest(),
    )
    log.info("build %s as of %s: %s", build_id, as_of, nodes)
    Builds(paths).save(record)
    _remove_old(paths, keep=build_id)
    return record


def load_build_inputs(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> None:
    """Everything a build starts from, as the world stood on `as_of`. Raises DefinitionInvalid."""
    descriptors = read_descriptors(settings.sources)
    agreements = read_agreements(settings.agreements, kept_columns(descriptors))
    load_inputs(
        connection,
        agreements=agreements,
        acknowledgements=read_acknowledgements(settings.agreements, agreements, descriptors.keys()),
        comments=read_comments(settings.agreements, agreements),
        ledger=Ledger.of(settings),
        journal=Journal(Paths.of(settings).journal),
        editions=Editions.of(Paths.of(settings)),
        shapes=[shape_of(descriptor) for descriptor in descriptors.values()],
        rules=[rule_of(correction) for correction in read_corrections(settings.corrections, descriptors)],
        as_of=as_of,
    )


def _remove_old(paths: Paths, keep: str) -> None:
    linked = paths.latest_warehouse.resolve().parent.name if paths.latest_warehouse.exists() else None
    folders = sorted(paths.builds.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[BUILDS_KEPT:]:
        if folder.name not in (keep, linked):
            shutil.rmtree(folder, ignore_errors=True)
