"""What stands on the sheets of a year's workbook: columns, and rows read from marts and curated."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import duckdb

from publish.files.sheets import Absent, Cell, Column, Marked
from publish.files.words import IN_A_CELL, LEVELS, NO_FIGURE
from vocabulary.states import LABELS_DA, ValueState

HEADING = "indicator_name || case when contains(indicator_name, unit) then '' else ' (' || unit || ')' end"
"""What an indicator is called at the head of a column of the cross table."""

YEAR_FIGURES = """
    create or replace temp table year_figure as
    with
    agreements as (
        select agreement_id, titel, row_number() over (order by gaelder_fra, agreement_id) as place
        from curated.tabel_0_aftale
    ),
    decimals as (
        select indicator_key, max(case when value <> round(value) then 1 else 0 end) as decimals
        from marts.fct_figure group by all
    )
    select
        coalesce(agreements.titel, figure.agreement_id) as agreement, indicator.goal_name, indicator.indicator_name,
        area.area_name, area.area_level, figure.year_kind, year.year_label, figure.is_partial_year, figure.value,
        indicator.unit, figure.value_state, figure.ci_low, figure.ci_high, figure.n, figure.baseline_value,
        figure.baseline_year, figure.baseline_trend, figure.target_value, figure.cumulative_value, figure.target_status,
        figure.flag_count, figure.worst_severity, figure.definition_version, figure.indicator_key, figure.area_id,
        figure.year_key, coalesce(decimals.decimals, 0) as decimals, figure.year,
        row_number() over (
            order by agreements.place, figure.agreement_id, indicator.sort_order, figure.indicator_id, area.sort_order,
            figure.area_id, figure.year_kind, figure.year
        ) as place,
        row_number() over (
            order by agreements.place, figure.agreement_id, figure.year_kind, figure.year, area.sort_order,
            figure.area_id, indicator.sort_order, figure.indicator_id
        ) as cross_place
    from marts.fct_figure as figure
    inner join marts.dim_indicator as indicator using (indicator_key)
    inner join marts.dim_area as area using (area_id)
    inner join marts.dim_year as year using (year_key)
    left join agreements on figure.agreement_id = agreements.agreement_id
    left join decimals using (indicator_key)
"""

DATA = [
    Column("Delaftale", 58), Column("Delmål", 30), Column("Indikator", 44), Column("Område", 26),
    Column("Områdetype", 18), Column("Årstype", 12), Column("År", 10), Column("Del af år", 9), Column("Værdi", 12),
    Column("Enhed", 16), Column("Tilstand", 30), Column("Nedre grænse", 10), Column("Øvre grænse", 10),
    Column("Antal svar", 10), Column("Baseline", 10), Column("Baselineår", 10), Column("Udvikling", 22),
    Column("Mål", 10), Column("Nået i alt", 10), Column("Målstatus", 18), Column("Forbehold", 10),
    Column("Værste forbehold", 14), Column("Definition", 10), Column("indicator_key", 30), Column("area_id", 18),
    Column("year_key", 18),
]  # fmt: skip
"""The sheet Data, in the order of the columns of year_figure."""

FLAGS = [
    Column("Alvor", 14), Column("Forbehold", 30), Column("Vedrører", 44), Column("Hvad", 70, is_wrapped=True),
    Column("Hvem skal handle", 30), Column("Hvad skal gøres", 50, is_wrapped=True), Column("Først set", 12),
    Column("Accepteret til", 14), Column("Accepteret af", 24),
]  # fmt: skip

DEFINITIONS = [
    Column("Delaftale", 58), Column("Delmål", 30, is_wrapped=True), Column("Indikator", 40, is_wrapped=True),
    Column("Definition", 60, is_wrapped=True), Column("Delaftalens ord", 50, is_wrapped=True),
    Column("Datakilde", 40, is_wrapped=True), Column("Kilde leveres af", 34, is_wrapped=True), Column("Enhed", 16),
    Column("Version", 9), Column("Baseline i aftalen", 30, is_wrapped=True),
    Column("Mål i aftalen", 40, is_wrapped=True),
]  # fmt: skip

KEYS = [Column("Delaftale", 58), Column("Område", 26), Column("Årstype", 12), Column("År", 10)]
"""The first columns of the sheet Pivot; the indicators follow."""

CHUNK = 10_000
"""Rows read at a time."""


def prepare(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Put every figure with its names into the temporary table year_figure; the years, and the figures of each."""
    connection.execute(YEAR_FIGURES)
    return connection.execute("select year, count(*) from year_figure group by all order by all").fetchall()


