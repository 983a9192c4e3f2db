"""Are the figures of both sides the same, row by row?"""

from pathlib import Path

import duckdb

from warehouse.connections import literal

DIFFERENCES = """
with

built as (

    select indicator_id, area_id, year_kind, year, value, contributors, value_state
    from warehouse.confidential.indicator_figure

)

select
    count(*) as figures,
    count(*) filter (where built.value > 0) as figures_above_zero,
    count(*) filter (
        where built.value is distinct from figure.value
        or built.contributors is distinct from figure.contributors
        or built.value_state is distinct from 'observed'
    ) as differing,
    cast(any_value((built, figure)) filter (
        where built.value is distinct from figure.value
        or built.contributors is distinct from figure.contributors
        or built.value_state is distinct from 'observed'
    ) as varchar) as example
from built
full join handwritten.figure as figure
    on built.indicator_id = figure.indicator_id
    and built.area_id = figure.area_id
    and built.year_kind = figure.year_kind
    and built.year = figure.year
"""


class FiguresDiffer(Exception):
    """The two sides do not give the same figures, so their times must not be compared."""


def require_equal(built: Path, handwritten: Path) -> tuple[int, int]:
    """How many figures there are, and how many above zero. Raises FiguresDiffer unless every row agrees.

    Compared are value and contributors; a figure that only one side has differs, and so does one that the build does
    not call `observed`.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(built)} as warehouse (read_only)")
        connection.execute(f"attach {literal(handwritten)} as handwritten (read_only)")
        figures, above_zero, differing, example = connection.execute(DIFFERENCES).fetchone()
    if differing or not above_zero:
        raise FiguresDiffer(
            f"{differing:,} of {figures:,} figures differ ({above_zero:,} above zero). One of them, built and "
            f"handwritten: {example}"
        )
    return figures, above_zero
