"""What stands behind a published figure, from the publication alone: nothing here was not published."""

from dataclasses import dataclass
from datetime import date, datetime

from vocabulary.errors import FigureAmbiguous, FigureNotFound
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import in_force


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
    definition_version: str
    definition_da: str
    quote: str | None
    files: list[tuple[date, str, int | None]]
    history: list[tuple[datetime, float | None, str, str]]
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
            "figure.ci_low, figure.ci_high, figure.n, figure.definition_version, indicator.definition_da, "
            "indicator.quote, figure.agreement_id, figure.year_kind, figure.year "
            "from marts.indicator_by_area_year as figure "
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
            f"select delivered_on, file_name, rows_count from marts.figure_source {where} order by all", key
        ).fetchall()
        history = connection.execute(
            "select published_at, value, value_state, valid_from_publication "
            f"from marts.figure_history {where} order by published_at",
            key,
        ).fetchall()
        flags = connection.execute(f"select severity, message from quality.flag {where} order by all", key).fetchall()
    return Explanation(*facts, files=files, history=history, flags=flags)
