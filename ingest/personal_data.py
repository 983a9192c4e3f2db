"""Where personal data stops: drop, pseudonymise, derive ages, and remove what looks personal from public text."""

import re

import pandas as pd

from ingest.descriptor import Descriptor
from ingest.pseudonyms import PseudonymKey

REDACTED = "[fjernet]"

# day 01-31 (or + 60 for a replacement number), month 01-12 (or + 40 in synthetic numbers), year, four digits
_CPR = r"(?<!\d)(?:[06][1-9]|[1278]\d|[39][01])(?:[04][1-9]|[15][0-2])\d\d[- ]?\d{4}(?!\d)"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = r"(?<!\d)(?:(?:\+|00)45[ ]?)?\d{2}[ ]\d{2}[ ]\d{2}[ ]\d{2}(?!\d)|(?:\+|00)45[ ]?\d{8}(?!\d)"
PERSONAL = re.compile("|".join((_CPR, _EMAIL, _PHONE)), re.IGNORECASE)


def without_personal_data(
    good: pd.DataFrame, descriptor: Descriptor, key: PseudonymKey | None
) -> tuple[pd.DataFrame, int]:
    """Checked rows as they may leave ingest, and how many cells of public text had to be redacted.

    Birth dates become ages, identities become pseudonyms where consent is given, everything marked `drop` goes.
    """
    raw, redacted = good.copy(), 0
    for name, age in descriptor.derived.items():
        raw[name] = _whole_years(good[age.birth], good[age.at])
    for name in [name for name in good.columns if name in descriptor.columns]:
        column = descriptor.columns[name]
        if column.treatment == "drop":
            raw = raw.drop(columns=name)
        elif column.treatment == "pseudonymise":
            allowed = good[column.consent].eq("true") if column.consent else pd.Series(True, index=good.index)
            raw[name] = _pseudonyms(good[name].where(allowed & good[name].notna(), None), key)
        elif column.type == "text":
            clean, count = _redact(raw[name])
            if column.key and count:  # records must stay apart: a key of its own for each row
                clean = clean.where(clean.eq(raw[name]), clean + " " + good["_row_number"].astype(str))
            raw[name] = clean
            redacted += count
    return raw, redacted


def _pseudonyms(identities: pd.Series, key: PseudonymKey | None) -> pd.Series:
    distinct = {identity: key.pseudonym(identity) for identity in identities.dropna().unique()} if key else {}
    return identities.map(distinct).astype(object)


def _whole_years(births: pd.Series, days: pd.Series) -> pd.Series:
    birth, day = (pd.to_datetime(series, format="%Y-%m-%d", errors="coerce") for series in (births, days))
    before_birthday = (day.dt.month * 100 + day.dt.day) < (birth.dt.month * 100 + birth.dt.day)
    years = day.dt.year - birth.dt.year - before_birthday.astype(int)
    return years.map(lambda value: None if pd.isna(value) else str(int(value))).astype(object)


def without_matches(text: str) -> str:
    """The text with everything that looks like personal data replaced by «[fjernet]»."""
    return PERSONAL.sub(REDACTED, text)


def _redact(values: pd.Series) -> tuple[pd.Series, int]:
    """The text values with each match replaced by «[fjernet]», and how many cells were changed."""
    distinct = {value: without_matches(value) for value in values.dropna().unique()}
    changed = {value for value, clean in distinct.items() if clean != value}
    if not changed:
        return values, 0
    return values.map(distinct), int(values.isin(changed).sum())
