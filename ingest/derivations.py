"""Columns that a layout lacks and that follow from those it has, as the descriptor says."""

from decimal import Context, Decimal

import pyarrow as pa
import pyarrow.compute as pc

from ingest.layouts import TableLayout, WideLayout
from ingest.patterns import kind_of_number
from ingest.text_columns import mapped, whole


def with_derivations(good: pa.Table, layout: TableLayout | WideLayout) -> pa.Table:
    """Checked rows with the columns of `filled` («true», «false») and `scaled` (exact decimal text) added.

    A number that reads as a CPR number is not scaled: the product would tell it.
    """
    if isinstance(layout, WideLayout):
        return good
    for name, source in layout.filled.items():
        good = good.append_column(name, pc.cast(pc.is_valid(good[source]), pa.string()))
    for name, scaled in layout.scaled.items():
        factor = scaled.factor
        products = mapped(
            whole(good[scaled.source]), lambda text, by=factor: None if kind_of_number(text) else times(text, by)
        )
        good = good.append_column(name, products)
    return good


def times(text: str, factor: Decimal) -> str:
    """The exact product in canonical text: no rounding, no zeros after the last decimal."""
    exact = Context(prec=len(text) + len(str(factor)))
    product = format(exact.multiply(Decimal(text), factor), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product
