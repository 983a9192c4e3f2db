"""One table of statistics written in every format that it may be delivered in."""

import csv
import io
import json
import zlib
from dataclasses import dataclass
from itertools import product

import openpyxl

TITLE = "Folketal den 1. i kvartalet efter civilstand, alder, køn, område og tid"
CODES = {"civilstand": "CIVILSTAND", "alder": "ALDER", "køn": "KØN", "område": "OMRÅDE", "tid": "Tid"}


@dataclass(frozen=True)
class Written:
    """`variables` in the order of the cells, time last; a cell is a number with a decimal point or «..»."""

    variables: dict[str, list[str]]
    cells: list[str]

    @property
    def rows(self):
        return list(zip(product(*self.variables.values()), self.cells, strict=True))

    def turned(self, order):
        """The same table with its variables in another order."""
        names = list(self.variables)
        variables = {names[at]: self.variables[names[at]] for at in order}
        found = {labels: cell for labels, cell in self.rows}
        back = [order.index(at) for at in range(len(order))]
        cells = [found[tuple(labels[at] for at in back)] for labels in product(*variables.values())]
        return Written(variables, cells)

    @property
    def sizes(self):
        return [len(values) for values in self.variables.values()]


def dimensions(table, *, as_array):
    """JSON-stat's dimensions, whose categories are numbered by an array or by an object."""
    found = {}
    for name, texts in table.variables.items():
        codes = texts if name in ("tid", "time") else [f"c{at}" for at in range(len(texts))]
        index = codes if as_array else {code: at for at, code in reversed(list(enumerate(codes)))}
        found[CODES.get(name, name)] = {
            "label": name,
            "category": {"index": index, "label": dict(zip(codes, texts, strict=True))},
        }
    return found


def number(text):
    return None if text == ".." else json.loads(text)


def json_stat_1(table):
    codes = [CODES.get(name, name) for name in table.variables]
    told = {"id": codes, "size": table.sizes, "role": {"time": [name for name in codes if name in ("Tid", "time")]}}
    values = [number(cell) for cell in table.cells]
    dataset = {"dimension": dimensions(table, as_array=False) | told, "label": TITLE, "value": values}
    return json.dumps({"dataset": dataset}).encode()


def json_stat_2(table):
    return json.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "label": TITLE,
            "id": [CODES.get(name, name) for name in table.variables],
            "size": table.sizes,
            "dimension": dimensions(table, as_array=True),
            "value": {str(at): number(cell) for at, cell in enumerate(table.cells) if cell != ".."},
        },
        ensure_ascii=False,
    ).encode("utf-8-sig")


def quoted(texts, gap=","):
    return gap.join(f'"{text}"' for text in texts)


def px_head(table):
    names = list(table.variables)
    yield 'CHARSET="ANSI";\nAXIS-VERSION="2013";\nLANGUAGE="da";'
    yield f'TITLE="{TITLE[:30]}"\n"{TITLE[30:]}";'
    yield f"STUB={quoted(names[:-1])};\nHEADING={quoted(names[-1:])};"
    for name, texts in table.variables.items():
        listed = quoted(texts, ",\n")
        yield f'VALUES("{name}")={listed};'
        yield f'CODES("{name}")={quoted(range(len(texts)))};'


def px_cells(cells):
    return " ".join('".."' if cell == ".." else cell for cell in cells)


def px_lines(table):
    width = table.sizes[-1]
    labels = list(product(*list(table.variables.values())[:-1]))
    return [(labels[at], table.cells[at * width : (at + 1) * width]) for at in range(len(labels))]


def px(table):
    rows = "\n".join(px_cells(cells) for _, cells in px_lines(table))
    return "\n".join([*px_head(table), f"DATA=\n{rows};\n"]).encode("cp1252")


def px_sparse(table):
    """Rows of zeros are left out, and every row begins with its values."""
    keys = "\n".join(f'KEYS("{name}")=VALUES;' for name in list(table.variables)[:-1])
    rows = "\n".join(f"{quoted(labels)},{px_cells(cells)}" for labels, cells in px_lines(table) if set(cells) != {"0"})
    return "\n".join([*px_head(table), 'CODEPAGE="utf-8";', keys, f"DATA=\n{rows};\n"]).encode()


def csv_of(table, rows, decimal):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*(CODES.get(name, name).upper() for name in table.variables), "INDHOLD"])
    writer.writerows([*labels, cell if cell == ".." else cell.replace(".", decimal)] for labels, cell in rows)
    return out.getvalue()


def statbank_csv(table):
    return csv_of(table, table.rows, ",").encode("utf-8-sig")


def hash_of(labels):
    return zlib.crc32("".join(labels).encode())


def bulk(table):
    """Rows in no order; zeros are left out, but for those that are needed to show every value."""
    kept = [row for row in table.rows if row[1] != "0"]
    seen = [set(values) for values in zip(*(labels for labels, _ in kept), strict=True)] or [set() for _ in table.sizes]
    for labels, cell in table.rows:
        if cell == "0" and any(label not in known for label, known in zip(labels, seen, strict=True)):
            kept.append((labels, cell))
            for label, known in zip(labels, seen, strict=True):
                known.add(label)
    shuffled = sorted(kept, key=lambda row: hash_of(row[0]))
    return csv_of(table, shuffled, ".").encode()


def xlsx(table):
    book = openpyxl.Workbook()
    *stub, periods = table.variables.values()
    book.active.append([TITLE])
    book.active.append(["Enhed: antal"])
    book.active.append([*[None] * len(stub), *periods])
    above = (None,) * len(stub)
    for labels, cells in px_lines(table):
        first = next((at for at in range(len(labels)) if labels[at] != above[at]), 0)
        book.active.append(
            [*[None] * first, *labels[first:], *(cell if cell == ".." else float(cell) for cell in cells)]
        )
        above = labels
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = {
    "xlsx": xlsx,
    "json-stat 1": json_stat_1,
    "json-stat 2": json_stat_2,
    "px": px,
    "px with keys": px_sparse,
    "csv": statbank_csv,
    "bulk": bulk,
}
SUFFIXES = {"xlsx": "xlsx", "json-stat 1": "json", "json-stat 2": "json", "px": "px", "px with keys": "px"}
