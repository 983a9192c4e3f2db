"""Turn delivered text into canonical text: ISO dates, numbers with a point, true/false, declared codes, area ids.

Each parser takes non-blank text and returns canonical text, or None where the text is none of its kind.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache

from babel.dates import get_month_names
from babel.numbers import NumberFormatError, parse_decimal

from agreements.areas import normalise
from vocabulary.states import ALL_AREAS_ID

LOCALE = "da"
MOST_DIGITS = 300
"""Before or after the point, as the double has that a number becomes. «1e999999999» would be a gigabyte of digits."""

AREA_SEPARATORS = re.compile(r"\s*(?:[;/&+\n]|\bog\b)\s*")
DAY_FIRST = re.compile(r"^(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?: \d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?$")
WITH_MONTH_NAME = re.compile(r"^(?:den )?(\d{1,2})\.?\s+([a-zæøå]+)\.?\s+(\d{4})$")
ABOUT = re.compile(r"^(?:ca|cirka|omkring|ca\.)\.?\s*", re.IGNORECASE)

Parser = Callable[[str], str | None]


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    names = {}
    for width in ("wide", "abbreviated"):
        names |= {name.strip("."): number for number, name in get_month_names(width, locale=LOCALE).items()}
    return names


@lru_cache(maxsize=65536)
def parse_date(text: str) -> date | None:
    """A Danish day-first date (31-12-2023, 31.12.2023, 31/12/2023, 31. december 2023) or an ISO date or time."""
    text = text.strip()
    if match := DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := WITH_MONTH_NAME.match(text.casefold()):
        day, month, year = int(match[1]), _months().get(match[2], 0), int(match[3])
    else:
        try:
            return datetime.fromisoformat(text).date() if re.match(r"^\d{4}-\d\d-\d\d", text) else None
        except ValueError:
            return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_parser() -> Parser:
    def parse(text: str) -> str | None:
        found = parse_date(text)
        return found.isoformat() if found else None

    return parse


def number_parser(*, approximate: bool = False, minimum: float | None = None, grouped: bool = True) -> Parser:
    """Danish notation (decimal comma, point between thousands); `approximate` takes «ca. 120» as 120.

    Without `grouped` a point is no part of a number.
    """

    def parse(text: str) -> str | None:
        text = text.strip()
        if approximate:
            text = ABOUT.sub("", text)
        if not grouped and "." in text:
            return None
        try:
            number = parse_decimal(text, locale=LOCALE, strict=True)
        except NumberFormatError:
            return None
        if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or (minimum is not None and number < minimum):
            return None
        return format(number, "f")

    return parse


def boolean_parser(true_values: Iterable[str], false_values: Iterable[str]) -> Parser:
    words = {normalise(word): "false" for word in false_values} | {normalise(word): "true" for word in true_values}
    return lambda text: words.get(normalise(text))


def code_parser(codes: Iterable[str]) -> Parser:
    words = {normalise(code): code for code in codes}
    return lambda text: words.get(normalise(text))


def area_parser(names: dict[str, str], *, several: bool = False) -> Parser:
    """An area_id, or with `several` area_ids joined by «;»; «Alle» stands for every area.

    One unknown name among several makes the whole cell unknown.
    """

    def parse(text: str) -> str | None:
        whole = names.get(normalise(text))
        if whole or not several:
            return whole
        parts = [part for part in AREA_SEPARATORS.split(text.strip()) if part]
        # a comma belongs to a name («Motalavej, Korsør») before it separates two
        parts = [piece for part in parts for piece in ([part] if normalise(part) in names else part.split(","))]
        found = [names.get(normalise(piece)) for piece in parts]
        if not found or None in found:
            return None
        return ALL_AREAS_ID if ALL_AREAS_ID in found else ";".join(sorted(set(found)))

    return parse
