"""Checked rows on their way to raw Parquet: its columns, one object of cells per wide row, one row per key."""

import json

import pandas as pd
import pyarrow as pa

from ingest.descriptor import Descriptor
from ingest.layouts import WideLayout
from ingest.values import number_parser

LINEAGE = ("_row_number", "_sheet", "_dataset", "_period", "_period_on")
VALUES_BY_PERIOD = "values_by_period"
"""Raw column of a wide source: the row's cells as a JSON object {year label: text}."""


def raw_schema(descriptor: Descriptor) -> pa.Schema:
    """The columns of a source's raw Parquet: everything delivered is text."""
    names = [*descriptor.kept_columns, *([VALUES_BY_PERIOD] if descriptor.is_wide else [])]
    fields = [pa.field(name, pa.string()) for name in names]
    return pa.schema([*fields, *(pa.field(n, pa.int64() if n == "_row_number" else pa.string()) for n in LINEAGE)])


def cells_as_json(good: pd.DataFrame, periods: list[str], layout: WideLayout) -> tuple[pd.DataFrame, int]:
    """One JSON object per sheet row. A missing marker stays as it is; any other text that is no number is dropped."""
    parse, markers, bad = number_parser(), set(layout.missing_markers), 0

    def cell(text: str | None) -> str | None:
        nonlocal bad
        if text is None or text.strip() in markers:
            return text and text.strip()
        number = parse(text)
        bad += number is None
        return number

    rows = ({label: cell(text) for label, text in row.items()} for row in good[periods].to_dict("records"))
    kept = good.drop(columns=periods)
    kept[VALUES_BY_PERIOD] = [json.dumps(row, ensure_ascii=False) for row in rows]
    kept["_period"], kept["_period_on"] = None, None
    return kept, bad


def without_duplicates(good: pd.DataFrame, descriptor: Descriptor) -> tuple[pd.DataFrame, int]:
    """Keep the last row of each key; also how many of the rows left out differ from the one that stays."""
    keys = [name for name in descriptor.key_columns if name in good.columns]
    if not keys or good.empty:
        return good, 0
    content = [name for name in good.columns if name != "_row_number"]
    loses = good.duplicated(keys, keep="last")
    if not loses.any():
        return good, 0
    same_as_winner = good.merge(good.loc[~loses, content], how="left", on=content, indicator=True)["_merge"].eq("both")
    conflicting = int((loses & ~same_as_winner.to_numpy()).sum())
    return good[~loses].reset_index(drop=True), conflicting
