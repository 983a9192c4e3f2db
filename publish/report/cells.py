"""How one figure is written in the report: its text, its reason where there is none, its footnote."""

from dataclasses import dataclass, field

from publish.report.figures import Cell
from publish.report.model import Note
from publish.report.tables import Row
from vocabulary.states import LABELS_DA, ValueState
from vocabulary.wording import date_da, number_da

STATES = {label: state for state, label in LABELS_DA["value_state"].items()}
"""Wording of `curated` -> state."""

SHORT = {
    ValueState.SUPPRESSED: "skjult",
    ValueState.MISSING: "mangler",
    ValueState.NOT_MEASURED: "opgøres ikke",
    ValueState.NOT_DUE: "–",
}
"""What stands in place of a figure."""

NOTHING = Cell(text="", value=None, state="")
"""Where the agreement promises no figure."""

VALUE_COLUMNS = ("resultat", "vaerdi", "andel_pct")
FIGURE = ("indicator_id", "area_id", "aarstype", "year")
PERCENT = "procent"
RATE = "pr. "
TEN = 10


def value_of(row: Row) -> float | None:
    """The figure of a row of any table of figures."""
    return next((row[name] for name in VALUE_COLUMNS if name in row), None)


def number(value: float, unit: object) -> str:
    """`61,4 %` for a share, `0,27` and `42,5` for a rate (three digits tell it), else `1.663`."""
    if unit == PERCENT:
        return f"{number_da(value, 1)} %"
    if str(unit).startswith(RATE):
        return number_da(value, 1 if abs(value) >= TEN else 2)
    return number_da(value)


@dataclass
class Notes:
    """Footnotes in the order in which figures are first shown; equal sources and states share a letter."""

    sources: tuple[Row, ...]
    letters: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._files: dict[tuple, list[Row]] = {}
        for row in self.sources:
            self._files.setdefault(_key(row), []).append(row)

    def letter(self, row: Row) -> str | None:
        """The letter for a figure that is there, hidden or missing; None for one that is not to be there."""
        if STATES[str(row["tilstand"])] in (ValueState.NOT_DUE, ValueState.NOT_MEASURED):
            return None
        return self.letters.setdefault(self._text(row), _letter(len(self.letters)))

    def files(self, row: Row) -> list[Row]:
        return self._files.get(_key(row), [])

    def all(self) -> tuple[Note, ...]:
        return tuple(Note(letter, text) for text, letter in self.letters.items())

    def _text(self, row: Row) -> str:
        by_source: dict[str, list[str]] = {}
        for file in self.files(row):
            self.used.add(str(file["kilde"]))
            by_source.setdefault(str(file["kilde"]), []).append(f"{file['fil']} (leveret {date_da(file['leveret'])})")
        told = [f"{source}: {', '.join(dict.fromkeys(files))}" for source, files in by_source.items()]
        if STATES[str(row["tilstand"])] is ValueState.MISSING:
            return f"{'; '.join(told) or 'Intet leveret'}. Tallet mangler."
        return f"{'; '.join(told) or 'Ingen fil'}. Tallet er {_said(row)}."


def cell(row: Row, notes: Notes) -> Cell:
    """The figure of a row of tabel_1 to tabel_4."""
    value, state = value_of(row), STATES[str(row["tilstand"])]
    details = []
    if value is not None and row.get("nedre_graense_pct") is not None:
        details.append(f"{number_da(row['nedre_graense_pct'], 1)}–{number_da(row['oevre_graense_pct'], 1)}")
    if value is not None and row.get("antal_svar") is not None:
        details.append(f"{number_da(row['antal_svar'])} svar")
    if state is ValueState.INCOMPLETE and value is not None:
        details.append("kun en del er leveret")
    return Cell(
        text=number(value, row["enhed"]) if value is not None else SHORT.get(state, str(row["tilstand"])),
        value=value,
        state=str(row["tilstand"]),
        note=notes.letter(row),
        detail=", ".join(details) or None,
        is_partial=bool(row.get("del_af_aar")),
    )


def plain_cell(value: float | None, state: object, unit: object) -> Cell:
    """A figure of another report or year, which has no footnote here."""
    code = STATES[str(state)]
    text = number(value, unit) if value is not None else SHORT.get(code, str(state))
    return Cell(text=text, value=value, state=str(state))


def _said(row: Row) -> str:
    """The state as the end of a sentence."""
    state = STATES[str(row["tilstand"])]
    if state is ValueState.INCOMPLETE:
        return "ufuldstændigt: leverancerne dækker kun en del af perioden"
    return "opgjort for den del af året, der ligger i aftalen" if row.get("del_af_aar") else str(row["tilstand"])


def _key(row: Row) -> tuple:
    return tuple(row[name] for name in FIGURE)


def _letter(place: int) -> str:
    """a … z, aa, ab, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
