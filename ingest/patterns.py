"""What personal data looks like: the numbers, addresses and telephone numbers that no public text may hold.

The rules are wide where a miss would tell a person, and narrow where an ordinary number would be hit:

- CPR: six digits of a date and four more, joined or apart by a space, a stroke or any dash. Day + 60 (replacement
  numbers) and month + 40 (synthetic ones) are dates too; modulus 11 says nothing, since valid numbers fail it. Nine
  joined digits are a number that lost its leading zero: a one-digit day, a month and a year. Ten joined digits with
  decimals that are not zero are an amount. A mantissa with four decimals or more and the exponent 8 or 9 is how a
  spreadsheet writes a long number; even shortened it holds a birth date.
- E-mail: anything with an @ between words and a domain.
- Telephone: eight digits in the groups that Danes write (2-2-2-2, 4-4, 3-2-3), unless both groups of four are years;
  eight joined digits only after +45, 0045 or a word such as «tlf»; other international numbers after
  a plus that adds nothing («2+30-31-32-35» is a sum).
"""

import re
import unicodedata
from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

REDACTED = "[fjernet]"

_DAY = r"(?:[06][1-9]|[1278]\d|[39][01])"
_MONTH = r"(?:[04][1-9]|[15][0-2])"
_CPR = "|".join(
    (
        rf"(?<!\d){_DAY}{_MONTH}\d\d\s?[- /_]\s?\d{{4}}(?!\d)",
        rf"(?<!\d){_DAY}{_MONTH}\d{{6}}(?!\d|[.,](?!0+(?!\d))\d{{1,2}}(?!\d))",
        rf"(?<!\d){_DAY}([./ -]){_MONTH}\1\d\d\s?-\s?\d{{4}}(?!\d)",
        rf"(?<!\d){_DAY} {_MONTH} \d\d \d{{4}}(?!\d)",
        r"(?:(?<=cpr)|(?<![^\W_])(?<!\d[.,]))[1-9](?:0[1-9]|1[0-2])\d\d[- ]?\d{4}"
        r"(?![^\W_]|[.,](?!0+(?!\d))\d{1,2}(?!\d))",
        r"(?<![\w.,])[1-9][.,]\d{4,}\s?e\+?0?[89](?!\d)",
    )
)
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_YEARS = r"(?:19|20)\d\d (?:19|20)\d\d"
_GROUPS = rf"\d\d(?P<gap>[ .-])\d\d(?P=gap)\d\d(?P=gap)\d\d|(?!{_YEARS})\d{{4}} \d{{4}}|\d{{3}}[ -]\d\d[ -]\d{{3}}"
_PHONE = "|".join(
    (
        rf"(?<![\d+])(?<!\d[.,/-])(?:{_GROUPS})(?!\d|[.,-]\d)",
        r"(?:(?<!\d)00|(?<!\d)\+)45\)?[ -]?(?:\d[ .-]?){7}\d(?!\d)",
        r"\b(?:tlf|telefon(?:nummer)?|mobil(?:nummer)?|mob|sms|ring(?:er)?(?: til| på)?|phone)\W{0,3}\d{8}(?!\d)",
        r"(?<![\w)])\+[1-9]\d{0,2}[ -]?(?:\(0\))?(?:\d[ -]?){8,11}\d(?!\d)",
    )
)
KINDS = ("cpr", "email", "phone")
_PATTERNS = {
    kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in zip(KINDS, (_CPR, _EMAIL, _PHONE), strict=True)
}
_LIKELY = re.compile(r"@|\d(?:[^\d\n]{0,4}\d){4}")
"""What every pattern needs: most text has neither an @ nor five digits close together."""

_GAP = r"[\s\x0b\x1c-\x1f]?"
_MAY_HOLD = "(?i)" + "|".join(
    (
        "@",
        rf"{_DAY}[./ -]?{_MONTH}[./ -]?\d\d{_GAP}[- /_]?{_GAP}\d{{4}}",
        r"(?:^|[^0-9a-z]|cpr)[1-9](?:0[1-9]|1[0-2])\d\d[- ]?\d{4}",
        rf"[1-9][.,]\d{{4,}}{_GAP}e\+?0?[89]",
        r"\d\d[ .-]\d\d[ .-]\d\d[ .-]\d\d|\d{4} \d{4}|\d{3}[ -]\d\d[ -]\d{3}",
        r"(?:00|\+)45\)?[ -]?(?:\d[ .-]?){7}\d",
        r"(?:tlf|telefon(?:nummer)?|mobil(?:nummer)?|mob|sms|ring(?:er)?(?: til)?|phone)\W{0,3}\d{8}",
        r"\+[1-9]\d{0,2}[ -]?(?:\(0\))?(?:\d[ -]?){8,11}\d",
    )
)
"""The patterns for ASCII without what must not stand beside them: Arrow's know no looking around."""

_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_CPR_NUMBER = re.compile(rf"-?(?:{_DAY}{_MONTH}\d{{6}}|[1-9](?:0[1-9]|1[0-2])\d{{6}})(?:\.0*)?")


def kind_of(text: str) -> str | None:
    """Which kind of personal data a text holds: `cpr`, `email` or `phone`, the first that is found; else None."""
    plain = _plain(text)
    if not _LIKELY.search(plain):
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(plain)), None)


def may_hold(texts: pa.Array) -> np.ndarray:
    """Which texts are worth the question `kind_of`: all that hold something, and some others."""
    found = pc.or_(pc.match_substring_regex(texts, _MAY_HOLD), pc.invert(pc.string_is_ascii(texts)))
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


def kind_of_number(text: str) -> str | None:
    """`cpr` for a canonical number (point for decimals) that reads as one, a lost leading zero included."""
    return "cpr" if _CPR_NUMBER.fullmatch(text) else None


def without_matches(text: str, kinds: Collection[str] = KINDS) -> str:
    """The text with what looks like personal data replaced by «[fjernet]»; other text is given back as it is."""
    if kind_of(text) is None:
        return text
    plain = _plain(text)
    for kind, pattern in _PATTERNS.items():
        if kind in kinds:
            plain = pattern.sub(REDACTED, plain)
    return plain


def _plain(text: str) -> str:
    """One spelling of dashes, spaces and digits, and nothing invisible between them."""
    if text.isascii():
        return text
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", _DASHES.sub("-", text)))
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
