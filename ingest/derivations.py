"""Columns that a layout lacks and that follow from those it has, as the descriptor says."""

from decimal import Context, Decimal

import pandas as pd

from ingest.layouts import TableLayout, WideLayout
from ingest.patterns import kind_of_number


def with_derivations(good: pd.DataFrame, layout: TableLayout | WideLayout) -> pd.DataFrame:
    """Checked rows with the columns of `filled` («true», «false») and `scaled` (exact decimal text) added.

    A number that reads as a CPR number is not scaled: the product would tell it.
    """
    if isinstance(layout, WideLayout):
        return good
    followed = good.copy()
    for name, source in layout.filled.items():
        followed[name] = good[source].notna().map({True: "true", False: "false"}).astype(object)
    for name, scaled in layout.scaled.items():
        distinct = {
            text: None if kind_of_number(text) else times(text, scaled.factor)
            for text in good[scaled.source].dropna().unique()
        }
        followed[name] = good[scaled.source].map(distinct).astype(object)
    return followed


def times(text: str, factor: Decimal) -> str:
    """The exact product in canonical text: no rounding, no zeros after the last decimal."""
    exact = Context(prec=len(text) + len(str(factor)))
    product = format(exact.multiply(Decimal(text), factor), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product
