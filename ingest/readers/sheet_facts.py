"""What is known of the cells of a sheet beside their values, and how XML that says it is gone through."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""

Range = tuple[Place, Place]
"""The first and the last cell of a rectangle."""

PARTS_UNREADABLE = (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, NotImplementedError, OSError)
"""What a damaged part raises; the messages may quote it."""

MOST_BYTES = 1 << 30
"""What a part unpacks to is at most this; no delivery is larger."""


@dataclass(repr=False)
class SheetFacts:
    """Where cells are merged, errors stand (as they are shown), formulas have no value, fractions are shown in per
    cent, and which rows and columns (from 1) are hidden; `height` and `width` of the rectangle around all values, where
    they were counted.
    """

    merged: list[Range] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: set[Place] = field(default_factory=set)
    percents: set[Place] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    height: int = 0
    width: int = 0

    def stretch_to(self, place: Place) -> None:
        self.height, self.width = max(self.height, place[0] + 1), max(self.width, place[1] + 1)


class Walk:
    """One way through an XML document. The functions get names without their namespaces, but for «calcext:»."""

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, said: start(
            _local(name), {_of_cell(key): value for key, value in said.items()}
        )
        self._parser.EndElementHandler = lambda name: end(_local(name))
        if text:
            self._parser.CharacterDataHandler = text

    def through(self, xml: bytes) -> None:
        """Raises expat.ExpatError."""
        self._parser.Parse(xml, True)


def part_of(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of a part, None where there is none of this name. Raises zipfile.BadZipFile for a huge one."""
    found = next((one for one in archive.infolist() if one.filename.lower() == name.lower()), None)
    if found is None:
        return None
    if found.file_size > MOST_BYTES:
        raise zipfile.BadZipFile("a part is too large")
    return archive.read(found)


def column_number(letters: str) -> int:
    """From 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """The name of a column that is counted from 0."""
    letters = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        letters, number = chr(ord("A") + letter) + letters, number - 1
    return letters


REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d+)")


def place_of(reference: str) -> Place | None:
    """The place that «B7» names."""
    match = REFERENCE.fullmatch(reference)
    return (int(match[2]) - 1, column_number(match[1])) if match else None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _of_cell(name: str) -> str:
    """LibreOffice has a value-type of its own beside the standard's, and says «error» there only."""
    space, _, local = name.rpartition(" ")
    return f"calcext:{local}" if ":calcext:" in space else local
