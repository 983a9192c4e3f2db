"""Fetch tables of StatBank into the landing zone: what `omraadetal refresh-statbank` and its DAG run.

No night asks the network: it reads what was delivered here, like any partner's files, and can be run again as it was.
"""

import logging
from collections.abc import Callable, Iterable

from ingest.descriptor import Descriptor, read_descriptors
from ingest.statbank.client import StatbankClient
from ingest.statbank.declaration import FetchedTable
from ingest.statbank.refresh import Plan, Refreshed, plan, refresh
from nightly.running import stage
from vocabulary.errors import NothingToFetch
from vocabulary.settings import Settings, local_date
from warehouse.store import Folder

log = logging.getLogger(__name__)

STAGE = "refresh-statbank"

Tell = Callable[[str], None]


def tables_to_ask(settings: Settings, tables: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Source and table of all that descriptors declare, or of those named. Raises NothingToFetch."""
    declared = [(source_id, one.table) for source_id, (_, known) in _declared(settings).items() for one in known]
    wanted = {table.upper() for table in tables}
    unknown = sorted(wanted - {table for _, table in declared})
    if unknown or not declared:
        known = ", ".join(table for _, table in declared)
        raise NothingToFetch(tables=", ".join(unknown) or "anything", known=known or "none")
    return [(source_id, table) for source_id, table in declared if not wanted or table in wanted]


def plan_table(settings: Settings, source_id: str, table: str, since: int | None = None, tell: Tell = log.info) -> Plan:
    """What would be asked of a table. Nothing but its description is fetched, and nothing is written."""
    descriptor, declared = _find(settings, source_id, table)
    with StatbankClient(settings.statbank_url, tell=tell) as client:
        return plan(client, descriptor, declared, since)


def refresh_table(
    settings: Settings, source_id: str, table: str, since: int | None = None, tell: Tell = log.info
) -> Refreshed:
    """Fetch one table and deliver it as of today, unless the latest delivery says the same."""
    descriptor, declared = _find(settings, source_id, table)
    # no lock: what is written are new files of the landing zone
    with stage(settings, STAGE, None), StatbankClient(settings.statbank_url, tell=tell) as client:
        planned = plan(client, descriptor, declared, since)
        return refresh(client, Folder.at(settings.landing), planned, local_date(), tell)


def _declared(settings: Settings) -> dict[str, tuple[Descriptor, tuple[FetchedTable, ...]]]:
    descriptors = read_descriptors(settings.sources)
    return {source_id: (one, one.fetch.tables) for source_id, one in descriptors.items() if one.fetch}


def _find(settings: Settings, source_id: str, table: str) -> tuple[Descriptor, FetchedTable]:
    descriptor, tables = _declared(settings)[source_id]
    return descriptor, next(one for one in tables if one.table == table)
