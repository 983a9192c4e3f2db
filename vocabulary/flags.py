"""The closed catalogue of flags: codes, and what flag_catalogue.yaml says of each."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vocabulary.states import Severity
from vocabulary.yaml_loader import read_yaml


class FlagCode(StrEnum):
    """Every finding that quality.flag can hold."""

    MISSING_FIGURE = "missing_figure"
    INCOMPLETE_PERIOD = "incomplete_period"
    OVERDUE_UPDATE = "overdue_update"
    MONTH_GAP = "month_gap"
    LATE_DELIVERY = "late_delivery"
    CONTROL_TOTAL_MISMATCH = "control_total_mismatch"
    AREA_SUM_MISMATCH = "area_sum_mismatch"
    SOURCE_DISAGREEMENT = "source_disagreement"
    BASELINE_MISMATCH = "baseline_mismatch"
    JUMP = "jump"
    SERIES_BREAK = "series_break"
    RESTATED = "restated"
    SMALL_BASE = "small_base"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    UNKNOWN_AREA_ROWS = "unknown_area_rows"
    OUTSIDE_PERIOD_ROWS = "outside_period_rows"
    QUARANTINED_ROWS = "quarantined_rows"
    ZERO_SUSPECTED = "zero_suspected"
    MORE_PARTICIPANTS_THAN_RESIDENTS = "more_participants_than_residents"
    SHARE_OUT_OF_RANGE = "share_out_of_range"
    SCHEMA_DRIFT = "schema_drift"
    UNREADABLE_FILE = "unreadable_file"
    PERSONAL_DATA_FOUND = "personal_data_found"
    CORRECTION_EXPIRED = "correction_expired"
    ACKNOWLEDGEMENT_EXPIRED = "acknowledgement_expired"


FLAG_PLACE = ("agreement_id", "indicator_id", "area_id", "year_kind", "year", "source_id", "file_name", "detail")
"""Where a finding stands: columns of quality.flag, null where they say nothing of it."""

FLAG_KEY = ("flag_code", *FLAG_PLACE)
"""What tells one finding from another, from night to night."""


class FixedBy(StrEnum):
    """Who can put a finding right."""

    DATA_TEAM = "data_team"
    PARTNER = "partner"
    HEAD = "head"


FIXED_BY_DA = {
    FixedBy.DATA_TEAM: "dataholdet",
    FixedBy.PARTNER: "den, der leverer kilden",
    FixedBy.HEAD: "chefen for helhedsplanen",
}


@dataclass(frozen=True)
class FlagText:
    """One entry of the catalogue.

    `message_da` is a `str.format` template over the columns of the failing row; `example` has values for each of them.
    """

    severity: Severity
    title_da: str
    message_da: str
    example: dict[str, object]
    description: str
    rule: str
    fixed_by: FixedBy
    remedy: str
    remedy_da: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))
        object.__setattr__(self, "fixed_by", FixedBy(self.fixed_by))


def _read_catalogue() -> dict[FlagCode, FlagText]:
    entries = read_yaml(Path(__file__).with_name("flag_catalogue.yaml").read_text(encoding="utf-8"))
    catalogue = {FlagCode(code): FlagText(**entry) for code, entry in entries.items()}
    unwritten = set(FlagCode) - set(catalogue)
    if unwritten:
        raise ValueError(f"flag_catalogue.yaml lacks {', '.join(sorted(unwritten))}")
    return catalogue


CATALOGUE: dict[FlagCode, FlagText] = _read_catalogue()
"""Every code with its texts. tests/expectations holds this against the suites, both ways."""

FLAG_LABELS_DA: dict[str, dict[StrEnum, str]] = {
    "flag_title": {code: text.title_da for code, text in CATALOGUE.items()},
    "flag_remedy": {code: text.remedy_da for code, text in CATALOGUE.items()},
    "flag_fixed_by": {code: text.fixed_by.value for code, text in CATALOGUE.items()},
    "fixed_by": dict(FIXED_BY_DA),
}
"""What a Danish reader is told of a flag beside its message; disclosed.label carries it into dbt."""
