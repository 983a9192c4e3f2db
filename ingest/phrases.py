"""What a cell that names a person gives to look for: full names and identities, as words in lower case."""

import re
from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+")
FEWEST_LETTERS = 2
FEWEST_DIGITS = 6
"""A shorter number is a house number or a count more often than a person's number."""

FEWEST_DIGITS_APART = 3
"""Of an id that is written in several words."""

FEWEST_SIGNS = 4
"""Of an id with letters and digits."""

Phrase = tuple[str, ...]


def words_of(text: str) -> Phrase:
    return tuple(map(str.casefold, WORD.findall(text)))


def phrases_of(cell: str, *, is_identity: bool) -> Iterator[Phrase]:
    """The phrases of one cell, of a column of identities or of another that is not kept.

    A full name is two words or more, without digits, in any order of «Efternavn, Fornavn»; of three words or more the
    first and the last are a name too. An identity is an id of letters and digits, or a number of six digits or more.
    """
    words = words_of(cell)
    text = "".join(words)
    digits = 0 if text.isalpha() else sum(map(str.isdigit, text))
    if digits:
        is_mixed = digits < len(text) and len(text) >= FEWEST_SIGNS
        # words and a number («Hold 12») are an id only where the column says so, and the number is not just a count
        is_id = len(words) == 1 or (is_identity and digits >= FEWEST_DIGITS_APART)
        if digits >= FEWEST_DIGITS or (is_mixed and is_id):
            yield words
        return
    if len([word for word in words if len(word) >= FEWEST_LETTERS]) < FEWEST_LETTERS:
        return
    yield words
    if "," in cell:
        last, _, first = cell.partition(",")
        turned = (*words_of(first), *words_of(last))
        yield turned
        words = turned
    yield (words[0], words[-1])
