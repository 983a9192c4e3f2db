"""Which rows of which file stand behind a figure that is shown: the path from the board's page to a delivered row."""

import duckdb
import pyarrow as pa

from publish.grain import GRAIN

ROWS_LISTED = 2000
"""Of a figure with more rows of a file than this only the first and the last row are published."""

KEY = [*GRAIN, "delivery_number"]


def with_row_numbers(sources: pa.Table, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The files behind figures (rows of `confidential.figure_source_full`) with `row_numbers` as text: `2-4, 9`.

    Of a workbook the sheet comes first: `2021: 2-4; 2022: 5`. Null where `rows_count` is null (not to be told), 0
    or above the limit, and for rates, whose rows are those of their numerator.
    """
    keys = ", ".join(KEY)
    connection.register("sources", sources)
    found = connection.execute(
        f"""
        with wanted as (
            select {keys} from sources where rows_count between 1 and {ROWS_LISTED}
        ),
        delivered as (
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
        ),
        listed as (
            select {keys}, string_agg(
                coalesce(sheet_name || ': ', '') || row_numbers, '; ' order by sheet_name
            ) as row_numbers
            from sheets group by {keys}
        )
        select sources.*, listed.row_numbers from sources left join listed using ({keys})
        """
    ).to_arrow_table()
    connection.unregister("sources")
    return found
