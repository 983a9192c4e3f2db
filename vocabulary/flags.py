"""The closed catalogue of flags: severity, meaning in English, message in Danish.

A message is a `str.format` template over the columns of the failing fact row.
"""

from dataclasses import dataclass
from enum import StrEnum

from vocabulary.states import Severity


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


@dataclass(frozen=True)
class FlagText:
    """How one flag code is graded and worded."""

    severity: Severity
    meaning: str
    message_da: str


CATALOGUE: dict[FlagCode, FlagText] = {
    FlagCode.MISSING_FIGURE: FlagText(
        Severity.WARNS,
        "The agreement expects this figure, it was due, and nothing that gives it has been delivered.",
        "{indicator_name}, {area_name}, {year_label}: tallet mangler. Det skulle foreligge senest {due_on}.",
    ),
    FlagCode.INCOMPLETE_PERIOD: FlagText(
        Severity.WARNS,
        "The deliveries cover only a part of the period that the figure should cover by the as-of date.",
        "{indicator_name}, {area_name}, {year_label}: leverancerne dækker {covered_days} af {expected_days} dage.",
    ),
    FlagCode.CONTROL_TOTAL_MISMATCH: FlagText(
        Severity.WARNS,
        "The control total in the file's footer is not the number of rows read.",
        "{file_name}: filen siger {control_total} rækker i alt, men indeholder {rows_read}.",
    ),
    FlagCode.AREA_SUM_MISMATCH: FlagText(
        Severity.WARNS,
        "The figure for all areas together lies outside what the area figures allow.",
        "{indicator_name}, {year_label}: tallet for alle områder ({total}) ligger uden for områdernes tal "
        "({lower_bound} til {upper_bound}).",
    ),
    FlagCode.SHARE_OUT_OF_RANGE: FlagText(
        Severity.BLOCKS,
        "A share lies outside 0-100 per cent.",
        "{indicator_name}, {area_name}, {year_label}: andelen er {value} procent.",
    ),
    FlagCode.RESTATED: FlagText(
        Severity.WARNS,
        "A closed year's figure differs from what an earlier publication showed.",
        "{indicator_name}, {area_name}, {year_label}: tallet er ændret fra {old_value} ({old_publication}) "
        "til {new_value}. Årsag: {cause_da}.",
    ),
    FlagCode.SOURCE_DISAGREEMENT: FlagText(
        Severity.WARNS,
        "The figure and what somebody else publishes for it differ by more than rounding and uncertainty allow.",
        "{indicator_name}, {area_name}, {year_label}: beregnet {value}, men {published_source_id} har "
        "{published_value}.",
    ),
    FlagCode.CORRECTION_EXPIRED: FlagText(
        Severity.WARNS,
        "A correction finds nothing of what it expects: the source was put right, or says something else.",
        "Rettelsen {correction_id} rammer ingen rækker længere: kilden siger ikke mere, hvad rettelsen venter. "
        "Fjern den, eller ret den til.",
    ),
    FlagCode.SERIES_BREAK: FlagText(
        Severity.NOTES,
        "The figure was measured with another instrument than the one before it; the two do not compare.",
        "{indicator_name}, {area_name}, {year_label}: målt med et andet spørgeskema end før ({instrument}); "
        "kan ikke sammenlignes med tidligere år.",
    ),
    FlagCode.QUARANTINED_ROWS: FlagText(
        Severity.WARNS,
        "Rows of the file were refused; the ledger says how many and why.",
        "{file_name}: {rows_quarantined} af {rows_read} rækker kunne ikke bruges ({reasons}).",
    ),
    FlagCode.CONFLICTING_DUPLICATE: FlagText(
        Severity.WARNS,
        "Rows with one key but different content stand in the same file; the last of them counts.",
        "{file_name}: {rows_conflicting} rækker har samme nøgle som en senere række med andet indhold; "
        "den sidste gælder.",
    ),
    FlagCode.SCHEMA_DRIFT: FlagText(
        Severity.NOTES,
        "The file has columns or sheets that the source's descriptor does not know; they were not loaded.",
        "{file_name}: {unknown_count} kolonner eller ark er ukendte og blev ikke læst.",
    ),
    FlagCode.UNREADABLE_FILE: FlagText(
        Severity.WARNS,
        "A delivered file was refused as a whole.",
        "{file_name}: filen kunne ikke læses ({reason_code}).",
    ),
    FlagCode.PERSONAL_DATA_FOUND: FlagText(
        Severity.WARNS,
        "Cells of a column that should hold no personal data looked like a CPR number, an e-mail or a phone number.",
        "{file_name}: {values_redacted} felter lignede personoplysninger og blev fjernet.",
    ),
}
"""The codes that today's suites raise. tests/expectations holds this against the suites, both ways."""
