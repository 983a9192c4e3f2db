"""How names of files are told: delivered names are data, and may hold whatever a file system or a partner allows."""

import unicodedata

from ingest.patterns import without_matches
from ingest.persons import Persons

UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of signs that move the cursor, turn the direction of writing, break the line or cannot be encoded."""

STAND_IN = "\ufffd"


def visible(name: str) -> str:
    """A name on one line, with a stand-in for each sign that a terminal or a log would act on."""
    return "".join(STAND_IN if unicodedata.category(sign) in UNPRINTABLE else sign for sign in name)


def told(name: str) -> str:
    """A name as it may be told: visible, and without what looks personal."""
    return visible(without_matches(name))


def shown_name(file_name: str, persons: Persons = Persons()) -> str:
    """A name as it may be kept: without what looks personal, and without the full names and ids of the file's own rows.

    The content's id tells two files of one shown name apart.
    """
    return persons.removed_from(without_matches(file_name))
