"""A StatBank on this machine with one table of a small country, and a client that waits for nobody."""

from datetime import UTC, datetime
from itertools import product

import pytest

from ingest.statbank.client import Limits, StatbankClient
from ingest.statbank.patience import Patience
from tests.statbank_server import StatbankServer, Table

QUARTERS = {f"{year}K{quarter}": f"{year}Q{quarter}" for year in (2023, 2024) for quarter in range(1, 5)}
VARIABLES = [
    ("OMRÅDE", "region", {"000": "All Denmark", "330": "Slagelse", "101": "Copenhagen"}, True),
    ("KØN", "sex", {"TOT": "Total", "M": "Men", "K": "Women"}, True),
    ("TYPE", "type", {"1": " One", "2": "Two"}, False),
    ("Tid", "time", QUARTERS, False),
]


@pytest.fixture
def bank():
    """A server with the table FOLK9: 3 regions, 3 sexes, 2 types, 8 quarters; the cells are counted, one is missing."""
    with StatbankServer() as server:
        keys = list(product(*(values for _, _, values, _ in VARIABLES)))
        cells = {key: number for number, key in enumerate(keys)} | {keys[5]: None}
        server.add(Table("FOLK9", "Population", VARIABLES, cells, unit="number", footnote="Counted by hand."))
        yield server


@pytest.fixture
def waits():
    """The seconds that were waited between attempts; nobody really waits."""
    return []


@pytest.fixture
def patience(waits):
    return Patience(sleep=waits.append, now=lambda: datetime(2026, 11, 15, 8, 30, tzinfo=UTC), chance=lambda: 1.0)


@pytest.fixture
def client(bank, patience):
    with StatbankClient(bank.url, patience=patience, limits=Limits(most_bytes=1024 * 1024)) as one:
        yield one
