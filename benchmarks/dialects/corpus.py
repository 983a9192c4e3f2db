"""Files whose tables are known: a few tables, written in many dialects and spoilt in the ways partners spoil them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Rows = list[list[str]]

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso-8859-1")
DELIMITERS = (";", ",", "\t", "|", ", ", "||", ":", "^")
EMPTY = 0.2
LINE_ENDS = ("\n", "\r\n", "\r")
QUOTINGS = ('"', '"all', "'", "\\")
SPOILT = (
    "as it is",
    "a title and an empty line before it",
    "three lines with a single cell before it",
    "no heading line",
    "two heading lines",
    "no line end at the end",
    "empty lines at the end",
    "a row with a cell too few",
    "a row with a cell too many",
    "a stray quote",
    "a row in another delimiter",
    "empty cells",
)


@dataclass(frozen=True)
class Case:
    """A file and the table that it holds: headings, and rows, of which none is filled up."""

    name: str
    content: bytes
    columns: list[str]
    rows: Rows


def cases(count: int, seed: int) -> Iterator[Case]:
    """So many files, every way of spoiling among them equally often."""
    draw = random.Random(seed)  # noqa: S311
    for number in range(count):
        yield _case(number, SPOILT[number % len(SPOILT)], draw)


def _case(number: int, spoilt: str, draw: random.Random) -> Case:
    table = draw.choice((_registrations, _years, _survey))
    columns, rows = table(draw)
    delimiter, quoting = draw.choice(DELIMITERS), draw.choice(QUOTINGS)
    if quoting in ("'", "\\") and spoilt == "a stray quote":
        quoting = '"'
    line_end, encoding = draw.choice(LINE_ENDS), draw.choice(ENCODINGS)

    def written(cells: Sequence[str], mark: str = delimiter) -> str:
        return mark.join(_cell(cell, mark, quoting) for cell in cells)

    heads, lines = [written(columns)], []
    at = draw.randrange(1, len(rows) - 1)
    if spoilt == "empty cells":
        rows = [[cell if draw.random() > EMPTY or place == 0 else "" for place, cell in enumerate(row)] for row in rows]
    elif spoilt == "a row with a cell too few":
        rows[at] = rows[at][:-1]
    elif spoilt == "a row with a cell too many":
        rows[at] = [*rows[at], "ekstra"]
    lines = [written(row) for row in rows]
    if spoilt == "a stray quote":
        place = next(place for place, cell in enumerate(rows[at]) if not _is_quoted(cell, delimiter, quoting))
        cells = [_cell(cell, delimiter, quoting) for cell in rows[at]]
        rows[at][place] = cells[place] = '"' + rows[at][place]
        lines[at] = delimiter.join(cells)
    elif spoilt == "a row in another delimiter":
        lines[at] = written(rows[at], ";" if delimiter == "," else ",")
    elif spoilt == "no heading line":
        heads, columns = [], [f"col_{place}" for place in range(len(columns))]
    elif spoilt == "two heading lines":
        heads.append(written(["enhed"] * len(columns)))
        columns = [f"{name} enhed" for name in columns]
    before = {
        "a title and an empty line before it": ["Udtræk af registreringer", ""],
        "three lines with a single cell before it": [written([word, *[""] * (len(columns) - 1)]) for word in "ABC"],
    }.get(spoilt, [])
    after = {"empty lines at the end": ["", "", ""], "no line end at the end": []}.get(spoilt, [""])
    text = line_end.join([*before, *heads, *lines, *after])
    name = f"{number}: {spoilt}, {table.__name__}, {encoding}, delimiter {delimiter!r}, quotes {quoting}, {line_end!r}"
    return Case(name, text.encode(encoding), columns, rows)


def _cell(cell: str, delimiter: str, quoting: str) -> str:
    if not _is_quoted(cell, delimiter, quoting):
        return cell
    quote = "'" if quoting == "'" else '"'
    escape = "\\" if quoting == "\\" else quote
    return quote + cell.replace(quote, escape + quote) + quote


def _is_quoted(cell: str, delimiter: str, quoting: str) -> bool:
    quote = "'" if quoting == "'" else '"'
    is_text = quoting == '"all' and any(map(str.isalpha, cell))
    return is_text or delimiter in cell or quote in cell or "\n" in cell or (delimiter == ", " and "," in cell)


def _registrations(draw: random.Random) -> tuple[list[str], Rows]:
    texts = (
        "Talte med borgeren, aftalt nyt møde",
        "Første samtale; henvist af kommunen",
        'Kaldes "Café Nørd" af beboerne',
        "Ring igen\nefter ferien",
        "O'Connor kom ikke",
        "Brobygning til jobcenter",
    )
    rows = [
        [
            str(number),
            f"{draw.randrange(1, 29):02}-{draw.randrange(1, 13):02}-2024",
            draw.choice(("Ringparken", "Sydbyen", "Motalavej")),
            draw.choice(texts),
            f"{draw.randrange(1, 500)},{draw.randrange(10, 99)}",
        ]
        for number in range(1, draw.randrange(12, 60))
    ]
    return ["Sags-id", "Dato", "Boligområde", "Notat", "Timer"], rows


def _years(draw: random.Random) -> tuple[list[str], Rows]:
    rows = [[f"Afdeling {place}", *(str(draw.randrange(20, 1999)) for _ in range(6))] for place in range(1, 20)]
    return ["Afdeling", *map(str, range(2018, 2024))], rows


def _survey(draw: random.Random) -> tuple[list[str], Rows]:
    answers = ("I meget høj grad", "I høj grad", "Ved ikke")
    rows = [
        [f"R{number:04}", *(draw.choice(answers) for _ in range(3)), str(draw.random())[:6]] for number in range(1, 40)
    ]
    return ["respondent", "tillid", "tryghed", "fællesskab", "vægt"], rows
