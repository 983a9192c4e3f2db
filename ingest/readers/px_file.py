"""Read a PC-Axis file as a cube."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import prod

from ingest.readers.cube import Cell, Cube, Variable, cell_count, plain_number, refuse_many, unreadable
from ingest.readers.px_statements import Statements, read_statements, strings

NOTES = ("NOTE", "NOTEX", "FOOTNOTE", "VALUENOTE", "VALUENOTEX", "CELLNOTE", "CELLNOTEX")
ZERO = "0"
"""What a combination stands for that a sparse file leaves out."""

SYMBOLS = {"-": "DATASYMBOLNIL"} | {"." * dots: f"DATASYMBOL{dots}" for dots in range(1, 7)}
"""What stands in the data instead of a number, and the keyword that says how it is shown."""

TOKEN = re.compile(r'"([^"]*)"|([^\s,;"]+)')
TIME_LIST = re.compile(r"\s*TLIST\s*\(\s*([AHQMW])1\s*(?:,([^)]*))?\)\s*,?(.*)", re.IGNORECASE | re.DOTALL)
SPAN = re.compile(r'\s*"([0-9]{4,6})"\s*-\s*"([0-9]{4,6})"\s*')
PARTS = {"A": 1, "H": 2, "Q": 4, "M": 12, "W": 53}
"""How many parts a year has, at most."""


def read_px(content: bytes) -> Cube:
    """Raises FileRefused (undecodable, file_unreadable)."""
    statements = read_statements(content)
    stub, heading = ([name.strip() for name in statements.strings(keyword)] for keyword in ("STUB", "HEADING"))
    names = [*stub, *heading]
    if not names or len(set(names)) < len(names):
        raise unreadable("STUB and HEADING name no variables, or one of them twice.")
    refuse_many(names)
    measures = statements.strings("CONTVARIABLE")
    variables = [
        _variable(statements, name, _translations(statements, names.index(name), len(stub)), name in measures)
        for name in names
    ]
    sizes = [len(variable.codes) for variable in variables]
    count = cell_count(sizes)
    if any(statements.all_of("KEYS")):
        tokens = _sparse(statements, variables[: len(stub)], names[: len(stub)], sizes)
    else:
        tokens = _tokens(statements.data)
        if len(tokens) != count:
            raise unreadable(f"it has {len(tokens)} values for {count} cells.")
    shown = {token: statements.text(keyword) or token for token, keyword in SYMBOLS.items()}
    is_odd = not shown.keys().isdisjoint(tokens)
    spelt: dict[str, Cell] = {token: None if token in shown else plain_number(token) or token for token in set(tokens)}
    return Cube(
        kind=f"PC-Axis, {statements.encoding}",
        title=statements.text("TITLE") or statements.text("DESCRIPTION") or statements.text("CONTENTS"),
        variables=variables,
        cells=[spelt[token] for token in tokens],
        symbols=[shown.get(token) for token in tokens] if is_odd else [],
        notes=[" ".join(one.strings).replace("#", "\n") for one in statements.all_of(*NOTES)],
    )


def _translations(statements: Statements, place: int, stub: int) -> list[str]:
    """What the other languages of the file call the variable at a place of STUB and HEADING."""
    keyword, at = ("STUB", place) if place < stub else ("HEADING", place - stub)
    languages = [key[1] for key in statements.found if key[0] == keyword and key[1]]
    found = [statements.strings(keyword, language=language) for language in languages]
    return [names[at] for names in found if at < len(names)]


def _variable(statements: Statements, name: str, others: Sequence[str], is_measure: bool) -> Variable:
    times = next((one.value for one in statements.all_of("TIMEVAL") if one.of == (name,)), None)
    labels = tuple(_period_labels(times)) if times is not None else ()
    texts = statements.strings("VALUES", name) or list(labels)
    codes = statements.strings("CODES", name) or texts
    if len(texts) != len(codes) or (labels and len(labels) != len(texts)):
        raise unreadable("a variable has not as many codes or periods as values.")
    names = (name, *statements.strings("VARIABLECODE", name), *others)
    return Variable(names, tuple(texts), tuple(codes), labels, is_time=times is not None, is_measure=is_measure)


def _period_labels(value: str) -> Iterator[str]:
    """TLIST(Q1,"20071"-"20104"), TLIST(Q1),"20071","20072" or a bare list, as 2007Q1, 2007Q2 …"""
    match = TIME_LIST.match(value)
    if match is None:
        yield from strings(value)
        return
    unit = match[1].upper()
    span = SPAN.fullmatch(match[2] or "") or SPAN.fullmatch(match[3] or "")
    listed = list(_between(unit, *span.groups())) if span else strings(f"{match[2] or ''},{match[3]}")
    yield from (text if unit == "A" else f"{text[:4]}{unit}{text[4:]}" for text in listed)


def _between(unit: str, first: str, last: str) -> Iterator[str]:
    """Every period from the first to the last, written as they are."""
    digits = len(first) - 4
    for year in range(int(first[:4]), int(last[:4]) + 1):
        # 28 December is always in the last week of its year
        parts = date(year, 12, 28).isocalendar().week if unit == "W" and year else PARTS[unit]
        for part in range(1, parts + 1):
            text = f"{year:04d}" + (f"{part:0{digits}d}" if unit != "A" else "")
            if first <= text <= last:
                yield text


def _tokens(data: str) -> list[str]:
    """What stands in the data; blanks, commas or semicolons part numbers, and symbols may have quotes."""
    return data.translate({ord(mark): " " for mark in '",;'}).split()


def _sparse(statements: Statements, stub: Sequence[Variable], names: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """The data of a file whose rows begin with the values of STUB and that leaves out rows of zeros."""
    places: list[dict[str, int]] = []
    for name, variable in zip(names, stub, strict=True):
        kind = [one.upper() for one in statements.strings("KEYS", name)]
        if kind not in (["VALUES"], ["CODES"]):
            raise unreadable("KEYS says of a variable of STUB neither VALUES nor CODES.")
        keys = variable.texts if kind == ["VALUES"] else variable.codes
        places.append({key: at for at, key in enumerate(keys)})
    width = prod(sizes[len(stub) :])
    found = [quoted or bare for quoted, bare in TOKEN.findall(statements.data)]
    if len(found) % (len(stub) + width):
        raise unreadable("a row of its data is cut off.")
    tokens = [ZERO] * prod(sizes)
    seen: set[int] = set()
    for at in range(0, len(found), len(stub) + width):
        row = 0
        for key, known, size in zip(found[at : at + len(stub)], places, sizes, strict=False):
            if key not in known:
                raise unreadable("a row of its data begins with a value that its variable does not have.")
            row = row * size + known[key]
        if row in seen:
            raise unreadable("two rows of its data begin with the same values.")
        seen.add(row)
        tokens[row * width : (row + 1) * width] = found[at + len(stub) : at + len(stub) + width]
    return tokens
