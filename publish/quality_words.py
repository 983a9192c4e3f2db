"""The Danish words and signs of the quality page."""

from vocabulary.states import Severity, ValueState
from vocabulary.wording import number_da

STATE_SIGNS = {
    ValueState.OBSERVED: "✓",
    ValueState.SUPPRESSED: "skjult",
    ValueState.INCOMPLETE: "delvis",
    ValueState.MISSING: "mangler",
    ValueState.NOT_DUE: "·",
    ValueState.NOT_MEASURED: "–",
}
"""What stands in a cell, so that nothing is told by colour alone; in the order of the legend."""

SEVERITY_SIGNS = {Severity.BLOCKS: "■", Severity.WARNS: "▲", Severity.NOTES: "●"}

COUNTED = {
    Severity.BLOCKS: ("fund, der spærrer", "fund, der spærrer"),
    Severity.WARNS: ("advarsel", "advarsler"),
    Severity.NOTES: ("bemærkning", "bemærkninger"),
}
"""One and several of each severity."""


def state_of_figures(states: dict[ValueState, int]) -> str:
    """How many of the figures that are due are there."""
    missing, incomplete = states.get(ValueState.MISSING, 0), states.get(ValueState.INCOMPLETE, 0)
    due = missing + incomplete + states.get(ValueState.OBSERVED, 0) + states.get(ValueState.SUPPRESSED, 0)
    told = []
    if missing:
        told.append(f"{number_da(missing)} af de {number_da(due)} tal, der skulle foreligge, mangler.")
    if incomplete:
        told.append(f"{number_da(incomplete)} af {number_da(due)} er kun delvist dækket af leverancer.")
    return " ".join(told) or f"Alle {number_da(due)} tal, der skulle foreligge, er der."


def state_of_flags(severities: dict[Severity, int]) -> str:
    """How many findings of each severity."""
    counts = [(severities.get(severity, 0), COUNTED[severity]) for severity in Severity]
    told = [f"{number_da(count)} {one if count == 1 else many}" for count, (one, many) in counts if count]
    return f"Kontrollen har fundet {' og '.join(told)}." if told else "Kontrollen har ikke fundet noget."