def figures(connection: duckdb.DuckDBPyConnection, year: int) -> Iterator[list[Cell]]:
    """Rows of the sheet Data. A figure that is not there is an empty cell with its state in words, never 0."""
    level, kind, state = LEVELS, LABELS_DA["year_kind"], LABELS_DA["value_state"]
    trend, status, severity = LABELS_DA["baseline_trend"], LABELS_DA["target_status"], LABELS_DA["severity"]
    sql = "select * exclude (year, place, cross_place) from year_figure where year = ? order by place"
    for row in _rows(connection, sql, [year]):
        *cells, decimals = row
        cells[4], cells[5], cells[10] = level[cells[4]], kind[cells[5]], state[cells[10]]
        cells[16], cells[19], cells[21] = trend.get(cells[16]), status.get(cells[19]), severity.get(cells[21])
        for at in (8, 11, 12, 14, 17, 18):
            cells[at] = None if cells[at] is None else Marked(cells[at], decimals)
        yield cells


def indicators(connection: duckdb.DuckDBPyConnection, year: int) -> list[str]:
    """The indicators that have figures in a year, with their units, in the agreements' order."""
    sql = f"select {HEADING} from year_figure where year = ? group by all order by min(place)"
    return [name for (name,) in connection.execute(sql, [year]).fetchall()]


def cross_table(connection: duckdb.DuckDBPyConnection, year: int, headings: Sequence[str]) -> Iterator[list[Cell]]:
    """Rows of the sheet Pivot: a number or the word for why there is none, in the order of `headings`."""
    place = {heading: at for at, heading in enumerate(headings)}
    sql = f"""
        select agreement, area_name, year_kind, year_label, {HEADING}, value, value_state, is_partial_year, decimals
        from year_figure where year = ? order by cross_place
    """
    for key, group in groupby(_rows(connection, sql, [year]), key=lambda row: row[:4]):
        cells: list[Cell] = [Absent(NO_FIGURE)] * len(headings)
        for *_, heading, value, state, is_partial, decimals in group:
            if heading in place:
                cells[place[heading]] = _shown(value, ValueState(state), is_partial, decimals)
        agreement, area, kind, label = key
        yield [agreement, area, LABELS_DA["year_kind"][kind], label, *cells]


def flags(connection: duckdb.DuckDBPyConnection, year: int) -> Iterator[tuple]:
    """Rows of the sheet Forbehold: those of the year, and those that are of no year, with who must act.

    From the table that the board's report reads, so that both name the same one.
    """
    sql = """
        select
            alvor, overskrift, vedroerer, besked, ansvarlig, hvad_goeres, foerst_set, accepteret_til, accepteret_af
        from curated.tabel_5_forbehold
        where coalesce(year, ?) = ?
        order by raekkefoelge, flag_code, vedroerer, besked
    """
    return _rows(connection, sql, [year, year])


def definitions(connection: duckdb.DuckDBPyConnection, year: int) -> Iterator[tuple]:
    """Rows of the sheet Definitioner: each indicator that has a figure in the year."""
    sql = """
        select
            first(figure.agreement), indicator.goal_name, indicator.indicator_name, indicator.definition_da,
            indicator.quote, indicator.data_source, first(source.owner), indicator.unit, indicator.definition_version,
            indicator.baseline_quote, indicator.target_quote
        from marts.dim_indicator as indicator
        inner join year_figure as figure using (indicator_key)
        left join marts.dim_source as source using (source_id)
        where figure.year = ?
        group by all
        order by min(figure.place)
    """
    return _rows(connection, sql, [year])


def _shown(value: float | None, state: ValueState, is_partial: bool | None, decimals: int) -> Cell:
    if value is None:
        return Absent(IN_A_CELL[state])
    signs = ("*" if state == ValueState.INCOMPLETE else "") + ("‡" if is_partial else "")
    return Marked(value, decimals, signs)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> Iterator[tuple]:
    answer = connection.execute(sql, parameters)
    while chunk := answer.fetchmany(CHUNK):
        yield from chunk
