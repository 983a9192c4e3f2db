"""What disclosure control reads of a build beside its figures: parts of years, areas, and earlier publications."""

from dataclasses import dataclass

import duckdb
import pandas as pd

from publish.disclosure.limits import Limits
from publish.grain import FAMILY, GRAIN
from vocabulary.states import ValueState

KEY = ", ".join(GRAIN)

VERSION = [
    *("value", "numerator", "denominator", "n", "n_effective", "ci_low", "ci_high", "hits_count"),
    *("baseline_trend", "definition_version"),
]
"""What is shown again of a figure that waits."""

TOLD = f"""
    select
        {", ".join(f"shown.{name}" for name in GRAIN)},
        publication.published_order,
        shown.value_state as shown_state,
        shown.value as shown_value,
        -- a figure that waits shows an earlier value; one of nobody shows what it is
        shown.value is not distinct from truth.value as is_true,
        {", ".join(f"truth.{name}" for name in VERSION)},
        truth.contributors
    from journal.shown as shown
    inner join journal.publication as publication using (publication_id)
    inner join journal.figure as truth
        on shown.publication_id = truth.publication_id
        and {" and ".join(f"shown.{name} = truth.{name}" for name in GRAIN)}
    where truth.contributors is not null and truth.value is not null and truth.measure_kind <> 'rate'
"""

LAST_SHOWN = f"""
    select {KEY}, {", ".join(VERSION)} from ({TOLD})
    where is_true and shown_state <> $suppressed
    qualify row_number() over (partition by {KEY} order by published_order desc) = 1
"""

EVER_HIDDEN = f"select distinct {KEY} from journal.shown where value_state = $suppressed"

EVER_WAITED = f"select distinct {KEY} from ({TOLD}) where not is_true and shown_state <> $suppressed"

YEAR = [*FAMILY, "year_kind", "year"]
"""All areas of an indicator in one year."""

IN_YEARS = f"semi join touched using ({', '.join(YEAR)})"

LINKS = f"""
    select distinct {", ".join(YEAR)}, measure_id, stretch_start
    from confidential.disclosure_stretch semi join touched using ({", ".join(FAMILY)})
"""

EVER_SHARES = "select distinct agreement_id, indicator_id from journal.figure where hits_count is not null"

SMALL_PARTS = "from confidential.disclosure_stretch where contributors between 1 and ?"

AREAS = "select agreement_id, list(distinct area_id) from agreement.agreement_area group by agreement_id"


@dataclass(frozen=True)
class Past:
    """Tables by the grain of a figure. `last_shown`: the version that each figure was last shown with; `hidden` and
    `waited`: figures that were ever hidden, and that ever showed an earlier value.
    """

    last_shown: pd.DataFrame
    hidden: pd.DataFrame
    waited: pd.DataFrame


def read_past(connection: duckdb.DuckDBPyConnection, families: pd.DataFrame) -> Past:
    """Read the journal's tables: what was shown last of some families, what was ever hidden or waited of all."""
    suppressed = {"suppressed": ValueState.SUPPRESSED.value}
    last_shown = f"from ({LAST_SHOWN}) semi join families using ({', '.join(FAMILY)})"
    connection.register("families", families)
    found = Past(*(connection.execute(query, suppressed).df() for query in (last_shown, EVER_HIDDEN, EVER_WAITED)))
    connection.unregister("families")
    return found


def read_small_parts(connection: duckdb.DuckDBPyConnection, limits: Limits) -> pd.DataFrame:
    """The rows of confidential.disclosure_stretch with somebody behind them and fewer than may be shown."""
    return connection.execute(SMALL_PARTS, [limits.fewest_persons.value - 1]).df()


def read_areas(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """The housing areas of each agreement, those that its totals stand for."""
    return {agreement: frozenset(areas) for agreement, areas in connection.execute(AREAS).fetchall()}


@dataclass(frozen=True)
class FamilyTables:
    """`parts`: rows of confidential.disclosure_stretch; `publications`: every earlier publication of the families,
    in order, with shown state and value beside the true version.
    """

    parts: pd.DataFrame
    publications: pd.DataFrame


def read_families(connection: duckdb.DuckDBPyConnection, years: pd.DataFrame) -> FamilyTables:
    """What is needed of the years of families (columns YEAR) that something must be done in."""
    connection.register("touched", years[YEAR])
    parts = connection.sql(f"from confidential.disclosure_stretch {IN_YEARS}").df()
    publications = connection.sql(f"from ({TOLD}) {IN_YEARS} order by published_order").df()
    connection.unregister("touched")
    return FamilyTables(parts, publications)


def read_links(connection: duckdb.DuckDBPyConnection, families: pd.DataFrame) -> pd.DataFrame:
    """Which parts the years of some families have (YEAR, measure_id, stretch_start): years that share one are tied."""
    connection.register("touched", families[FAMILY])
    found = connection.sql(LINKS).df()
    connection.unregister("touched")
    return found


def read_share_families(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The families that an earlier publication held as shares."""
    return connection.sql(EVER_SHARES).df()
