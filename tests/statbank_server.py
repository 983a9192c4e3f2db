"""StatBank's API on this machine, as it is documented: TABLEINFO, TABLES and DATA in five formats, its refusals, and
what can go wrong on the way.

Its answers follow Statistics Denmark's description of the API (https://www.dst.dk/en/Statistik/hjaelp-til-statistikbanken/api)
and answers that public programs have kept: codes of errors, headings of CSV, JSON-stat 1 with `ContentsCode`.
"""

import csv
import io
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from math import prod
from typing import Any

from openpyxl import Workbook

MOST_CELLS = 1_000_000
BOM = "\ufeff"


@dataclass
class Table:
    """`variables` are code, label, values by code, and whether they can be left out; the last is time. `cells` are by
    the codes of all variables; a combination without one is missing.
    """

    id: str
    text: str
    variables: list[tuple[str, str, dict[str, str], bool]]
    cells: dict[tuple[str, ...], float | int | None] = field(repr=False)
    unit: str = "per cent"
    updated: str = "2026-11-10T08:00:00"
    footnote: str | None = None

    def info(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "description": self.text,
            "unit": self.unit,
            "suppressedDataValue": "0",
            "updated": self.updated,
            "active": True,
            "contacts": [{"name": "Nobody", "phone": "", "mail": ""}],
            "documentation": None,
            "footnote": {"text": self.footnote, "mandatory": False} if self.footnote else None,
            "variables": [
                {
                    "id": code,
                    "text": label,
                    "elimination": may_be_left_out,
                    "time": code == self.variables[-1][0],
                    "values": [{"id": one, "text": text} for one, text in values.items()],
                }
                for code, label, values, may_be_left_out in self.variables
            ],
        }


class Refusal(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.content = {"errorTypeCode": code, "message": message}


@dataclass
class Selection:
    """The chosen variables in the order of the request, with the codes of their values; time is among them."""

    table: Table
    chosen: list[tuple[str, str, dict[str, str]]]

    def cells(self):
        """Every combination, the last variable changing first, with its cell. What is left out has its first."""
        codes = [code for code, *_ in self.chosen]
        rest = {code: next(iter(values)) for code, _, values, _ in self.table.variables if code not in codes}
        for combination in product(*(values for *_, values in self.chosen)):
            by_code = rest | dict(zip(codes, combination, strict=True))
            yield combination, self.table.cells.get(tuple(by_code[code] for code, *_ in self.table.variables))


def select(table: Table, body: dict[str, Any]) -> Selection:
    is_streamed = body["format"] == "BULK"
    if is_streamed and "timeOrder" in body:
        raise Refusal("EXTRACT-NOTALLOWED", "Der kan ikke vælges sortering af tid for streamede formater")
    known = {code.casefold(): (code, label, values) for code, label, values, _ in table.variables}
    chosen = []
    for one in body["variables"]:
        if one["code"].casefold() not in known:
            raise Refusal("EXTRACT-NOTFOUND", f"Can't find variable: {one['code']}")
        code, label, values = known.pop(one["code"].casefold())
        for value in one["values"]:
            if value not in values:
                raise Refusal("EXTRACT-NOTFOUND", f"Can't find value: {value} ({code})")
        chosen.append((code, label, {value: values[value] for value in one["values"]}))
    for code, _, _, may_be_left_out in table.variables:
        if code.casefold() in known and (is_streamed or not may_be_left_out):
            raise Refusal("EXTRACT-NOTALLOWED", f"Der skal vælges værdier for variabel: {code}")
    cells = prod(len(values) for *_, values in chosen) * (len(chosen) + 1)
    if not is_streamed and cells > MOST_CELLS:
        raise Refusal("REQUEST-LIMIT", f"Forespørgslen på op mod {cells} celler er over begrænsningen")
    return Selection(table, chosen)


def jsonstat(selection: Selection) -> bytes:
    table = selection.table
    dimensions: dict[str, Any] = {
        code: {"label": label, "category": {"index": {one: at for at, one in enumerate(values)}, "label": values}}
        for code, label, values in selection.chosen
    }
    time = selection.chosen[-1][0]
    names = [*list(dimensions)[:-1], "ContentsCode", time]
    dimensions["ContentsCode"] = {
        "label": "Indhold",
        "category": {"index": {table.id: 0}, "label": {table.id: table.text}, "unit": {table.id: {"base": table.unit}}},
    }
    sizes = [len(dimensions[name]["category"]["index"]) for name in names]
    role = {"metric": ["ContentsCode"], "time": [time]}
    dataset = {
        "dimension": {**dimensions, "id": names, "size": sizes, "role": role},
        "label": f"{table.text} by {', '.join(label for _, label, _ in selection.chosen)}",
        "source": "Statistics Denmark",
        "updated": f"{table.updated}Z",
        "value": [cell for _, cell in selection.cells()],
    }
    return json.dumps({"dataset": dataset}, ensure_ascii=False).encode()


def delimited(selection: Selection, *, is_streamed: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(code.upper() for code, *_ in selection.chosen), "INDHOLD"])
    for combination, cell in selection.cells():
        if cell is None and is_streamed:
            continue  # as the description says of missing combinations
        labels = [values[one] for one, (*_, values) in zip(combination, selection.chosen, strict=True)]
        writer.writerow([*labels, ".." if cell is None else str(cell).replace(".", ",")])
    return (("" if is_streamed else BOM) + text.getvalue()).encode()


