"""Disclosure control of a whole build: families that need none are shown as they are, and never become Python."""

from dataclasses import replace

import duckdb
import pandas as pd
import pyarrow as pa

from publish.disclosure.control import INNER_COLUMNS, Controlled, control, too_few
from publish.disclosure.limits import Limits, read_limits
from publish.disclosure.moves import LAST, waits
from publish.disclosure.tables import EVER_HIDDEN, LAST_SHOWN, read_small_parts
from publish.grain import FAMILY, GRAIN
from vocabulary.states import ValueState

FIGURES = "confidential.indicator_figure"
OF_FAMILY, OF_FIGURE = (f"using ({', '.join(names)})" for names in (FAMILY, GRAIN))

COUNTED = "contributors is not null and value is not null and numerator_id is null"
"""Figures that persons stand behind; the others are not due, not there, or rates of such figures."""

NUMBERS = f"""
    select figure.rowid as row, figure.figure_type::enum('flow', 'stock', 'share') as figure_type, figure.contributors,
        {", ".join(f"figure.{name}, last.{name} as {LAST}{name}" for name in ("value", "n", "hits_count"))}
    from {FIGURES} as figure left join ({LAST_SHOWN}) as last {OF_FIGURE}
    where {" and ".join(f"figure.{term}" for term in COUNTED.split(" and "))}
"""
"""What tells whether a figure is too small or waits, without a single text: a million rows are read at once."""

IN_NEED = f"""
    select distinct {", ".join(FAMILY)} from {FIGURES}
    where figure_type = 'share' or numerator_id is not null or rowid in (select row from marked)
    union select {", ".join(FAMILY)} from small_parts
    union select {", ".join(FAMILY)} from ({EVER_HIDDEN})
"""
"""Families that are gone through: shares and rates always, counts where something is small, waits or was hidden."""


def control_build(connection: duckdb.DuckDBPyConnection) -> Controlled:
    """Disclosure control of a checked build. `figures` are those of the families that were gone through."""
    connection.register("families", _families_in_need(connection, read_limits()))
    figures = connection.sql(f"from {FIGURES} semi join families {OF_FAMILY}").df()
    connection.unregister("families")
    key = ", ".join(GRAIN)
    return replace(
        control(figures, connection),
        personal=connection.sql(f"select {key} from {FIGURES} where {COUNTED}").to_arrow_table(),
        rates=connection.sql(
            f"select {key}, numerator_id from {FIGURES} where numerator_id is not null"
        ).to_arrow_table(),
    )


def all_figures(connection: duckdb.DuckDBPyConnection, controlled: Controlled) -> pa.Table:
    """Every figure of a build as it may be shown: those in `controlled`, and all others as they are."""
    types = {name: kind for name, kind, *_ in connection.execute(f"describe {FIGURES}").fetchall()}
    columns = [name for name in types if name not in INNER_COLUMNS]
    connection.register("controlled", controlled.figures)
    found = connection.sql(
        f"select {', '.join(columns)} from {FIGURES} anti join controlled {OF_FAMILY} union all "
        f"select {', '.join(f'{name}::{types[name]}' for name in columns)} from controlled"
    ).to_arrow_table()
    connection.unregister("controlled")
    return found


def _families_in_need(connection: duckdb.DuckDBPyConnection, limits: Limits) -> pd.DataFrame:
    suppressed = {"suppressed": ValueState.SUPPRESSED.value}
    numbers = connection.execute(NUMBERS, suppressed).df()
    is_marked = too_few(numbers, limits) | waits(numbers, limits)
    connection.register("marked", numbers.loc[is_marked, ["row"]])
    connection.register("small_parts", read_small_parts(connection, limits))
    found = connection.execute(IN_NEED, suppressed).df()
    for name in ("marked", "small_parts"):
        connection.unregister(name)
    return found
