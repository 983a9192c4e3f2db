"""The persons whom a file names in the columns that are not kept: what of them reappears elsewhere in the file.

A name is looked for as a whole, word by word. The cells that name persons are held as they are, so that a million of
them cost megabytes; which names a cell gives is worked out when one of its words is met in a text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from string import ascii_lowercase, digits
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agreements.areas import AreaList
from ingest.descriptor import Descriptor
from ingest.patterns import REDACTED
from ingest.phrases import WORD, Phrase, phrases_of, words_of
from ingest.readers.table import Table
from ingest.text_columns import mask, whole

WORD_END = f"[^{''.join(sign for sign in map(chr, range(256)) if WORD.match(sign))}]+"
"""The borders of WORD in Latin-1: Arrow compiles a pattern at each call, and one of all Unicode takes it long."""

PLAIN = r"^[\x00-\x{b4}\x{b6}-\x{de}\x{e0}-\x{ff}]*$"
"""Texts of which lower case is all that case folding does."""

SHAPE = bytes.maketrans(f"{ascii_lowercase}{digits}".encode(), b"a" * len(ascii_lowercase) + b"0" * len(digits))
NO_WORDS = pa.nulls(0, pa.string())
MOST_WORDS = 100_000
"""Of texts, that are remembered."""

MOST_PIECES = 50
"""Of distinct cells, until they are put together."""


class Persons:
    """Full names and identities that stand in some cells; `nobody` are phrases that are none of a person."""

    def __init__(self, cells: Sequence[tuple[pa.Array, bool]] = (), nobody: frozenset[Phrase] = frozenset()) -> None:
        """`cells` are distinct ones without null, of columns that hold identities (true) or not."""
        self._texts = [texts for texts, _ in cells]
        self._are_identities = [is_identity for _, is_identity in cells]
        self._nobody = nobody
        self._phrases: dict[str, list[Phrase]] = {}
        self._looked_up: set[str] = set()
        self._known = NO_WORDS, NO_WORDS
        self._lock = Lock()

    def is_named_in(self, text: str) -> bool:
        return bool(self._texts) and next(self._spans(text), None) is not None

    def removed_from(self, text: str) -> str:
        """The text with every person in it replaced by «[fjernet]»."""
        if not self._texts:
            return text
        kept, at = [], 0
        for start, end in self._spans(text):
            if start >= at:
                kept.append(text[at:start])
                at = end
        return REDACTED.join([*kept, text[at:]])

    def may_be_named_in(self, texts: pa.Array) -> np.ndarray:
        """Which texts are worth a closer look: all in which a word of a person stands, and some others."""
        if not self._texts:
            return np.zeros(len(texts), dtype=bool)
        found = mask(pc.invert(pc.string_is_ascii(texts)))
        met = {word for text in texts.filter(pa.array(found)).to_pylist() for word in words_of(text)}
        alike = np.flatnonzero(mask(pc.match_substring_regex(texts, self._shapes)) & ~found)
        words = pc.split_pattern_regex(pc.ascii_lower(texts.take(alike)), WORD_END)
        every = words.flatten()
        theirs = self._of_persons(pc.unique(every))
        hits = np.flatnonzero(mask(pc.is_in(every, theirs)))
        found[alike[pc.list_parent_indices(words).to_numpy()[hits]]] = True
        self._look_up(met.union(theirs.to_pylist()))
        return found

    def _of_persons(self, words: pa.Array) -> pa.Array:
        """Those of some words that stand in a cell. Texts are alike: most words were asked for before."""
        asked, theirs = self._known if len(self._known[0]) < MOST_WORDS else (NO_WORDS, NO_WORDS)
        new = words.filter(pc.invert(pc.is_in(words, asked)))
        if len(new):
            # the smaller set is the one that is made ready for the search
            of, among = (self._words, new) if len(new) < len(self._words) else (new, self._words)
            theirs = pa.concat_arrays([theirs, of.filter(pc.is_in(of, among))])
            self._known = pa.concat_arrays([asked, new]), theirs
        return words.filter(pc.is_in(words, theirs))

    @cached_property
    def _codes(self) -> tuple[pa.Array, np.ndarray, np.ndarray]:
        """The words of all cells, the place among them of each word that stands in a cell, and that cell's number."""
        parts, cells, before = [], [], 0
        for texts in self._texts:
            is_plain = mask(pc.match_substring_regex(texts, PLAIN))
            split = pc.split_pattern_regex(pc.utf8_lower(texts.filter(pa.array(is_plain))), WORD_END)
            others = [words_of(text) for text in texts.filter(pa.array(~is_plain)).to_pylist()]
            for lists, at in (
                (split, np.flatnonzero(is_plain)),
                (pa.array(others, pa.list_(pa.string())), np.flatnonzero(~is_plain)),
            ):
                parts.append(lists.flatten())
                cells.append((before + at[pc.list_parent_indices(lists).to_numpy()]).astype(np.int32))
            before += len(texts)
        coded = pa.chunked_array(parts, pa.string()).combine_chunks().dictionary_encode()
        return coded.dictionary, coded.indices.to_numpy(), np.concatenate([np.empty(0, dtype=np.int32), *cells])

    @property
    def _words(self) -> pa.Array:
        return self._codes[0]

    @cached_property
    def _shapes(self) -> str:
        """A pattern for words that look like one of a person: so many letters or digits. Most text has none, and to see
        that costs less than to cut it into words.
        """
        words = self._words.filter(pc.string_is_ascii(self._words))
        _, ends, signs = words.buffers()
        alike = pa.py_buffer(signs.to_pybytes().translate(SHAPE) if signs else b"")
        shapes = pc.unique(pa.StringArray.from_buffers(len(words), ends, alike, offset=words.offset)).to_pylist()
        runs = {"".join(_run(part) for part in re.findall("0+|a+", shape)) for shape in shapes if shape}
        return rf"(?i)(?:^|[^0-9a-z])(?:{'|'.join(sorted(runs))})(?:[^0-9a-z]|$)" if runs else r"[^\x00-\x7f]"

    def _look_up(self, words: Iterable[str]) -> None:
        """Work out what the cells name in which one of the words stands."""
        with self._lock:
            new = [word for word in words if word and word not in self._looked_up]
            if not new:
                return
            known, codes, cells = self._codes
            wanted = mask(pc.is_in(known, pa.array(new, pa.string())))
            before = 0
            met = np.unique(cells[wanted[codes]]) if len(codes) else cells
            for texts, is_identity in zip(self._texts, self._are_identities, strict=True):
                own = met[(met >= before) & (met < before + len(texts))] - before
                for cell in texts.take(pa.array(own)).to_pylist():
                    self._note(cell, is_identity=is_identity)
                before += len(texts)
            self._looked_up.update(new)

    def _note(self, cell: str, *, is_identity: bool) -> None:
        for phrase in phrases_of(cell, is_identity=is_identity):
            noted = self._phrases.setdefault(phrase[0], [])
            if phrase not in noted and phrase not in self._nobody:
                noted.append(phrase)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where persons stand, from the left; the longest where one name begins another. A genitive s is no letter."""
        words = [(match[0].casefold(), match.start(), match.end()) for match in WORD.finditer(text)]
        self._look_up(word for word, _, _ in words)
        for at, (word, start, _) in enumerate(words):
            for phrase in sorted(self._phrases.get(word, ()), key=len, reverse=True):
                here = tuple(one for one, _, _ in words[at : at + len(phrase)])
                if here[:-1] == phrase[:-1] and here[-1] in (phrase[-1], f"{phrase[-1]}s"):
                    yield start, words[at + len(phrase) - 1][2]
                    break


class NamesSeen:
    """The cells of a file that name persons, gathered piece by piece: those of text that is dropped or pseudonymised.

    What is the name of an area or a word of the descriptor is nobody's name.
    """

    def __init__(self, descriptor: Descriptor, areas: AreaList) -> None:
        self._columns = {name: one for name, one in descriptor.columns.items() if one.may_name_persons}
        self._nobody = frozenset(words_of(name) for name in areas.housing_names) | {
            words_of(code) for column in descriptor.columns.values() for code in column.codes
        }
        self._cells: dict[str, list[pa.Array]] = {name: [] for name in self._columns}

    def look_at(self, table: Table) -> None:
        for name in set(table.columns) & set(self._columns):
            self._cells[name].append(pc.unique(whole(table.data[name])).drop_null())
            if len(self._cells[name]) > MOST_PIECES:
                self._cells[name] = [_distinct(self._cells[name])]

    def persons(self) -> Persons:
        found = [
            (_distinct(pieces), self._columns[name].treatment == "pseudonymise")
            for name, pieces in self._cells.items()
            if pieces
        ]
        return Persons(found, self._nobody)


def _distinct(pieces: list[pa.Array]) -> pa.Array:
    return pc.unique(pa.chunked_array(pieces, pa.string()))


def _run(part: str) -> str:
    return f"[{'0-9' if part[0] == '0' else 'a-z'}]{{{len(part)}}}"