def xlsx(selection: Selection) -> bytes:
    """As an export: the title, the unit, the periods above, a label once for the rows below it."""
    *labels, (_, _, periods) = selection.chosen
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = selection.table.id
    named = [label for _, label, _ in labels]
    sheet.append([f"{selection.table.text} by {', '.join(named)} and time"])
    sheet.append([f"Units: {selection.table.unit}"])
    sheet.append([None] * len(labels) + list(periods.values()))
    cells, above = dict(selection.cells()), [None] * len(labels)
    for combination in product(*(values for *_, values in labels)):
        texts = [values[one] for one, (*_, values) in zip(combination, labels, strict=True)]
        shown = [None if text == before else text for text, before in zip(texts[:-1], above, strict=False)]
        above = texts
        row = [cells[(*combination, period)] for period in periods]
        sheet.append([*shown, texts[-1], *(".." if cell is None else cell for cell in row)])
    if selection.table.footnote:
        sheet.append([])
        sheet.append([selection.table.footnote])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def px(selection: Selection) -> bytes:
    table, lines = selection.table, ['CHARSET="ANSI";', 'AXIS-VERSION="2000";']
    lines.append(f'MATRIX="{table.id}";')
    for _, label, values in selection.chosen:
        for keyword, names in (("VALUES", values.values()), ("CODES", values)):
            quoted = ",".join(f'"{name}"' for name in names)
            lines.append(f'{keyword}("{label}")={quoted};')
    cells = ['".."' if cell is None else str(cell) for _, cell in selection.cells()]
    return ("\r\n".join([*lines, "DATA=", " ".join(cells) + ";"])).encode("cp1252")


FORMATS: dict[str, tuple[str, Callable[[Selection], bytes]]] = {
    "JSONSTAT": ("text/json; charset=utf-8", jsonstat),
    "CSV": ("text/csv; charset=utf-8", lambda selection: delimited(selection, is_streamed=False)),
    "BULK": ("text/csv; charset=utf-8", lambda selection: delimited(selection, is_streamed=True)),
    "XLSX": ("application/octet-stream; charset=utf-8", xlsx),
    "PX": ("application/octet-stream; charset=ansi", px),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        bank: StatbankServer = self.server.bank
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        function = self.path.rpartition("/")[2]
        bank.asked.append((function, body))
        if bank.mishaps[function]:
            bank.mishaps[function].popleft()(self)
            return
        try:
            self.answer(*bank.answer(function, body))
        except Refusal as refusal:
            self.answer("text/json; charset=utf-8", json.dumps(refusal.content).encode(), status=400)

    def answer(self, kind: str, content: bytes, status: int = 200, **headers: str):
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class StatbankServer:
    """`asked` are the requests so far; `mishaps[function]` happen to the next ones, in order."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.mishaps: dict[str, deque[Callable[[Handler], None]]] = defaultdict(deque)
        self.is_over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.bank = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> "StatbankServer":
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._http.shutdown()
        self._http.server_close()

    def add(self, table: Table) -> Table:
        self.tables[table.id] = table
        return table

    def asked_for(self, function: str) -> list[dict[str, Any]]:
        return [body for name, body in self.asked if name == function]

    def answer(self, function: str, body: dict[str, Any]) -> tuple[str, bytes]:
        if function == "tables":
            return "text/json", json.dumps([{"id": one.id, "text": one.text} for one in self.tables.values()]).encode()
        table = self.tables.get(body["table"].upper())
        if table is None:
            raise Refusal("EXTRACT-NOTFOUND", f"Table not found: {body['table']}")
        if function == "tableinfo":
            return "text/json; charset=utf-8", json.dumps(table.info(), ensure_ascii=False).encode()
        kind, write = FORMATS[body["format"]]
        return kind, write(select(table, body))


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer("text/html", b"<html>busy</html>", code, **headers)


def page(handler: Handler) -> None:
    """What a proxy that wants a login answers in StatBank's place."""
    handler.answer("text/html", b"<html>Log in</html>")


def cut(handler: Handler) -> None:
    """The connection breaks in the middle of the body."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"dataset":')
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """A body that goes on for as long as somebody reads it."""
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.close_connection = True
    chunk = b"x" * 65536
    try:
        while not handler.server.bank.is_over.is_set():
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    except OSError:
        pass  # the reader has had enough


def silent(handler: Handler) -> None:
    """Headers, and then nothing."""
    handler.send_response(200)
    handler.send_header("content-length", "10")
    handler.end_headers()
    handler.wfile.flush()
    handler.close_connection = True
    handler.server.bank.is_over.wait()
