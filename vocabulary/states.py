"""The closed lists a figure is described with (docs/glossary.md gives the Danish terms)."""

from enum import StrEnum


class ValueState(StrEnum):
    """Why a figure has a value or has none; the first that holds, in this order."""

    NOT_MEASURED = "not_measured"
    NOT_DUE = "not_due"
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    OBSERVED = "observed"
    SUPPRESSED = "suppressed"


class YearKind(StrEnum):
    """Calendar year, or the agreement's own year (named by the year it starts in)."""

    CALENDAR = "calendar"
    AGREEMENT = "agreement"


class AreaLevel(StrEnum):
    """What an area_id stands for."""

    AREA = "area"
    ALL_AREAS = "all_areas"
    MUNICIPALITY = "municipality"


class Severity(StrEnum):
    """What a flag does to the publication, worst first."""

    BLOCKS = "blocks"
    WARNS = "warns"
    NOTES = "notes"


class FlagState(StrEnum):
    """Where a flag is in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class DeliveryStatus(StrEnum):
    """How the reading of a delivered file ended."""

    LOADED = "loaded"
    REFUSED = "refused"


ALL_AREAS_ID = "alle_omraader"
"""The area_id of «boligområder samlet set», computed from records and never by adding area figures."""


class TargetStatus(StrEnum):
    """How a figure stands to its target."""

    REACHED = "reached"
    MISSED = "missed"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NO_TARGET = "no_target"
    NOT_ASSESSABLE = "not_assessable"


class BaselineTrend(StrEnum):
    """How a figure stands to its baseline."""

    BETTER = "better"
    WORSE = "worse"
    NO_CLEAR_CHANGE = "no_clear_change"
    NO_BASELINE = "no_baseline"
    NOT_COMPARABLE = "not_comparable"


LABELS_DA: dict[str, dict[StrEnum, str]] = {
    "value_state": {
        ValueState.NOT_MEASURED: "opgøres ikke",
        ValueState.NOT_DUE: "ikke forventet endnu",
        ValueState.MISSING: "mangler",
        ValueState.INCOMPLETE: "ufuldstændig",
        ValueState.OBSERVED: "opgjort",
        ValueState.SUPPRESSED: "skjult af hensyn til fortrolighed",
    },
    "year_kind": {
        YearKind.CALENDAR: "kalenderår",
        YearKind.AGREEMENT: "aftaleår",
    },
    "severity": {
        Severity.BLOCKS: "spærrer",
        Severity.WARNS: "advarsel",
        Severity.NOTES: "bemærkning",
    },
    "flag_state": {
        FlagState.OPEN: "åbent",
        FlagState.ACKNOWLEDGED: "accepteret",
        FlagState.RESOLVED: "løst",
    },
    "target_status": {
        TargetStatus.REACHED: "nået",
        TargetStatus.MISSED: "ikke nået",
        TargetStatus.ON_TRACK: "på vej",
        TargetStatus.BEHIND: "bagefter",
        TargetStatus.NO_TARGET: "intet mål",
        TargetStatus.NOT_ASSESSABLE: "kan ikke vurderes",
    },
    "baseline_trend": {
        BaselineTrend.BETTER: "bedre end baseline",
        BaselineTrend.WORSE: "dårligere end baseline",
        BaselineTrend.NO_CLEAR_CHANGE: "ingen sikker ændring",
        BaselineTrend.NO_BASELINE: "ingen baseline",
        BaselineTrend.NOT_COMPARABLE: "kan ikke sammenlignes",
    },
}
"""What a Danish reader sees; disclosed.label carries it into dbt."""
