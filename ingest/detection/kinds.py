"""What kind of value a cell looks like, as far as it helps to tell a heading from data and one dialect from another."""

import re
from functools import lru_cache

from ingest.readers.excel_file import PERIOD_LABEL

NUMBER = re.compile(
    r"[-+(]?\s?[$€£]?\s?(?:\d{1,3}(?:[.,' \u00a0]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?(?:%|kr\.?)?\)?"
)
DATE = re.compile(
    r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[- ][A-Za-zæøå]{3,9}\.?[- ]\d{2,4}"
    r"|\d{4}[KQMHUW]\d{1,2})(?:[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s?(?:Z|[AaPp][Mm]|[-+]\d\d:?\d\d)?)?"
)
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?")
LINK = re.compile(r"(?:https?|ftp)://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
KNOWN_WORDS = frozenset({"true", "false"})
MISSING = frozenset(
    {"", "-", "--", ".", "..", "...", "na", "n/a", "#n/a", "nan", "null", "none", "mangler", "ukendt", "?"}
)
LONGEST_VALUE = 300


@lru_cache(maxsize=65536)
def kind_of_value(cell: str) -> str | None:
    """number, date, time, link or flag; None for other text and for nothing."""
    text = cell.strip()
    if not text or len(text) > LONGEST_VALUE:
        return None
    if any(map(str.isdigit, text)):
        if NUMBER.fullmatch(text):
            return "number"
        if DATE.fullmatch(text):
            return "date"
        if TIME.fullmatch(text):
            return "time"
    if LINK.fullmatch(text):
        return "link"
    return "flag" if text.lower() in KNOWN_WORDS else None


def is_missing(cell: str) -> bool:
    """Nothing, or what people write for it."""
    return cell.strip().lower() in MISSING


def is_period(cell: str) -> bool:
    """Whether it is a year, or a part of one as StatBank writes it."""
    return PERIOD_LABEL.match(cell.strip()) is not None


def are_periods(cells: list[str]) -> bool:
    """Whether they are different periods, as headings of columns are."""
    return len(cells) > 1 and all(map(is_period, cells)) and len(set(cells)) == len(cells)
