"""Where personal data stops: drop, pseudonymise, derive ages, and take out of public text what looks personal.

A cell with a hit is taken out whole, since what stands beside a number tells whose it is: text becomes «[fjernet]»,
which is still filled, and a number becomes null.
"""

from dataclasses import dataclass

import pandas as pd

from ingest.columns import Column
from ingest.descriptor import Descriptor
from ingest.patterns import REDACTED, kind_of, kind_of_number
from ingest.persons import Persons
from ingest.pseudonyms import PseudonymKey

SCANNED_AS_TEXT = ("text", "region")
"""Types whose public cells are kept as somebody wrote them; the others are canonical values of a closed kind."""


@dataclass(frozen=True, repr=False)
class Kept:
    """Rows as they may leave ingest, and where a value was taken out (`_row_number`, `_sheet`, `column`, `kind`)."""

    rows: pd.DataFrame
    hits: pd.DataFrame


def without_personal_data(
    good: pd.DataFrame, descriptor: Descriptor, key: PseudonymKey | None, persons: Persons
) -> Kept:
    """Checked rows as they may leave ingest, without values in which `persons` or a pattern was found.

    Birth dates become ages, identities become pseudonyms where consent is given, what is not kept goes.
    """
    kept, hits = good.copy(), []
    for name, age in descriptor.derived.items():
        kept[name] = _whole_years(good[age.birth], good[age.at])
    for name in [name for name in good.columns if name in descriptor.columns]:
        column = descriptor.columns[name]
        if not column.is_kept:
            kept = kept.drop(columns=name)
        elif column.treatment == "pseudonymise":
            kept[name] = _pseudonyms(good[name].where(_may_be_known(good, name, column), None), key)
        else:
            kinds = _kinds(good[name], column, persons)
            if kinds.notna().any():
                kept[name] = good[name].where(
                    kinds.isna(), _replacement(good, column, is_key=name in descriptor.key_columns)
                )
                hits.append(_places(good, name, kinds))
    return Kept(
        kept, pd.concat(hits, ignore_index=True) if hits else _places(good.head(0), "", pd.Series(dtype=object))
    )


def _may_be_known(good: pd.DataFrame, name: str, column: Column) -> pd.Series:
    """The rows whose person may get a pseudonym: an id, and consent where the descriptor asks for it."""
    if column.consent is None:
        return good[name].notna()
    if column.consent not in good:
        return pd.Series(False, index=good.index)
    return good[name].notna() & good[column.consent].eq("true")


def _pseudonyms(identities: pd.Series, key: PseudonymKey | None) -> pd.Series:
    distinct = {identity: key.pseudonym(identity) for identity in identities.dropna().unique()} if key else {}
    return identities.map(distinct).astype(object)


def _whole_years(births: pd.Series, days: pd.Series) -> pd.Series:
    birth, day = (pd.to_datetime(series, format="%Y-%m-%d", errors="coerce") for series in (births, days))
    before_birthday = (day.dt.month * 100 + day.dt.day) < (birth.dt.month * 100 + birth.dt.day)
    years = day.dt.year - birth.dt.year - before_birthday.astype(int)
    return years.map(lambda value: None if pd.isna(value) else str(int(value))).astype(object)


def _kinds(values: pd.Series, column: Column, persons: Persons) -> pd.Series:
    """The kind of personal data that each value holds, null where it holds none."""
    if column.type in SCANNED_AS_TEXT:
        distinct = {text: text_kind(text, persons) for text in values.dropna().unique()}
    elif column.type == "number":
        distinct = {text: kind_of_number(text) for text in values.dropna().unique()}
    else:
        distinct = {}
    found = values.map(distinct).astype(object)
    return found.where(found.notna(), None)


def text_kind(text: str, persons: Persons) -> str | None:
    """`cpr`, `email`, `phone` or `name`, the first that a text holds; None for text that may be kept."""
    return kind_of(text) or ("name" if persons.is_named_in(text) else None)


def _replacement(good: pd.DataFrame, column: Column, *, is_key: bool) -> pd.Series | str | None:
    if is_key:  # records must stay apart: a key of its own for each row
        return REDACTED + " " + good["_row_number"].astype(str)
    return None if column.type == "number" else REDACTED


def _places(good: pd.DataFrame, name: str, kinds: pd.Series) -> pd.DataFrame:
    hit = good[kinds.notna()]
    return pd.DataFrame(
        {
            "_row_number": hit["_row_number"].to_numpy(),
            "_sheet": hit["_sheet"].to_numpy(),
            "column": name,
            "kind": kinds.dropna().to_numpy(),
        }
    )
