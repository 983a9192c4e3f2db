"""What the content of an .ods says and calamine does not: merged cells, errors, formulas without values."""

import io
import re
import zipfile
from datetime import timedelta
from itertools import product

from ingest.readers.sheet_facts import SheetFacts, Walk, part_of

WORTH_A_WALK = re.compile(
    rb"-spanned=[\"'](?!1[\"'])|value-type=[\"'](?:error|percentage)|:formula=|:visibility=|-repeated=[\"']\d{4,}"
)
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
"""What calamine gives for a time of a day or more."""

CELLS = frozenset({"covered-table-cell", "table-cell"})


def with_durations(value: object) -> object:
    """A value of a cell, where it is a duration as one."""
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3])) if match else value


class OdsParts:
    """The one part of a workbook that holds all of its sheets."""

    def __init__(self, content: bytes) -> None:
        """Raises zipfile.BadZipFile, expat.ExpatError."""
        xml = part_of(zipfile.ZipFile(io.BytesIO(content)), "content.xml") or b"<none/>"
        cells = _Cells()
        if WORTH_A_WALK.search(xml):
            Walk(cells.start, cells.end, cells.text).through(xml)
        self._sheets = cells.sheets

    def facts(self, name: str, most_cells: int) -> SheetFacts:
        return self._sheets.get(name) or SheetFacts()


class _Cells:
    """Gathers the facts of every sheet on the way through the content. A cell or a row may stand for many like it."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._facts = SheetFacts()
        self._row = self._column = 0
        self._rows = self._cells = 1
        self._said: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, element: str, said: dict[str, str]) -> None:
        if element == "table":
            self._facts = self.sheets[said.get("name", "")] = SheetFacts()
            self._row = self._column = 0
        elif element == "table-column":
            times = int(said.get("number-columns-repeated", 1))
            if _is_hidden(said):
                self._facts.hidden_columns.extend(range(self._column + 1, self._column + times + 1))
            self._column += times
        elif element == "table-row":
            self._column, self._rows = 0, int(said.get("number-rows-repeated", 1))
            if _is_hidden(said):
                self._facts.hidden_rows.extend(range(self._row + 1, self._row + self._rows + 1))
        elif element in CELLS:
            self._said, self._text, self._cells = said, [], int(said.get("number-columns-repeated", 1))

    def text(self, data: str) -> None:
        self._text.append(data)

    def end(self, element: str) -> None:
        if element == "table-row":
            self._row += self._rows
        elif element in CELLS:
            self._tell()
            self._column += self._cells

    def _tell(self) -> None:
        said, shown = self._said, "".join(self._text).strip()
        kind = said.get("value-type")
        high, wide = int(said.get("number-rows-spanned", 1)), int(said.get("number-columns-spanned", 1))
        if high > 1 or wide > 1:
            first = (self._row, self._column)
            self._facts.merged.append((first, (self._row + high - 1, self._column + wide - 1)))
        if kind is None and not shown and "formula" not in said:
            return
        last = (self._row + self._rows - 1, self._column + self._cells - 1)
        self._facts.stretch_to(last)
        places = product(range(self._row, last[0] + 1), range(self._column, last[1] + 1))
        if said.get("calcext:value-type") == "error":
            self._facts.errors.update(dict.fromkeys(places, shown))
        elif kind is None and "formula" in said:
            self._facts.uncalculated.update(places)
        elif kind == "percentage":
            self._facts.percents.update(places)


def _is_hidden(said: dict[str, str]) -> bool:
    return said.get("visibility") in ("collapse", "filter")
