"""Every fact of a delaftale as one line of Danish text, so that two texts can be compared field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.areas import AreaList
from agreements.measures import Condition
from agreements.model import Agreement, StaffShare
from agreements.yaml_files import Strict
from vocabulary.wording import date_da, number_da

LABELS = {
    "activities": "Aktivitet",
    "all_areas": "samlet tal fra",
    "also_published": "Offentliggøres også",
    "amount": "lægges sammen",
    "answer": "spørgsmål",
    "area": "område",
    "areas": "Områder",
    "baseline": "Baseline",
    "basis": "grundlag",
    "better": "Bedre er",
    "cadence": "hyppighed",
    "calendar": "Opgøres",
    "conditions": "betingelser",
    "contributors": "bidragydere",
    "data_source": "Datakilde",
    "dataset": "datasæt",
    "decided_by": "besluttes af",
    "definition_da": "Definition",
    "definition_version": "Definitionens version",
    "denominator": "nævner",
    "due_by": "senest",
    "due_days_after_period": "dage efter perioden",
    "expected_update": "Forventet opdatering",
    "first_year": "første år",
    "goal": "Delmål",
    "goal_id": "id",
    "goals": "Delmål",
    "hits": "svar, der tæller",
    "indicator_id": "id",
    "instrument": "skema",
    "intervention_area": "Indsatsområde",
    "is_activity_close": "Aktivitetsnær",
    "is_example": "Eksempel",
    "kind": "art",
    "last_year": "sidste år",
    "municipal_context": "Sammenhæng med den kommunale indsats",
    "n": "antal svar",
    "name": "Navn",
    "non_responses": "svar, der ikke tæller med",
    "not_measured": "Opgøres ikke",
    "note": "note",
    "numerator": "tæller",
    "of_total_capacity": "af samlet kapacitet",
    "pacing": "fordeling over året",
    "parent_agreement": "Bilag til",
    "parties": "Part",
    "per": "pr.",
    "position": "stilling",
    "programme": "Boligsocial indsats",
    "proposed_by": "indstilles af",
    "purpose": "formål",
    "quote": "ordlyd",
    "reading": "læses som",
    "recorded_in": "indføres i",
    "requested_by": "rekvireres af",
    "responsible": "ansvar",
    "revision": "Revision",
    "share_pct": "procent",
    "source": "kilde",
    "staff": "Medarbejderressource",
    "target": "Mål",
    "target_group": "målgruppe",
    "title": "Titel",
    "type": "type",
    "unit": "Enhed",
    "urgent": "hastesager",
    "value": "værdi",
    "waves": "runde",
    "measure": "Opgørelse",
    "year": "år",
    "year_kind": "slags år",
    "year_kinds": "slags år",
    "yearly_rule": "Årlige opgørelser",
}
"""Field -> what a Danish reader sees."""

WORDS = {
    "per_year": "pr. år",
    "cumulative": "samlet for hele perioden",
    "agreement": "aftaleår",
    "calendar": "kalenderår",
    "linear": "jævnt",
    "none": "ingen",
    "higher": "højere",
    "lower": "lavere",
    "yearly": "årligt",
    "waves": "i undersøgelsens runder",
    "as_delivered": "når der leveres",
}
"""Closed words of the models -> what a Danish reader sees."""

KEYS = {"goals": "goal_id", "activities": "name", "parties": "name", "staff": "position", "waves": "year"}
"""What tells the members of a list apart; other lists are one fact."""

FIXED = frozenset({"agreement_id", "valid_from", "valid_to", "indicators"})

Path = tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One fact: what it is about (an indicator's name, or the agreement), which field, and what it says."""

    subject: str
    label: str
    text: str


def outline(agreement: Agreement, areas: AreaList) -> dict[Path, Fact]:
    """Every fact by its path, in the order of the models: `("indicators", id, "target", "value")`."""
    facts: dict[Path, Fact] = {}
    for key in Agreement.model_fields:
        if key not in FIXED:
            for path, text in _texts(getattr(agreement, key), (key,), areas):
                facts[path] = Fact("Delaftalen", _label(path), text)
    goals = {goal.goal_id: goal.name for goal in agreement.goals}
    for indicator in agreement.indicators:
        for path, text in _texts(indicator, ("indicators", indicator.indicator_id), areas):
            said = goals.get(text, "Rammetal") if path[2:] == ("goal",) else text
            facts[path] = Fact(indicator.name, _label(path[2:]), said)
    return facts


def share_da(share: StaffShare) -> str:
    """`25 %`, or `40 % af samlet kapacitet`."""
    return f"{number_da(share.share_pct)} %{' af samlet kapacitet' if share.of_total_capacity else ''}"


def _texts(value: Any, path: Path, areas: AreaList) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Strict):
        for key in type(value).model_fields:
            yield from _texts(getattr(value, key), (*path, key), areas)
    elif isinstance(value, tuple) and path[-1] in KEYS:
        for member in value:
            identity = KEYS[path[-1]]
            name = str(getattr(member, identity))
            said = [text for key, text in _texts(member, (), areas) if key != (identity,) and text != "–"]
            yield (*path, name), share_da(member) if isinstance(member, StaffShare) else "; ".join(said) or name
    elif isinstance(value, tuple):
        yield path, ", ".join(_text(member, path[-1], areas) for member in value) or "–"
    else:
        yield path, _text(value, path[-1], areas)


def _text(value: Any, key: str, areas: AreaList) -> str:  # noqa: PLR0911 - one line per kind of value
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, date):
        return date_da(value)
    if isinstance(value, float):
        decimals = len(f"{value:f}".rstrip("0").partition(".")[2])
        return number_da(value, decimals)
    if isinstance(value, Condition):
        said = value.value or ", ".join(value.values)
        return " ".join(part for part in (value.attribute, value.operator, said) if part)
    if isinstance(value, Strict):
        return " ".join(text for _, text in _texts(value, (), areas) if text != "–")
    if key in ("area", "areas") and value in areas.by_id:
        return areas.by_id[value].name
    return WORDS.get(str(value), str(value)) if key in WORDED else str(value)


WORDED = frozenset({"basis", "year_kind", "year_kinds", "pacing", "better", "cadence"})
"""The fields whose values are closed words."""


def _label(path: Path) -> str:
    """`Mål, værdi`; a member of a list is named: `Medarbejderressource «Beboervejledere»`."""
    if not path:
        return ""
    if len(path) > 1 and path[-2] in KEYS:
        return ", ".join(LABELS[key] for key in path[:-1]) + f" «{path[-1]}»"
    return ", ".join(LABELS[key] for key in path)
