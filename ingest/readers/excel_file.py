"""Read workbooks: record tables (one sheet per year or a single one) and wide tables (years as columns)."""

import io
import re
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from agreements.areas import normalise
from ingest.layouts import SheetLayout, TableLayout
from ingest.readers.headings import HEADING_SEARCH_ROWS, find_headings
from ingest.readers.table import Cells, Table, cell_text, is_blank, is_footer
from ingest.unpacking import refuse_swollen
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

MOST_CELLS = 20_000_000
"""More than any partner delivers; a stray cell at the end of a sheet asks for more memory than there is."""

PERIOD_LABEL = re.compile(r"^(?:19|20)\d\d(?:[KQMHUW]\d{1,2})?$")


def read_excel(content: bytes, layouts: Sequence[TableLayout]) -> tuple[str, list[Table]]:
    """Layout name and one table per sheet that the layout names; other sheets are noted, blank ones passed over.

    Raises FileRefused (file_unreadable, missing_column, duplicate_column).
    """
    workbook = open_workbook(content)
    pattern = re.compile(layouts[0].sheets)
    wanted = [name for name in workbook.sheet_names if pattern.search(name)]
    if not wanted:
        raise FileRefused(
            problem=f"none of the {len(workbook.sheet_names)} sheets is named as expected ({layouts[0].sheets}).",
            reason=FileReason.MISSING_COLUMN,
        )
    others = [f"sheet {number}" for number, name in enumerate(workbook.sheet_names, 1) if name not in wanted]
    tables = []
    layout = layouts[0]
    for at, name in enumerate(workbook.sheet_names, 1):
        if name not in wanted:
            continue
        rows = sheet_rows(workbook.get_sheet_by_name(name))
        if all(is_blank(row) for row in rows):
            continue  # a sheet made ready for a year to come
        match = find_headings(rows, layouts, f"sheet {at}: ")
        layout = match.layout
        table = Table(
            layout=layout,
            columns=list(match.positions),
            rows=[],
            row_numbers=[],
            sheet=name,
            sheet_number=at,
            unknown_columns=match.unknown,
            headings=match.headings,
            unknown_sheets=others,
        )
        others = []
        for number, cells in enumerate(rows[match.index + 1 :], match.index + 2):
            if is_blank(cells) or is_footer(cells, layout.footer_labels):
                continue
            table.rows.append([cells[at] for at in match.positions.values()])
            table.row_numbers.append(number)
        tables.append(table)
    return layout.layout, tables


def read_wide_excel(content: bytes, layouts: Sequence[SheetLayout]) -> tuple[str, list[Table]]:
    """Layout name and one table per sheet that a layout names; a label left blank is the one above it.

    Rows after the table that fill their first cell only are footnotes and become notes. Raises FileRefused
    (file_unreadable, missing_column) where no row of years stands beside the label columns of one of the layouts.
    """
    workbook = open_workbook(content)
    tables = []
    for at, name in enumerate(workbook.sheet_names, 1):
        fitting = [layout for layout in layouts if re.search(layout.sheets, name)]
        rows = sheet_rows(workbook.get_sheet_by_name(name)) if fitting else []
        if not all(is_blank(row) for row in rows):
            tables.append(_wide_table(rows, fitting, name, at))
    return ", ".join(dict.fromkeys(table.layout.layout for table in tables)), tables


