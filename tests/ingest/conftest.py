"""Reading one content the way the stage does, without a landing zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from agreements.areas import read_areas
from ingest.content import Content
from ingest.context import Context
from ingest.descriptor import read_descriptors
from ingest.erasure_list import NOBODY
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from ingest.raw_rows import raw_schema
from ingest.reading import Reading, read_content
from vocabulary.settings import PROJECT_ROOT

SPAN = (date(2021, 10, 1), date(2025, 9, 30))


@dataclass(repr=False)
class Whole:
    """A reading with its raw rows, as pandas shows them; everything else is the reading's own."""

    reading: Reading
    raw: pd.DataFrame

    def __getattr__(self, name: str) -> object:
        found = getattr(self.reading, name)
        return _frame(found) if isinstance(found, pa.Table) else found


def _frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas().astype(object).where(lambda cells: cells.notna(), None)


@pytest.fixture(scope="session")
def read_in() -> Callable[[bytes, str, Context], Whole]:
    """Read a content in a context, whole."""

    def one(content: bytes, name: str, context: Context) -> Whole:
        raw = [raw_schema(context.descriptor).empty_table()]
        reading = read_content(Content.of(content), name, context, raw.append)
        return Whole(reading, _frame(pa.concat_tables(raw)))

    return one


@pytest.fixture(scope="session")
def read(read_in):
    """read("vejledninger", "vejledninger_2022.csv", content) -> Whole."""
    descriptors = read_descriptors(PROJECT_ROOT / "ingest" / "sources")
    areas = read_areas(PROJECT_ROOT / "agreements")
    key = PseudonymKey(b"x" * 32, "the test")

    def one(source: str, name: str, content: str | bytes) -> Whole:
        raw = content if isinstance(content, bytes) else content.encode()
        return read_in(raw, name, Context(descriptors[source], areas, SPAN, key, (), LeftOut(source, NOBODY)))

    return one
