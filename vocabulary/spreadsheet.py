"""Text for a cell of a spreadsheet: what was delivered must not become a formula where somebody opens it."""

FORMULA_SIGNS = tuple("=+-@\t\r\n" + "＝＋－＠" + "\N{MINUS SIGN}")
"""What makes Excel, LibreOffice and Google Sheets read text as a formula, in the full width of an East Asian keyboard
too, and the line ends and tabs that move what follows into a cell of its own."""

IGNORED = " \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\0"
"""Signs that stand before a formula unseen."""


def spreadsheet_safe(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet could take it for a formula.

    For cells of text only: a negative number goes into its cell as a number.
    """
    return f"'{text}" if text.lstrip(IGNORED).startswith(FORMULA_SIGNS) else text
