"""Read a table of statistics, whichever of its formats it was delivered in: the content tells, not the name."""

import codecs
import re
from collections.abc import Sequence
from typing import Literal

from ingest.layouts import CubeLayout
from ingest.readers.cube_table import table_of
from ingest.readers.json_stat_file import read_json_stat
from ingest.readers.px_file import read_px
from ingest.readers.statbank_csv_file import read_statbank_csv
from ingest.readers.table import Table

PX_START = re.compile(rb'[A-Z][A-Z0-9-]*(?:\[[^\]"]*\])?(?:\([^)]*\))?\s*=\s*["A-Z0-9]')


def cube_format(content: bytes) -> Literal["json-stat", "px", "csv"]:
    """What a content is, by what it begins with; what is nothing else is CSV."""
    start = content.removeprefix(codecs.BOM_UTF8)[:4096].lstrip()
    if start.startswith((b"{", b"[")):
        return "json-stat"
    return "px" if PX_START.match(start) else "csv"


def read_cube(content: bytes, layouts: Sequence[CubeLayout]) -> list[Table]:
    """One table per dataset of the file (only JSON-stat may have several).

    Raises FileRefused (file_unreadable, undecodable, missing_column, duplicate_column, unknown_period).
    """
    match cube_format(content):
        case "json-stat":
            cubes = read_json_stat(content)
        case "px":
            cubes = [read_px(content)]
        case _:
            cubes = [read_statbank_csv(content, layouts)]
    return [table_of(cube, layouts, at, is_only=len(cubes) == 1) for at, cube in enumerate(cubes, 1)]