def _wide_table(rows: list[Cells], layouts: Sequence[SheetLayout], sheet: str, sheet_number: int) -> Table:
    heads = [(at, first) for at, row in enumerate(rows[:HEADING_SEARCH_ROWS]) if (first := _first_year(row))]
    found = next(((one, *head) for head in heads for one in layouts if _fits(one, rows, *head)), None)
    if found is None:
        expected = " or ".join(
            f"{len(one.dimensions)} label columns ({', '.join(one.dimensions)})"
            + (f" below a title with «{one.title}»" if one.title else "")
            for one in layouts
        )
        raise FileRefused(
            problem=f"sheet {sheet_number}: expected {expected} and then the years.",
            reason=FileReason.MISSING_COLUMN,
        )
    layout, head, first = found
    width = len(layout.dimensions)
    columns = [at for at, cell in enumerate(rows[head]) if cell and at >= first]
    periods = [rows[head][at] or "" for at in columns]
    if len(set(periods)) < len(periods):
        raise FileRefused(problem=f"sheet {sheet_number}: a year stands twice.", reason=FileReason.DUPLICATE_COLUMN)
    table = Table(
        layout=layout,
        columns=list(layout.dimensions),
        rows=[],
        row_numbers=[],
        sheet=sheet,
        sheet_number=sheet_number,
        periods=periods,
        notes=[row[0] for row in rows[:head] if row[0]],
        headings={name: cell for name, cell in zip(layout.dimensions, rows[head], strict=False) if cell},
    )
    above: Cells = [None] * width
    for number, cells in enumerate(rows[head + 1 :], head + 2):
        if is_blank(cells) or is_footer(cells, layout.footer_labels):
            continue
        if is_blank(cells[1:]) and cells[0]:
            table.notes.append(cells[0])
            continue
        # the finest label belongs to its own row; the ones before it stand once for all rows below
        labels = [cell or above[at] for at, cell in enumerate(cells[: width - 1])]
        above = [*labels, None]
        table.rows.append([*labels, cells[width - 1], *(cells[at] for at in columns)])
        table.row_numbers.append(number)
    return table


def _first_year(row: Cells) -> int | None:
    """Where the years (or parts of years) begin that end a row; None where it has none, or no column before them."""
    years = [at for at, cell in enumerate(row) if cell and PERIOD_LABEL.match(cell)]
    is_end = bool(years) and all(PERIOD_LABEL.match(cell) for cell in row[years[0] :] if cell)
    return years[0] if is_end and years[0] else None


def _fits(layout: SheetLayout, rows: list[Cells], head: int, first: int) -> bool:
    """Whether the sheet has the layout's label columns, under its headings if any, and its title above the years."""
    values = [row for row in rows[head + 1 :] if not is_blank(row[first:])]
    filled = [at + 1 for at in range(first) if any(row[at] for row in values)]
    if len(layout.dimensions) != max(filled, default=first):
        return False
    names = [*layout.dimensions, *[None] * (first - len(layout.dimensions))]
    spelt = ({normalise(one) for one in layout.headings.get(name or "", ())} for name in names)
    if any(cell and normalise(cell) not in known for cell, known in zip(rows[head], spelt, strict=False)):
        return False
    above = " ".join(cell for row in rows[:head] for cell in row if cell)
    return layout.title is None or re.search(layout.title, above, re.IGNORECASE) is not None


def open_workbook(content: bytes) -> CalamineWorkbook:
    """Raises FileRefused (file_unreadable, too_large, encrypted)."""
    refuse_swollen(content)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        what = None
    except (CalamineError, OSError, ValueError) as error:
        what = type(error).__name__  # and not its message, which may quote the file
    if what is None:
        raise FileRefused(problem="is locked with a password.", reason=FileReason.ENCRYPTED)
    raise FileRefused(problem=f"is no readable workbook ({what}).", reason=FileReason.FILE_UNREADABLE)


def sheet_rows(sheet: CalamineSheet) -> list[Cells]:
    """Every row of a sheet from its first. Raises FileRefused (too_large)."""
    refuse_vast(sheet)
    return [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def refuse_vast(sheet: CalamineSheet) -> None:
    """Raise FileRefused (too_large) for a sheet that asks for more memory than there is."""
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise FileRefused(
            problem=f"a sheet of {sheet.total_height} x {sheet.total_width} cells is no delivery.",
            reason=FileReason.TOO_LARGE,
        )
