"""What stands behind a published figure, from the publication alone: nothing here was not published."""

from dataclasses import dataclass
from datetime import date, datetime

from vocabulary.errors import FigureAmbiguous, FigureNotFound
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force


@dataclass(frozen=True)
class SourceFile:
    """A delivered file that stands for the figure's year; rows are null where they may not be told."""

    delivered_on: date
    file_name: str
    rows_count: int | None
    row_numbers: str | None
    first_row_number: int | None
    last_row_number: int | None
    superseded_on: date | None
    rows_quarantined: int
    quarantine_reasons: str | None


@dataclass(frozen=True)
class Version:
    """The figure as it was shown from a publication on."""

    published_at: datetime
    value: float | None
    value_state: str
    target_value: float | None
    definition_version: str
    publication_id: str


@dataclass(frozen=True)
class Explanation:
    indicator_name: str
    area_name: str
    year_label: str
    value: float | None
    value_state: str
    ci_low: float | None
    ci_high: float | None
    n: int | None
    unit: str
    numerator: float | None
    denominator: float | None
    denominator_year: int | None
    target_value: float | None
    target_status: str
    cumulative_value: float | None
    baseline_value: float | None
    baseline_trend: str
    agreement_version: int
    definition_version: str
    definition_da: str
    quote: str | None
    target_reading: str | None
    files: list[SourceFile]
    history: list[Version]
    flags: list[tuple[str, str]]


def explain_figure(
    settings: Settings, indicator: str, area: str, year: str, agreement: str | None = None
) -> Explanation:
    """The figure of the publication in force; `year` is its label (2022, 2021/22).

    Raises NothingPublished, FigureNotFound with the names that exist, and FigureAmbiguous where several agreements have
    the figure and none is named.
    """
    with reading(in_force(Paths.of(settings)) / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select indicator.indicator_name, area.area_name, figure.year_label, figure.value, figure.value_state, "
            "figure.ci_low, figure.ci_high, figure.n, figure.unit, figure.numerator, figure.denominator, "
            "fact.denominator_year, figure.target_value, figure.target_status, fact.cumulative_value, "
            "figure.baseline_value, figure.baseline_trend, fact.agreement_version, figure.definition_version, "
            "indicator.definition_da, indicator.quote, indicator.target_reading, figure.agreement_id, "
            "figure.year_kind, figure.year "
            "from marts.indicator_by_area_year as figure "
            "inner join marts.fct_figure as fact using (agreement_id, indicator_id, area_id, year_kind, year) "
            "inner join marts.dim_indicator as indicator using (agreement_id, indicator_id) "
            "inner join marts.dim_area as area using (area_id) "
            "where figure.indicator_id = ? and figure.area_id = ? and figure.year_label = ? "
            "and (?::varchar is null or figure.agreement_id = ?) order by figure.agreement_id",
            [indicator, area, year, agreement, agreement],
        ).fetchall()
        if not rows:
            names = {
                column: ", ".join(
                    name
                    for (name,) in connection.execute(
                        f"select distinct {column} from marts.indicator_by_area_year order by 1"
                    ).fetchall()
                )
                for column in ("indicator_id", "area_id")
            }
            raise FigureNotFound(
                indicator=indicator, area=area, year=year, indicators=names["indicator_id"], areas=names["area_id"]
            )
        if len(rows) > 1:
            raise FigureAmbiguous(
                indicator=indicator, area=area, year=year, agreements=", ".join(str(row[-3]) for row in rows)
            )
        *facts, agreement_id, year_kind, number = rows[0]
        key = [agreement_id, indicator, area, year_kind, number]
        where = "where agreement_id = ? and indicator_id = ? and area_id = ? and year_kind = ? and year = ?"
        files = connection.execute(
            "select delivered_on, file_name, rows_count, row_numbers, first_row_number, last_row_number, "
            "superseded_on, rows_quarantined, quarantine_reasons "
            f"from marts.figure_source {where} order by delivered_on, file_name",
            key,
        ).fetchall()
        history = connection.execute(
            "select published_at, value, value_state, target_value, definition_version, valid_from_publication "
            f"from marts.figure_history {where} order by published_at",
            key,
        ).fetchall()
        flags = connection.execute(f"select severity, message from quality.flag {where} order by all", key).fetchall()
    return Explanation(
        *facts, files=[SourceFile(*row) for row in files], history=[Version(*row) for row in history], flags=flags
    )
