"""Cut a text into records and cells by a dialect, and say where its quoting does not hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ingest.readers.records import split

USUAL = (",", ";", "\t", "|")
"""Delimiters, the most usual first."""

MOST_AT_ONCE = 512
"""Well-formed records that are cut in one go: often only the first hundreds are asked for."""

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. `delimiter` "" is one column; `quote` "" is none; `escape` "" is the doubled quote."""

    delimiter: str
    quote: str = '"'
    escape: str = ""

    @cached_property
    def quoted(self) -> re.Pattern[str]:
        """A quoted cell, spaces around it included; its content is the first group."""
        quote, escape = re.escape(self.quote), re.escape(self.escape)
        inner = f"[^{quote}{escape}]++|{quote}{quote}" + (f"|{escape}[\\s\\S]" if escape else "")
        around = "" if self.delimiter[:1] in (" ", "\t") else "[ \\t]*+"
        # possessive: what does not match is given up at once, however long it is
        return re.compile(f"{around}{quote}((?:{inner})*+){quote}{around}")

    @cached_property
    def plain(self) -> re.Pattern[str]:
        """Everything up to the next delimiter or the end of the line."""
        if len(self.delimiter) == 1:
            return re.compile(f"[^{re.escape(self.delimiter)}\\r\\n]*")
        if not self.delimiter:
            return re.compile(r"[^\r\n]*")
        return re.compile(f"(?:(?!{re.escape(self.delimiter)})[^\\r\\n])*")

    @cached_property
    def well_formed(self) -> re.Pattern[str] | None:
        """Records that every reader of CSV cuts alike; None where the csv module cannot read them."""
        if len(self.delimiter) != 1 or len(self.quote) != 1:
            return None
        quote, delimiter, escape = (re.escape(sign) for sign in (self.quote, self.delimiter, self.escape))
        cell = f"(?:{quote}(?:[^{quote}{escape}]++|{quote}{quote})*+{quote}|[^{quote}{escape}{delimiter}\\r\\n]*+)"
        record = f"{cell}(?:{delimiter}{cell})*+(?:\\r\\n|\\n|\\r|\\Z)"
        return re.compile(f"(?:{record}){{1,{MOST_AT_ONCE}}}+")

    def unquoted(self, content: str) -> str:
        """The content of a quoted cell as it was before it was quoted."""
        if self.escape and self.escape in content:
            # in one pass: of \"\" both quotes are of the text
            escaped = f"{re.escape(self.escape)}([\\s\\S])|{re.escape(self.quote * 2)}"
            return re.sub(escaped, self._escaped, content)
        return content.replace(self.quote * 2, self.quote) if self.quote else content

    def _escaped(self, match: re.Match[str]) -> str:
        """Of a backslash before another letter nobody knows what it means, so it stays."""
        if match[1] is None:
            return self.quote
        return match[1] if match[1] in (self.quote, self.escape) else match[0]


@dataclass(repr=False, slots=True)
class Record:
    """One record: the line where it starts, its cells, where its text stands in another (all of it, where that is not
    said), and whether a quote stands where none may stand.
    """

    line: int
    cells: list[str]
    source: str
    is_faulty: bool = False
    is_blank: bool = False
    start: int = 0
    end: int | None = None

    @property
    def text(self) -> str:
        return self.source[self.start : self.end]


def records_of(text: str, dialect: Dialect) -> Iterator[Record]:
    """Every record of a text, blank lines included. A quote that does not hold is part of its cell, never the start of
    one that swallows what follows.
    """
    at, line = 0, 1
    while at < len(text):
        known, at, line = _well_formed(text, at, line, dialect)
        if known:
            yield from known
            continue
        ends = LINE_END.search(text, at)
        whole = text[at : ends.start() if ends else len(text)]
        if dialect.delimiter and not (dialect.quote and dialect.quote in whole):  # most lines of most files
            cells = whole.split(dialect.delimiter)
            is_blank = len(cells) == 1 and not whole.strip()
            yield Record(line, cells, text, is_blank=is_blank, start=at, end=at + len(whole))
            line, at = line + 1, ends.end() if ends else len(text)
            continue
        start, cells, is_faulty, has_quotes = at, [], False, False
        while True:
            cell, end, quoting = _cell(text, at, dialect)
            cells.append(cell)
            is_faulty |= quoting is None
            has_quotes |= bool(quoting)
            if dialect.delimiter and text.startswith(dialect.delimiter, end):
                at = end + len(dialect.delimiter)
                continue
            break
        ends = LINE_END.match(text, end)
        body = text[start:end]
        is_blank = len(cells) == 1 and not has_quotes and not cells[0].strip()
        yield Record(line, cells, text, is_faulty, is_blank, start, end)
        line += 1 + (len(LINE_END.findall(body)) if has_quotes else 0)
        at = ends.end() if ends else end


def _well_formed(text: str, at: int, line: int, dialect: Dialect) -> tuple[list[Record], int, int]:
    """The well-formed records from a place on, cut by the csv module, and place and line of the one after them."""
    stretch = dialect.well_formed.match(text, at) if dialect.well_formed else None
    if stretch is None:
        return [], at, line
    records, start = [], at
    for cut in split(stretch[0], dialect.delimiter, line, dialect.quote):
        if cut.cells is None:  # one is longer than the module takes
            return [], at, line
        taken = start + len(cut.text)
        end = taken - cut.text.endswith("\n")
        end -= end > start and text[end - 1] == "\r"
        cells = cut.cells or [""]
        is_blank = len(cells) == 1 and not text[start:end].strip()
        records.append(Record(cut.line, cells, text, False, is_blank, start, end))
        start = taken
    return records, start, cut.line + cut.lines


def cells_of_line(line: str, dialect: Dialect) -> Record:
    """One line by itself, as if nothing followed it."""
    return next(records_of(line, dialect), Record(1, [""], "", is_blank=True))


def _cell(text: str, at: int, dialect: Dialect) -> tuple[str, int, bool | None]:
    """A cell, where it ends, and whether it was quoted; None where it has a quote that does not hold."""
    quote = dialect.quote
    if quote:
        match = dialect.quoted.match(text, at) if text.startswith((quote, " ", "\t"), at) else None
        if match and _is_end(text, match.end(), dialect):
            return dialect.unquoted(match[1]), match.end(), True
    match = dialect.plain.match(text, at)
    cell = match[0]
    return cell, match.end(), None if quote and quote in cell else False


def _is_end(text: str, at: int, dialect: Dialect) -> bool:
    if at >= len(text) or text[at] in "\r\n":
        return True
    return bool(dialect.delimiter) and text.startswith(dialect.delimiter, at)
