"""Reading one content the way the stage does, without a landing zone."""

from datetime import date

import pytest

from agreements.areas import read_areas
from ingest.descriptor import read_descriptors
from ingest.erasure_list import NOBODY
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from ingest.reading import Context, Reading, read_content
from vocabulary.settings import PROJECT_ROOT

SPAN = (date(2021, 10, 1), date(2025, 9, 30))


@pytest.fixture(scope="session")
def read():
    """read("vejledninger", "vejledninger_2022.csv", content) -> Reading."""
    descriptors = read_descriptors(PROJECT_ROOT / "ingest" / "sources")
    areas = read_areas(PROJECT_ROOT / "agreements")
    key = PseudonymKey(b"x" * 32, "the test")

    def one(source: str, name: str, content: str | bytes) -> Reading:
        raw = content if isinstance(content, bytes) else content.encode()
        return read_content(raw, name, Context(descriptors[source], areas, SPAN, key, (), LeftOut(source, NOBODY)))

    return one
