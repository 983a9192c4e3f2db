"""Which rows of which file stand behind a figure that is shown: the path from the board's page to a delivered row."""

import duckdb
import pandas as pd

from publish.grain import GRAIN

ROWS_LISTED = 2000
"""Of a figure with more rows of a file than this only the first and the last row are published."""

KEY = [*GRAIN, "delivery_number"]


def with_row_numbers(sources: pd.DataFrame, connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The files behind figures (rows of `confidential.figure_source_full`) with `row_numbers` as text: `2-4, 9`.

    Of a workbook the sheet comes first: `2021: 2-4; 2022: 5`. Null where `rows_count` is null (not to be told), 0
    or above the limit, and for rates, whose rows are those of their numerator.
    """
    wanted = sources[sources["rows_count"].between(1, ROWS_LISTED).fillna(False)]
    keys = ", ".join(KEY)
    connection.register("wanted", wanted[KEY])
    found = connection.execute(
        f"""
        with delivered as (
            select distinct {keys}, sheet_name, row_number
            from confidential.figure_record semi join wanted using ({keys})
        ),
        islands as (
            select *, row_number - row_number() over (partition by {keys}, sheet_name order by row_number) as island
            from delivered
        ),
        ranges as (
            select {keys}, sheet_name, min(row_number) as first_row, max(row_number) as last_row
            from islands group by {keys}, sheet_name, island
        ),
        sheets as (
            select {keys}, sheet_name, string_agg(
                case when first_row = last_row then first_row::varchar else first_row || '-' || last_row end,
                ', ' order by first_row
            ) as row_numbers
            from ranges group by {keys}, sheet_name
        )
        select {keys}, string_agg(
            coalesce(sheet_name || ': ', '') || row_numbers, '; ' order by sheet_name
        ) as row_numbers
        from sheets group by {keys}
        """
    ).df()
    connection.unregister("wanted")
    return sources.merge(found, on=KEY, how="left")
