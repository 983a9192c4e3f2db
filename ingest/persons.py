"""The persons whom a file names in the columns that are not kept: what of them reappears elsewhere in the file.

A name is looked for as a whole, word by word, so that looking costs as much as reading the text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from string import ascii_lowercase, digits

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agreements.areas import AreaList
from ingest.descriptor import Descriptor
from ingest.patterns import REDACTED
from ingest.readers.table import Table
from ingest.text_columns import mask

WORD = re.compile(r"[^\W_]+")
WORD_END = r"[^\pL\pN]+"
"""The same borders in the words of Arrow's patterns, for texts in ASCII."""

FEWEST_LETTERS = 2
FEWEST_DIGITS = 6
"""A shorter number is a house number or a count more often than a person's number."""

FEWEST_DIGITS_APART = 3
"""Of an id that is written in several words."""

FEWEST_SIGNS = 4
"""Of an id with letters and digits."""

Phrase = tuple[str, ...]
SHAPE = str.maketrans(dict.fromkeys(ascii_lowercase, "a") | dict.fromkeys(digits, "0"))


@dataclass(frozen=True, repr=False)
class Persons:
    """Full names and identities, as words in lower case, by their first word."""

    phrases: dict[str, list[Phrase]] = field(default_factory=dict)

    @cached_property
    def first_words(self) -> pa.Array:
        return pa.array(self.phrases, pa.string())

    @cached_property
    def shapes(self) -> str:
        """A pattern for words that look like the first word of a person: so many letters or digits. Most text has none,
        and to see that costs less than to cut it into words.
        """
        shapes = {word.translate(SHAPE) for word in self.phrases if word.isascii()}
        runs = {"".join(_run(part) for part in re.findall("0+|a+", shape)) for shape in shapes}
        return rf"(?i)(?:^|[^0-9a-z])(?:{'|'.join(sorted(runs))})(?:[^0-9a-z]|$)" if runs else r"[^\x00-\x7f]"

    def is_named_in(self, text: str) -> bool:
        return bool(self.phrases) and next(self._spans(text), None) is not None

    def removed_from(self, text: str) -> str:
        """The text with every person in it replaced by «[fjernet]»."""
        if not self.phrases:
            return text
        kept, at = [], 0
        for start, end in self._spans(text):
            if start >= at:
                kept.append(text[at:start])
                at = end
        return REDACTED.join([*kept, text[at:]])

    def may_be_named_in(self, texts: pa.Array) -> np.ndarray:
        """Which texts are worth a closer look: all in which the first word of a person stands, and some others."""
        if not self.phrases:
            return np.zeros(len(texts), dtype=bool)
        found = mask(pc.invert(pc.string_is_ascii(texts)))  # case folding is more than lower case there
        alike = np.flatnonzero(mask(pc.match_substring_regex(texts, self.shapes)))
        words = pc.split_pattern_regex(pc.utf8_lower(texts.take(alike)), WORD_END)
        hits = np.flatnonzero(mask(pc.is_in(words.flatten(), self.first_words)))
        found[alike[pc.list_parent_indices(words).to_numpy()[hits]]] = True
        return found

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where persons stand, from the left; the longest where one name begins another. A genitive s is no letter."""
        words = [(match[0].casefold(), match.start(), match.end()) for match in WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for phrase in sorted(self.phrases.get(word, ()), key=len, reverse=True):
                here = tuple(one for one, _, _ in words[at : at + len(phrase)])
                if here[:-1] == phrase[:-1] and here[-1] in (phrase[-1], f"{phrase[-1]}s"):
                    yield start, words[at + len(phrase) - 1][2]
                    break


class NamesSeen:
    """The persons of a file, gathered piece by piece."""

    def __init__(self, descriptor: Descriptor, areas: AreaList) -> None:
        self.columns = {name: one for name, one in descriptor.columns.items() if one.may_name_persons}
        self._known = {_words(name) for name in areas.housing_names} | {
            _words(code) for column in descriptor.columns.values() for code in column.codes
        }
        self._cells: dict[str, set[str]] = {name: set() for name in self.columns}
        self._found: set[Phrase] = set()

    def look_at(self, table: Table) -> None:
        """Note the full names and identities in columns of text that are dropped or pseudonymised.

        A full name is two words or more, without digits, in any order of «Efternavn, Fornavn»; of three words or more
        the first and the last are a name too. An identity is an id of letters and digits, or a number of six digits or
        more. What is the name of an area or a word of the descriptor is nobody's name.
        """
        for name in set(table.columns) & set(self.columns):
            cells = set(pc.unique(table.data[name]).to_pylist()) - self._cells[name]
            self._cells[name] |= cells
            is_identity = self.columns[name].treatment == "pseudonymise"
            self._found.update(phrase for cell in cells if cell for phrase in _phrases(cell, is_identity=is_identity))

    def persons(self) -> Persons:
        phrases: dict[str, list[Phrase]] = {}
        for phrase in sorted(self._found - self._known):
            phrases.setdefault(phrase[0], []).append(phrase)
        return Persons(phrases)


def _run(part: str) -> str:
    return f"[{'0-9' if part[0] == '0' else 'a-z'}]{{{len(part)}}}"


def _phrases(cell: str, *, is_identity: bool) -> Iterable[Phrase]:
    words = _words(cell)
    text = "".join(words)
    count = 0 if text.isalpha() else sum(map(str.isdigit, text))
    if count:
        is_mixed = count < len(text) and len(text) >= FEWEST_SIGNS
        # words and a number («Hold 12») are an id only where the column says so, and the number is not just a count
        is_id = len(words) == 1 or (is_identity and count >= FEWEST_DIGITS_APART)
        if count >= FEWEST_DIGITS or (is_mixed and is_id):
            yield words
        return
    if len([word for word in words if len(word) >= FEWEST_LETTERS]) < FEWEST_LETTERS:
        return
    yield words
    if "," in cell:
        last, _, first = cell.partition(",")
        turned = (*_words(first), *_words(last))
        yield turned
        words = turned
    yield (words[0], words[-1])


def _words(text: str) -> Phrase:
    return tuple(map(str.casefold, WORD.findall(text)))
