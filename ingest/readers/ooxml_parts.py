"""What the parts of an .xlsx or .xlsm say and calamine does not: extent, errors, formulas without values."""

import io
import re
import zipfile

from ingest.readers.sheet_facts import Place, SheetFacts, Walk, column_number, part_of, place_of

COLUMNS_BEYOND_Z = re.compile(rb"\br=[\"']([A-Z]{2,3})\d")
ROWS = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)")
WORTH_A_WALK = re.compile(rb"\bt=[\"']e[\"']|<(?:\w+:)?f\b|\bhidden=")
LETTERS = 26
BUILT_IN_PERCENT = {9, 10}
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""In the code of a format: quoted text, escaped signs, colours and conditions."""


class OoxmlParts:
    """The parts of one workbook, each read when it is asked for."""

    def __init__(self, content: bytes) -> None:
        """Raises zipfile.BadZipFile, expat.ExpatError."""
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._book = next((one for one in self._targets("_rels/.rels", "") if one.endswith("workbook.xml")), "")
        self._sheets: dict[str, str] = {}
        self._calculates_on_load = False
        self._read_book()
        self._percent_styles = self._styles_in_percent()

    def facts(self, name: str, most_cells: int) -> SheetFacts:
        """All but merged cells, which calamine reads. Values are counted where there may be more than so many cells."""
        xml = self._sheet(name)
        is_huge = _most_cells(xml) > most_cells
        styles = b"|".join(str(style).encode() for style in sorted(self._percent_styles))
        has_percent = bool(styles) and re.search(rb"\bs=[\"'](?:" + styles + rb")[\"']", xml) is not None
        if not is_huge and not has_percent and not WORTH_A_WALK.search(xml):
            return SheetFacts()
        cells = _Cells(self._percent_styles, is_zero_a_value=not self._calculates_on_load)
        Walk(cells.start, cells.end, cells.text).through(xml)
        return cells.facts

    def _sheet(self, name: str) -> bytes:
        return part_of(self._archive, self._sheets.get(name, "")) or b"<none/>"

    def _targets(self, name: str, folder: str) -> dict[str, str]:
        """The parts that a part names, and the id by which it does."""
        found: dict[str, str] = {}

        def start(element: str, said: dict[str, str]) -> None:
            if element == "Relationship" and said.get("TargetMode") != "External":
                target = said.get("Target", "")
                found[target.lstrip("/") if target.startswith("/") else folder + target] = said.get("Id", "")

        Walk(start).through(part_of(self._archive, name) or b"<none/>")
        return found

    def _read_book(self) -> None:
        folder, _, file = self._book.rpartition("/")
        folder = f"{folder}/" if folder else ""
        by_id = {key: target for target, key in self._targets(f"{folder}_rels/{file}.rels", folder).items()}

        def start(element: str, said: dict[str, str]) -> None:
            if element == "sheet":
                self._sheets[said.get("name", "")] = by_id.get(said.get("id", ""), "")
            elif element == "calcPr":
                self._calculates_on_load = said.get("fullCalcOnLoad") in ("1", "true")

        Walk(start).through(part_of(self._archive, self._book) or b"<none/>")

    def _styles_in_percent(self) -> set[int]:
        """The places in the list of cell formats of those that show a fraction in per cent."""
        codes: set[int] = set(BUILT_IN_PERCENT)
        formats: list[int] = []
        above: list[str] = []

        def start(element: str, said: dict[str, str]) -> None:
            if element == "numFmt" and "%" in NOT_SHOWN.sub("", said.get("formatCode", "")):
                codes.add(int(said["numFmtId"]))
            elif element == "xf" and above[-1:] == ["cellXfs"]:
                formats.append(int(said.get("numFmtId", 0)))
            above.append(element)

        folder = self._book.rpartition("/")[0]
        Walk(start, lambda element: above.pop()).through(
            part_of(self._archive, f"{folder}/styles.xml".lstrip("/")) or b"<none/>"
        )
        return {at for at, code in enumerate(formats) if code in codes}


def _most_cells(xml: bytes) -> int:
    """How many cells the rectangle around all of a sheet has at the most, those without values included."""
    rows = max((int(match[1]) for match in ROWS.finditer(xml)), default=xml.count(b"<row"))
    wide = set(COLUMNS_BEYOND_Z.findall(xml))
    return rows * max((column_number(one.decode()) + 1 for one in wide), default=LETTERS)


class _Cells:
    """Gathers the facts of a sheet on the way through its part.

    Where a workbook asks to be calculated on opening, a zero beside a formula was written by a programme that does not
    calculate.
    """

    def __init__(self, percent_styles: set[int], *, is_zero_a_value: bool) -> None:
        self.facts = SheetFacts()
        self._percent = {str(style) for style in percent_styles}
        self._is_zero_a_value = is_zero_a_value
        self._row = self._column = -1
        self._said: dict[str, str] = {}
        self._has_formula = self._is_value = False
        self._value: list[str] = []

    def start(self, element: str, said: dict[str, str]) -> None:
        if element == "c":
            self._column += 1
            if place := place_of(said.get("r", "")):
                self._row, self._column = place
            self._said, self._has_formula, self._value = said, False, []
        elif element == "row":
            self._row, self._column = int(said.get("r", self._row + 2)) - 1, -1
            if said.get("hidden") in ("1", "true"):
                self.facts.hidden_rows.append(self._row + 1)
        elif element == "f":
            self._has_formula = True
        elif element == "col" and said.get("hidden") in ("1", "true"):
            self.facts.hidden_columns.extend(range(int(said["min"]), int(said["max"]) + 1))
        self._is_value = element == "v"

    def text(self, data: str) -> None:
        if self._is_value:
            self._value.append(data)

    def end(self, element: str) -> None:
        self._is_value = False
        if element != "c":
            return
        place: Place = (self._row, self._column)
        value, kind = "".join(self._value).strip(), self._said.get("t", "n")
        if value or kind == "inlineStr":
            self.facts.stretch_to(place)
        if kind == "e":
            self.facts.errors[place] = value
        elif self._has_formula and kind != "str" and (not value or (value == "0" and not self._is_zero_a_value)):
            self.facts.uncalculated.add(place)
        elif value and kind == "n" and self._said.get("s") in self._percent:
            self.facts.percents.add(place)
