"""The statements of a PC-Axis file: KEYWORD[language]("variable","value")=…; and what stands after DATA=.

The format is Statistics Sweden's («PX-file format specification», 2013).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.content import Content
from ingest.layouts import ENCODINGS
from ingest.readers.cube import unreadable
from ingest.readers.encoding import encoding_of
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

CODEPAGE = re.compile(rb'(?:^|[;\r\n])\s*CODEPAGE\s*=\s*"([^"]*)"', re.IGNORECASE)
CHARACTER_SETS = re.compile(r"(?:windows-?|cp|ibm|iso-?8859-|latin-?)\d+|utf-?8|us-ascii|ascii", re.IGNORECASE)
HEADER_BYTES = 4096

# possessive: a file that is no statement is given up on in one pass
KEY = re.compile(
    r'\s*+([A-Z][A-Z0-9-]*+)\s*+(?:\[([^\]"=]*+)\])?\s*+(?:\(((?:"[^"]*+"|[^")]++)*+)\))?\s*+=', re.IGNORECASE
)
VALUE = re.compile(r'((?:"[^"]*+"|[^";]++)*+);')
PIECE = re.compile(r'"([^"]*)"|(,)|([^\s",]+)')


@dataclass(frozen=True, repr=False)
class Statement:
    """One of a file's statements. `language` is None where it is the file's own, `of` what stands in its brackets."""

    keyword: str
    language: str | None
    of: tuple[str, ...]
    value: str

    @property
    def strings(self) -> list[str]:
        return strings(self.value)


@dataclass(repr=False)
class Statements:
    """Every statement before DATA, what stands after it, and the file's encoding."""

    found: dict[tuple[str, str | None, tuple[str, ...]], Statement]
    data: str
    encoding: str

    def strings(self, keyword: str, *of: str, language: str | None = None) -> list[str]:
        """The strings of a statement; none where the file lacks it."""
        statement = self.found.get((keyword, language, of))
        return statement.strings if statement else []

    def text(self, keyword: str) -> str:
        return " ".join(self.strings(keyword))

    def all_of(self, *keywords: str) -> Iterator[Statement]:
        """Those of the file's own language, in its order."""
        yield from (one for one in self.found.values() if one.keyword in keywords and one.language is None)


def read_statements(content: bytes) -> Statements:
    """Raises FileRefused (undecodable, file_unreadable)."""
    encoding = encoding_of(Content.of(content), _encodings(content))
    text = content.decode(encoding)
    found: dict[tuple[str, str | None, tuple[str, ...]], Statement] = {}
    at = 0
    while key := KEY.match(text, at):
        keyword, language = key[1].upper(), key[2] and key[2].strip()
        if keyword == "DATA":
            if not text.rstrip().endswith(";"):
                raise unreadable("its data have no end («;»): it was cut off.")
            return Statements(found, text[key.end() :], encoding)
        value = VALUE.match(text, key.end())
        if value is None:
            break
        of = tuple(name.strip() for name in strings(key[3] or ""))
        found.setdefault((keyword, language, of), Statement(keyword, language, of, value[1].strip()))
        at = value.end()
    raise unreadable(
        f"the statement on line {text.count(chr(10), 0, at) + 2 if at else 1} cannot be read, or DATA is missing."
    )


def strings(value: str) -> list[str]:
    """The strings of a list. What stands in quotes side by side is one string, written over several lines."""
    found: list[str] = []
    is_next = True
    for quoted, comma, bare in PIECE.findall(value):
        if comma:
            is_next = True
        elif is_next:
            found.append(quoted or bare)
            is_next = False
        else:
            found[-1] += quoted or bare
    return found


def _encodings(content: bytes) -> tuple[str, ...]:
    declared = None if content.startswith(codecs.BOM_UTF8) else CODEPAGE.search(content[:HEADER_BYTES])
    if declared is None:
        return ENCODINGS  # ANSI is the set of Windows
    name = declared[1].decode("latin-1").strip()
    try:
        known = codecs.lookup(name).name if CHARACTER_SETS.fullmatch(name) else None
    except LookupError:
        known = None
    if known is None:
        raise FileRefused(problem="its CODEPAGE is no known character set.", reason=FileReason.UNDECODABLE)
    return (known,)
