"""How numbers and dates are written for a Danish reader."""

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "da"


def number_da(value: float | int | None, decimals: int | None = None) -> str:
    """`1.234,5`; whole numbers without decimals unless `decimals` says otherwise; an en dash for none."""
    if value is None:
        return "–"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return format_decimal(value, format="#,##0" + ("." + "0" * decimals if decimals else ""), locale=LOCALE)


def date_da(day: date | None) -> str:
    """`1. november 2025`."""
    return format_date(day, format="d. MMMM y", locale=LOCALE) if day else "–"


def wording_da(value: object) -> str:
    """Any value of a fact, as it stands in a Danish sentence."""
    if value is None:
        return "–"
    if isinstance(value, datetime | date):
        return date_da(value)
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float) or hasattr(value, "__float__"):
        return number_da(float(value))
    return str(value)
