"""Read workbooks: record tables (one sheet per year or a single one) and wide tables (years as columns)."""

import re
from collections.abc import Sequence

from agreements.areas import normalise
from ingest.layouts import SheetLayout, TableLayout
from ingest.readers.headings import HEADING_SEARCH_ROWS, find_headings
from ingest.readers.sheet_facts import SheetFacts
from ingest.readers.table import Cells, Table, is_blank, is_footer
from ingest.readers.workbook import Sheet, Workbook
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

PERIOD_LABEL = re.compile(r"^(?:19|20)\d\d(?:[KQMHUW]\d{1,2})?$")


def read_excel(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """One table per sheet that the layout names; other sheets are noted, blank ones passed over.

    Raises FileRefused (file_unreadable, missing_column, duplicate_column).
    """
    workbook = Workbook(content)
    pattern = re.compile(layouts[0].sheets)
    wanted = [name for name in workbook.names if pattern.search(name)]
    if not wanted:
        raise FileRefused(
            problem=f"none of the {len(workbook.names)} sheets is named as expected ({layouts[0].sheets}).",
            reason=FileReason.MISSING_COLUMN,
        )
    others = [f"sheet {number}" for number, name in enumerate(workbook.names, 1) if name not in wanted]
    tables = []
    for at, name in enumerate(workbook.names, 1):
        if name not in wanted:
            continue
        sheet = workbook.sheet(name)
        rows = sheet.rows()
        if all(is_blank(row) for row in rows):
            continue  # a sheet made ready for a year to come
        match = find_headings(rows, layouts, f"sheet {at}: ")
        layout = match.layout
        last = _last_heading_row(rows, match.index, sheet.facts, f"sheet {at}: ")
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
        for number, cells in enumerate(rows[last + 1 :], last + 2):
            if is_blank(cells) or is_footer(cells, layout.footer_labels):
                continue
            table.rows.append([cells[at] for at in match.positions.values()])
            table.row_numbers.append(number)
        tables.append(table)
    return tables


def read_wide_excel(content: bytes, layouts: Sequence[SheetLayout]) -> list[Table]:
    """One table per sheet that a layout names; a label left blank is the one above it.

    Rows after the table that fill their first cell only are footnotes and become notes. Raises FileRefused
    (file_unreadable, missing_column) where no row of years stands beside the label columns of one of the layouts.
    """
    workbook = Workbook(content)
    tables = []
    for name in workbook.names:
        fitting = [layout for layout in layouts if re.search(layout.sheets, name)]
        sheet = workbook.sheet(name) if fitting else None
        rows = sheet.rows() if sheet else []
        if sheet and not all(is_blank(row) for row in rows):
            tables.append(_wide_table(rows, fitting, sheet))
    return tables


def _wide_table(rows: list[Cells], layouts: Sequence[SheetLayout], sheet: Sheet) -> Table:
    heads = [(at, first) for at, row in enumerate(rows[:HEADING_SEARCH_ROWS]) if (first := _first_year(row))]
    found = next(((one, *head) for head in heads for one in layouts if _fits(one, rows, *head)), None)
    if found is None:
        expected = " or ".join(
            f"{len(one.dimensions)} label columns ({', '.join(one.dimensions)})"
            + (f" below a title with «{one.title}»" if one.title else "")
            for one in layouts
        )
        raise FileRefused(
            problem=f"sheet {sheet.number}: expected {expected} and then the years.",
            reason=FileReason.MISSING_COLUMN,
        )
    layout, head, first = found
    last = _last_heading_row(rows, head, sheet.facts, f"sheet {sheet.number}: ")
    width = len(layout.dimensions)
    columns = [at for at, cell in enumerate(rows[head]) if cell and at >= first]
    periods = [rows[head][at] or "" for at in columns]
    if len(set(periods)) < len(periods):
        raise FileRefused(problem=f"sheet {sheet.number}: a year stands twice.", reason=FileReason.DUPLICATE_COLUMN)
    table = Table(
        layout=layout,
        columns=list(layout.dimensions),
        rows=[],
        row_numbers=[],
        sheet=sheet.name,
        sheet_number=sheet.number,
        periods=periods,
        notes=[row[0] for row in rows[:head] if row[0]],
        headings={name: cell for name, cell in zip(layout.dimensions, rows[head], strict=False) if cell},
    )
    above: Cells = [None] * width
    for number, cells in enumerate(rows[last + 1 :], last + 2):
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


def _last_heading_row(rows: list[Cells], head: int, facts: SheetFacts, where: str) -> int:
    """The last row that the heading line's merged cells cover.

    Raises FileRefused (duplicate_column) where one heading stands over several columns with values: nothing tells which
    of them it means.
    """
    last = head
    for (top, left), (bottom, right) in facts.merged:
        if not top <= head <= bottom or not rows[head][left]:
            continue
        last = max(last, bottom)
        beside = range(left + 1, right + 1)
        if any(row[at] for row in rows[bottom + 1 :] for at in beside if at < len(row)):
            raise FileRefused(
                problem=f"{where}a heading is merged over columns {left + 1} to {right + 1}, which all hold values.",
                reason=FileReason.DUPLICATE_COLUMN,
            )
    return last


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
