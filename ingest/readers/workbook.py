"""Open a workbook of any kind and give its sheets as text, with what calamine does not tell read from their parts."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ingest.readers.ods_part import OdsParts, with_durations
from ingest.readers.ooxml_parts import OoxmlParts
from ingest.readers.sheet_facts import PARTS_UNREADABLE, SheetFacts
from ingest.readers.table import Cells, cell_text, number_text
from ingest.unpacking import refuse_swollen
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

MOST_CELLS = 20_000_000
"""More than any partner delivers; a stray cell at the end of a sheet asks for more memory than there is."""

NOT_CALCULATED = "#not calculated"
"""Read for a formula whose value the file does not hold: no number, no date, no code, and never taken for blank."""

OLE, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
"""How a file begins in which Office keeps a workbook that has a password, and where it is kept there."""

PROTECTED = "is locked with a password."


@dataclass(repr=False)
class Sheet:
    """One sheet, from its first row and column: the values of its cells and what is known beside them."""

    name: str
    number: int
    is_hidden: bool
    values: list[list[object]]
    facts: SheetFacts

    def rows(self) -> list[Cells]:
        """The cells as a night reads them, as trimmed text.

        A label that is merged over several rows stands in each of them; a number that is merged counts once. A formula
        without a value is NOT_CALCULATED, a fraction that is shown in per cent is «51 %», an error is as it is shown.
        """
        rows = [[cell_text(value) for value in row] for row in self.values]
        for row, column in self.facts.percents:
            if isinstance(value := self.values[row][column], int | float):
                rows[row][column] = f"{number_text(Decimal(repr(value)) * 100)} %"
        for row, column in self.facts.uncalculated:
            rows[row][column] = NOT_CALCULATED
        for row, column, above in self._covered():
            rows[row][column] = rows[above][column]
        return rows

    def delivered(self) -> list[list[str]]:
        """The cells as they are in the file, text untrimmed, and labels in all rows over which they are merged."""
        rows = self._untrimmed()
        for row, column, above in self._covered():
            rows[row][column] = rows[above][column]
        return rows

    def headed(self) -> list[list[str]]:
        """The cells as they are in the file; a heading that is merged over columns stands in each of them. What is
        alone in its row is a title.
        """
        rows = self._untrimmed()
        for (top, left), (_, right) in self.facts.merged:
            row = rows[top] if top < len(rows) else []
            if right > left and any(cell for at, cell in enumerate(row) if not left <= at <= right):
                row[left : right + 1] = [row[left]] * (min(right + 1, len(row)) - left)
        return rows

    def _untrimmed(self) -> list[list[str]]:
        return [[value if isinstance(value, str) else cell_text(value) or "" for value in row] for row in self.values]

    def _covered(self) -> Iterator[tuple[int, int, int]]:
        """Row and column of each cell below a merged label, and the row where the label stands. A row of nothing else
        is none.
        """
        for (top, left), (bottom, _) in self.facts.merged:
            if top < len(self.values) and isinstance(self.values[top][left], bool | str | date | time | timedelta):
                below = range(top + 1, min(bottom + 1, len(self.values)))
                yield from ((row, left, top) for row in below if any(cell != "" for cell in self.values[row]))


class Workbook:
    """The sheets of a content, in their order."""

    def __init__(self, content: bytes) -> None:
        """Raises FileRefused (file_unreadable, encrypted, too_large)."""
        refuse_swollen(content)
        self._book = _opened(content)
        self._parts = _parts(content)

    @property
    def names(self) -> list[str]:
        """Of all sheets. Charts on a sheet of their own are among them, and without cells."""
        return self._book.sheet_names

    @property
    def charts(self) -> set[str]:
        return {one.name for one in self._book.sheets_metadata if one.typ is SheetTypeEnum.ChartSheet}

    def sheet(self, name: str) -> Sheet:
        """Raises FileRefused (too_large) for one that asks for more memory than there is."""
        facts = self._facts(name)
        _refuse_huge(facts.height, facts.width)  # before calamine asks for the memory
        found = self._book.get_sheet_by_name(name)
        _refuse_huge(found.total_height, found.total_width)
        facts.merged = facts.merged or found.merged_cell_ranges or []
        values: list[list[object]] = found.to_python(skip_empty_area=False) if found.end else []
        if isinstance(self._parts, OdsParts):
            values = [[with_durations(value) for value in row] for row in values]
        at = self.names.index(name)
        is_hidden = self._book.sheets_metadata[at].visible is not SheetVisibleEnum.Visible
        return Sheet(name, at + 1, is_hidden, _completed(values, facts), facts)

    def _facts(self, name: str) -> SheetFacts:
        try:
            return self._parts.facts(name, MOST_CELLS) if self._parts else SheetFacts()
        except PARTS_UNREADABLE as error:
            what = type(error).__name__
        raise FileRefused(problem=f"holds a sheet that cannot be read ({what}).", reason=FileReason.FILE_UNREADABLE)


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        is_protected, what = True, ""
    except (CalamineError, OSError, ValueError) as error:
        # its message may quote the file
        is_protected, what = content.startswith(OLE) and ENCRYPTED in content, type(error).__name__
    if is_protected:
        raise FileRefused(problem=PROTECTED, reason=FileReason.ENCRYPTED)
    raise FileRefused(problem=f"is no readable workbook ({what}).", reason=FileReason.FILE_UNREADABLE)


def _parts(content: bytes) -> OoxmlParts | OdsParts | None:
    """What says more of the sheets than calamine does; .xls and .xlsb have no such part."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return None
    try:
        names = {name.lower() for name in zipfile.ZipFile(io.BytesIO(content)).namelist()}
        if "content.xml" in names:
            return OdsParts(content)
        return OoxmlParts(content) if any(name.endswith("workbook.xml") for name in names) else None
    except PARTS_UNREADABLE as error:
        what = type(error).__name__
    raise FileRefused(problem=f"is no readable workbook ({what}).", reason=FileReason.FILE_UNREADABLE)


def _refuse_huge(height: int, width: int) -> None:
    if height * width > MOST_CELLS:
        raise FileRefused(problem=f"a sheet of {height} x {width} cells is no delivery.", reason=FileReason.TOO_LARGE)


def _completed(values: list[list[object]], facts: SheetFacts) -> list[list[object]]:
    """The values with errors as they are shown, and rows and columns for formulas without values at the edge."""
    places = [*facts.errors, *facts.uncalculated]
    height = max([len(values), *(row + 1 for row, _ in places)])
    width = max([len(values[0]) if values else 0, *(column + 1 for _, column in places)])
    if places and (height > len(values) or width > len(values[0])):
        values = [row + [""] * (width - len(row)) for row in [*values, *([] for _ in range(height - len(values)))]]
    for (row, column), shown in facts.errors.items():
        values[row][column] = shown
    return values
