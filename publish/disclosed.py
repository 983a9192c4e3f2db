"""What may be shown of a build: the only thing that marts, quality and curated are made from."""

from dataclasses import dataclass

import duckdb
import pandas as pd

from publish.disclosure import GRAIN, hush_flags, hush_sources, suppress, without_suppressed
from publish.lineage import with_row_numbers
from vocabulary.states import ValueState

HIDDEN_BEFORE = f"select distinct {', '.join(GRAIN)} from journal.shown where value_state = ?"

WORDS = ("agreement.agreement", "agreement.indicator", "agreement.area", "ledger.source", "ledger.question")
"""Tables of names and definitions that are published beside the figures, unchanged."""


@dataclass(frozen=True)
class Disclosed:
    """`frames`: the disclosure-controlled tables by name; `words`: what is published as it is."""

    frames: dict[str, pd.DataFrame]
    words: dict[str, pd.DataFrame]


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
    full = {name: connection.sql(f"from {table}").df() for name, table in ORIGINS.items()}
    before = _hidden_before(connection)
    shown = suppress(full["figure"], before)
    sources = with_row_numbers(hush_sources(full["figure_source"], shown), connection)
    return Disclosed(
        frames={
            "figure": shown,
            "flag": hush_flags(full["flag"], shown, before),
            "figure_source": sources,
            "figure_comparison": without_suppressed(full["figure_comparison"], shown),
            "peer_figure": full["peer_figure"],
        },
        words={name: connection.sql(f"from {name}").df() for name in WORDS},
    )


def disclose_flags(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The flags of a checked build as `disclose` has them, for those who read them where nothing is published."""
    before = _hidden_before(connection)
    shown = suppress(connection.sql(f"from {ORIGINS['figure']}").df(), before)
    return hush_flags(connection.sql(f"from {ORIGINS['flag']}").df(), shown, before)


def _hidden_before(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute(HIDDEN_BEFORE, [ValueState.SUPPRESSED.value]).df()
