"""What the quality page tells, read from marts and quality.flag of a publication: nothing here was not published."""

import duckdb

from publish.grain import GRAIN

Row = dict[str, object]
Facts = dict[str, list[Row]]

MOST_FIGURES = 5_000
"""Of more figures than this the page shows the series in which something is flagged or missing, the first of them."""

MOST_FLAGS = 2_000
"""Flags listed, the worst first."""

FIGURE_KEY = ", ".join(GRAIN)

ADDED_FLAG_COLUMNS = {
    "acknowledged_until": "date",
    "acknowledged_by": "varchar",
    "acknowledged_reason": "varchar",
}
"""Columns that older publications don't have."""

AGREEMENTS = "select agreement_id, titel, opgjort_pr from curated.tabel_0_aftale order by gaelder_fra, agreement_id"

STATES = "select value_state, count(*) as figures_count from marts.fct_figure group by value_state"

SEVERITIES = "select severity, count(*) as flags_count from quality.flag group by severity"

SHOWN_FIGURES = """
    create or replace temp table shown_figure as
    with
    figures as (
        select
            *,
            bool_or(flag_count > 0 or value_state in ('missing', 'incomplete')) over series as speaks,
            count(*) over () as figures_count
        from marts.indicator_by_area_year
        window series as (partition by agreement_id, indicator_id, area_id, year_kind)
    )
    select
        figures.*,
        row_number() over (
            order by
                agreement.gaelder_fra, figures.agreement_id, indicator.sort_order, area.sort_order,
                figures.year_kind desc, figures.year
        ) as place
    from figures
    inner join curated.tabel_0_aftale as agreement using (agreement_id)
    inner join marts.dim_indicator as indicator using (agreement_id, indicator_id)
    inner join marts.dim_area as area using (area_id)
    where figures.speaks or figures.figures_count <= ?
    qualify place <= ?
"""

FIGURES = f"""
    with
    flags as (
        select {FIGURE_KEY}, list(severity order by severity) as severities from quality.flag group by {FIGURE_KEY}
    )
    select
        {FIGURE_KEY}, figure.year_label, figure.year_key, figure.is_partial_year, figure.value, figure.unit,
        figure.value_state, figure.n, figure.ci_low, figure.ci_high, figure.publication_id,
        coalesce(flags.severities, []) as severities
    from shown_figure as figure
    left join flags using ({FIGURE_KEY})
    order by figure.place
"""

# the files of a suppressed figure are named; its earlier values are not told, whatever was published once
FILES = f"""
    select {FIGURE_KEY}, file.delivered_on, file.file_name, file.rows_count, file.superseded_on
    from marts.figure_source as file
    semi join shown_figure using ({FIGURE_KEY})
    order by file.delivered_on, file.file_name
"""

HISTORY = f"""
    select
        {FIGURE_KEY},
        cast(timezone('Europe/Copenhagen', history.published_at) as date) as published_on,
        case when figure.value_state <> 'suppressed' then history.value end as value,
        case when figure.value_state <> 'suppressed' then history.value_state else 'suppressed' end as value_state,
        history.definition_version
    from marts.figure_history as history
    inner join shown_figure as figure using ({FIGURE_KEY})
    order by history.published_at
"""

INDICATORS = """
    select agreement_id, indicator_id, indicator_name, definition_da, definition_version, quote, data_source
    from marts.dim_indicator order by agreement_id, sort_order
"""

AREAS = "select area_id, area_name from marts.dim_area order by sort_order"

SOURCES = """
    select source_id, source_name, owner, deliveries_count, last_delivered_on
    from marts.dim_source order by deliveries_count = 0, source_name
"""

SOURCE_FILES = """
    select distinct source_id, delivered_on, file_name, rows_quarantined, quarantine_reasons
    from marts.figure_source order by source_id, delivered_on, file_name
"""


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """The tables of the page by name, each in the page's order."""
    connection.execute(SHOWN_FIGURES, [MOST_FIGURES, MOST_FIGURES])
    queries = {
        "publication": "select any_value(publication_id) as publication_id from marts.fct_figure",
        "agreements": AGREEMENTS,
        "states": STATES,
        "figures": FIGURES,
        "files": FILES,
        "history": HISTORY,
        "indicators": INDICATORS,
        "areas": AREAS,
        "sources": SOURCES,
        "source_files": SOURCE_FILES,
        "severities": SEVERITIES,
        "flags": _flags_query(connection),
    }
    return {name: _rows(connection, query) for name, query in queries.items()}


def _flags_query(connection: duckdb.DuckDBPyConnection) -> str:
    present = {name for name, *_ in connection.execute("describe quality.flag").fetchall()}
    added = ", ".join(
        f"flag.{name}" if name in present else f"cast(null as {kind}) as {name}"
        for name, kind in ADDED_FLAG_COLUMNS.items()
    )
    return f"""
        select
            flag.flag_code, flag.severity, flag.agreement_id, flag.indicator_id, flag.area_id, flag.year_kind,
            flag.year, flag.source_id, flag.file_name, flag.message, flag.first_seen, {added},
            coalesce(source.source_name, flag.source_id) as source_name,
            coalesce(year.year_label, cast(flag.year as varchar)) as year_label
        from quality.flag as flag
        left join marts.dim_year as year using (year_kind, year)
        left join marts.dim_indicator as indicator using (agreement_id, indicator_id)
        left join marts.dim_area as area using (area_id)
        left join marts.dim_source as source on flag.source_id = source.source_id
        order by
            case flag.severity when 'blocks' then 1 when 'warns' then 2 else 3 end,
            flag.indicator_id is null, flag.flag_code, acknowledged_until is not null,
            indicator.sort_order, area.sort_order, flag.year_kind desc, flag.year,
            flag.source_id, flag.file_name, flag.detail, flag.message
        limit {MOST_FLAGS}
    """


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
