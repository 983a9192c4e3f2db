"""Canonical names from what partners write: snake_case in ASCII."""

import re
import unicodedata
from collections.abc import Iterable

from ingest.patterns import without_matches
from ingest.periods import YEAR

DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
NO_NAME = re.compile(r"[^a-z0-9]+")
NUMBERS = re.compile(r"(?<![a-z0-9])\d+(?![a-z0-9])")


def canonical(text: str, otherwise: str) -> str:
    """A name that is an agreements.measures.Identifier; `otherwise` where nothing is left of the text."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(DANISH)).encode("ascii", "ignore").decode()
    name = NO_NAME.sub("_", folded).strip("_")
    if not name:
        return otherwise
    return name if name[0].isalpha() else f"{otherwise}_{name}"


def distinct(names: Iterable[str]) -> list[str]:
    """The names, a later one of two that are equal with a number."""
    taken: list[str] = []
    for name in names:
        further = (f"{name}_{number}" for number in range(2, 10**6))
        taken.append(name if name not in taken else next(one for one in further if one not in taken))
    return taken


def source_id_of(stem: str) -> str:
    """The name of a source from that of a file, without years, days and what looks personal."""
    plain = without_matches(stem) if without_matches(stem) == stem else ""
    words = NUMBERS.sub(" ", YEAR.sub(" ", NO_NAME.sub(" ", canonical(plain, "kilde"))))
    return canonical(words, "kilde")
