"""What may be shown of a build: the only thing that marts, quality and curated are made from."""

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from publish.disclosure.hushing import hush_flags, hush_sources, without_untold
from publish.disclosure.whole_build import all_figures, control_build
from publish.lineage import with_row_numbers

WORDS = (
    "agreement.agreement",
    "agreement.indicator",
    "agreement.area",
    "agreement.comment",
    "agreement.decision",
    "ledger.source",
    "ledger.question",
    "journal.edition",
    "journal.edition_figure",
)
"""Tables that are published beside the figures, unchanged: names, definitions, what the board said and was shown."""


@dataclass(frozen=True)
class Disclosed:
    """`frames`: the disclosure-controlled tables by name; `words`: what is published as it is."""

    frames: dict[str, pa.Table]
    words: dict[str, pa.Table]


ORIGINS = {
    "figure": "confidential.indicator_figure",
    "flag": "quality.flag",
    "figure_source": "confidential.figure_source_full",
    "figure_comparison": "confidential.figure_comparison_full",
    "peer_figure": "confidential.peer_figure_full",
}
"""Where each disclosed table comes from."""


def disclose(connection: duckdb.DuckDBPyConnection) -> Disclosed:
    """Read a checked build and take away what would tell of somebody."""
    controlled = control_build(connection)
    full = {
        name: connection.sql(f"from {table}").to_arrow_table() for name, table in ORIGINS.items() if name != "figure"
    }
    return Disclosed(
        frames={
            "figure": all_figures(connection, controlled),
            "flag": pa.Table.from_pandas(hush_flags(full["flag"].to_pandas(), controlled), preserve_index=False),
            "figure_source": with_row_numbers(hush_sources(full["figure_source"], controlled), connection),
            "figure_comparison": without_untold(full["figure_comparison"], controlled),
            "peer_figure": full["peer_figure"],
        },
        words={name: connection.sql(f"from {name}").to_arrow_table() for name in WORDS},
    )


def disclose_flags(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The flags of a checked build as `disclose` has them, for those who read them where nothing is published."""
    return hush_flags(connection.sql(f"from {ORIGINS['flag']}").df(), control_build(connection))
