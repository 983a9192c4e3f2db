"""What a column of an unknown file may hold, and the most careful treatment that this allows.

A column is public only where its values are of a closed kind: days, numbers, yes and no, areas, ids of records, and
codes that name no person. All else is dropped until somebody has looked at it.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agreements.areas import normalise
from ingest.columns import Column
from ingest.patterns import kind_of, kind_of_number
from ingest.values import area_parser, number_parser, parse_date

MOSTLY, NEARLY_ALL = 0.8, 0.95
MOST_CODES, LONGEST_CODE, LEAST_OF_A_CODE = 12, 40, 3
LONG_TEXT = 60
YEARS_OF_BIRTHS = 15
"""Days that lie further apart are births rather than the days of records."""

PERSONS = "borger|beboer|deltager|person|klient|respondent"
BY_HEADING = (
    ("pseudonymise", "an id of persons", rf"cpr|personnummer|person ?nr|({PERSONS})s?[ -]?(id|nr)"),
    ("free_text", "what somebody typed", r"not(at|e)|bemærk|kommentar|fritekst|beskriv|uddyb|begrund|\bevt\b|comment"),
    ("drop", "a birth date", r"fødsel|født|birth"),
    (
        "drop",
        "names or initials of persons",
        rf"navn|name|{PERSONS}|initial|vejleder|medarbejder|behandler|rådgiver|kontakt|forælder|\b(mor|far)\b",
    ),
    ("drop", "where a person is reached", r"mail|telefon|tlf|mobil|phone|adresse|address|\bvej\b|gade|postnr"),
)
CODES_BY_HEADING = re.compile(
    r"tema|emne|type|kategori|status|køn|sprog|svar|spørgsmål|gruppe|form|indsats|tillid|tryg|fælles|grad|region|kommune"
)
COUNT = re.compile(r"\bantal\b|count")
RECORD_ID = re.compile(r"\bid\b|nr\b|nummer|number|\bno\b|løbe")
NAME = re.compile(r"[^\W\d_a-zæøå][\w.'-]*(?: [^\W\d_a-zæøå][\w.'-]*)+")
INITIALS = re.compile(r"[^\W\d_]{2,4}")
WORDS_OF = {"true": Column(treatment="public").true_values, "false": Column(treatment="public").false_values}


@dataclass(frozen=True)
class Proposal:
    """One column: what may happen to it, what it holds, the words that say so in YAML, and why."""

    treatment: str
    why: str
    type: str = "text"
    said: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        return self.treatment in ("public", "pseudonymise")


def propose(heading: str, values: Sequence[str], areas: Mapping[str, str]) -> Proposal:
    """For the non-blank cells of a column. `areas` are the names under which housing areas are known."""
    return (
        _by_personal_values(values)
        or _by_heading(heading, values)
        or _by_closed_kind(values, areas)
        or _by_form(values)
        or _record_id(heading, values)
        or _codes(heading, values)
        or Proposal("drop", "text of any kind, which may name persons. Make it «public» if it never does")
    )


def _by_personal_values(values: Sequence[str]) -> Proposal | None:
    if not values:
        return Proposal("drop", "nothing stands in it here. Decide when it is filled")
    kinds = Counter(kind_of(value) or _kind_of_number(value) for value in values)
    if _is_mostly(kinds["cpr"], values):
        return Proposal("pseudonymise", "values look like CPR numbers")
    if kinds["email"] + kinds["phone"] >= MOSTLY * len(values):
        return Proposal("drop", "values look like e-mail addresses or telephone numbers")
    if sum(kinds.values()) > kinds[None]:
        return Proposal("free_text", "some values hold what looks like personal data")
    return None


def _by_heading(heading: str, values: Sequence[str]) -> Proposal | None:
    words = normalise(heading)
    if COUNT.search(words) and _is_mostly(sum(map(_known(number_parser(approximate=True)), values)), values):
        return Proposal("public", "numbers, by its heading counted ones", "number", {"approximate": True})
    for treatment, what, pattern in BY_HEADING:
        if re.search(pattern, words):
            is_date = treatment == "drop" and _is_mostly(sum(map(_known(parse_date), values)), values)
            return Proposal(treatment, f"its heading speaks of {what}", "date" if is_date else "text")
    return None


def _by_closed_kind(values: Sequence[str], areas: Mapping[str, str]) -> Proposal | None:
    if set(map(normalise, values)) <= {*WORDS_OF["true"], *WORDS_OF["false"]} and not all(map(str.isdecimal, values)):
        is_cross = set(map(normalise, values)) <= set(WORDS_OF["true"])
        said = {"blank_means": False} if is_cross else {}
        return Proposal("public", "yes and no" + (", blank for no" if is_cross else ""), "boolean", said)
    if _is_mostly(sum(map(_known(parse_date), values)), values, NEARLY_ALL):
        years = {day.year for value in values if (day := parse_date(value))}
        if max(years) - min(years) > YEARS_OF_BIRTHS:
            return Proposal("drop", "its days lie as far apart as births do", "date")
        return Proposal("public", "days", "date")
    one, several = (sum(map(_known(area_parser(dict(areas), several=many)), values)) for many in (False, True))
    if not _is_mostly(several, values):
        return None
    if several > one:
        return Proposal("public", "names of housing areas, several in one cell", "areas")
    return Proposal("public", "names of housing areas", "area")


def _by_form(values: Sequence[str]) -> Proposal | None:
    if _is_mostly(sum(NAME.fullmatch(value) is not None for value in values), values):
        return Proposal("drop", "values look like names of persons")
    if max(map(len, values)) > LONG_TEXT or any("\n" in value for value in values):
        return Proposal("free_text", "long texts")
    if _is_mostly(sum(INITIALS.fullmatch(value) is not None for value in values), values):
        return Proposal("drop", "values look like initials")
    return None


def _record_id(heading: str, values: Sequence[str]) -> Proposal | None:
    is_id = RECORD_ID.search(normalise(heading)) and _is_mostly(len(set(values)), values, NEARLY_ALL)
    if is_id and all(any(map(str.isdigit, value)) and " " not in value for value in values):
        return Proposal("public", "an id that tells records apart; none of persons, by its heading", said={"key": True})
    if _is_mostly(sum(map(_known(number_parser()), values)), values, NEARLY_ALL):
        return Proposal("public", "numbers", "number")
    return None


def _codes(heading: str, values: Sequence[str]) -> Proposal | None:
    """Few short texts, each of several rows. Words with capitals may be a name, unless the heading says else."""
    found = Counter(values)
    few = len(found) <= MOST_CODES and max(map(len, found)) <= LONGEST_CODE and min(found.values()) >= LEAST_OF_A_CODE
    is_closed = CODES_BY_HEADING.search(normalise(heading)) is not None
    if not few or (any(map(_may_be_a_name, found)) and not is_closed):
        return None
    if any(NAME.fullmatch(code) for code in found) or len(set(map(normalise, found))) < len(found):
        return None
    return Proposal("public", "few different texts", "code", {"codes": sorted(found)})


def _may_be_a_name(text: str) -> bool:
    return all(word[:1].isupper() for word in text.split())


def _kind_of_number(value: str) -> str | None:
    number = number_parser()(value)
    return number and kind_of_number(number)


def _is_mostly(count: int, values: Sequence[str], share: float = MOSTLY) -> bool:
    return count >= share * len(values)


def _known(parse: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda value: parse(value) is not None
