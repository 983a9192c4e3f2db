"""Remove what looks like personal data from columns that should hold none."""

import re

import pandas as pd

REDACTED = "[fjernet]"

# day 01-31 (or + 60 for a replacement number), month 01-12 (or + 40 in synthetic numbers), year, four digits
_CPR = r"(?<!\d)(?:[06][1-9]|[1278]\d|[39][01])(?:[04][1-9]|[15][0-2])\d\d[- ]?\d{4}(?!\d)"
_EMAIL = r"[^\s@;,]+@[^\s@;,]+\.[a-z]{2,}"
_PHONE = r"(?<!\d)(?:(?:\+|00)45[ ]?)?\d{2}[ ]\d{2}[ ]\d{2}[ ]\d{2}(?!\d)|(?:\+|00)45[ ]?\d{8}(?!\d)"
PERSONAL = re.compile("|".join((_CPR, _EMAIL, _PHONE)), re.IGNORECASE)


def redact(values: pd.Series) -> tuple[pd.Series, int]:
    """The text values with each match replaced by «[fjernet]», and how many cells were changed."""
    distinct = {value: PERSONAL.sub(REDACTED, value) for value in values.dropna().unique()}
    changed = {value for value, clean in distinct.items() if clean != value}
    if not changed:
        return values, 0
    return values.map(distinct), int(values.isin(changed).sum())
