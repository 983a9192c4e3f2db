"""Publications one after the other without dbt: the tables of a build that disclosure control reads, in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from publish.disclosure.control import Controlled, control
from warehouse.connections import create_tables
from warehouse.journal_tables import TABLES

AREAS = ("a", "b", "c")
TOTAL = "alle_omraader"
KEY = {"agreement_id": "x", "indicator_id": "i", "year_kind": "calendar", "year": 2022}
FIGURE = {
    **KEY,
    "figure_type": "flow",
    "measure_kind": "count_records",
    "value_state": "observed",
    "value": None,
    "numerator": None,
    "denominator": None,
    "denominator_year": None,
    "numerator_id": None,
    "cumulative_value": None,
    "n": None,
    "n_effective": None,
    "ci_low": None,
    "ci_high": None,
    "hits_count": None,
    "contributors": None,
    "target_value": None,
    "target_needed": None,
    "target_status": "no_target",
    "better": "higher",
    "baseline_value": None,
    "baseline_trend": "no_baseline",
    "definition_version": "1",
    "is_closed": True,
}
NUMBERS = [
    *("value", "numerator", "denominator", "n", "n_effective", "ci_low", "ci_high", "hits_count", "contributors"),
    *("target_value", "target_needed", "baseline_value", "cumulative_value"),
]
PARTS = (
    "agreement_id varchar, indicator_id varchar, area_id varchar, year_kind varchar, year integer, measure_id integer, "
    "stretch_start date, stretch_end date, value double, contributors bigint"
)


def count(area: str, persons: int, **changed: object) -> dict:
    """A figure of `persons` records of as many persons."""
    row = {"area_id": area, "value": float(persons), "numerator": float(persons), "contributors": persons}
    return {**FIGURE, **row, **changed}


def share(area: str, n: int, hits: int, **changed: object) -> dict:
    """A share of `hits` of `n` answers, each with the weight 1."""
    row = {
        "figure_type": "share",
        "measure_kind": "weighted_share",
        "area_id": area,
        "value": 100 * hits / n,
        "numerator": float(hits),
        "denominator": float(n),
        "n": n,
        "n_effective": float(n),
        "hits_count": hits,
        "ci_low": 1.0,
        "ci_high": 99.0,
        "contributors": n,
    }
    return {**FIGURE, **row, **changed}


def table_of(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list({**FIGURE, "area_id": None}))
    return frame.astype(dict.fromkeys(NUMBERS, "float64"))


@dataclass
class Publications:
    """What was published so far; `publish` adds one that knows the earlier ones."""

    connection: duckdb.DuckDBPyConnection
    published: list[tuple[pd.DataFrame, pd.DataFrame]] = field(default_factory=list)

    def publish(self, rows: list[dict], parts: list[tuple] = ()) -> Controlled:
        """Control the figures, remember true and shown ones in the journal."""
        figures = table_of(rows)
        self.connection.execute("delete from confidential.disclosure_stretch")
        if parts:
            self.connection.executemany(
                f"insert into confidential.disclosure_stretch values ({', '.join('?' * 10)})", parts
            )
        controlled = control(figures, self.connection)
        number = len(self.published)
        name = f"p{number}"
        self.connection.execute(
            "insert into journal.publication values (?, ?, '2025-01-01', now(), 'build')", [number, name]
        )
        self._append("journal.figure", figures, name)
        self._append("journal.shown", controlled.figures, name)
        self.published.append((figures, controlled.figures))
        return controlled

    def _append(self, table: str, frame: pd.DataFrame, name: str) -> None:
        known = [row[0] for row in self.connection.execute(f"describe {table}").fetchall()]
        columns = [column for column in known if column in frame.columns]
        self.connection.register("frame", frame)
        self.connection.execute(
            f"insert into {table} (publication_id, {', '.join(columns)}) select ?, {', '.join(columns)} from frame",
            [name],
        )
        self.connection.unregister("frame")


def new_publications() -> Publications:
    connection = duckdb.connect()
    create_tables(
        connection,
        {
            **TABLES,
            "confidential.disclosure_stretch": PARTS,
            "agreement.agreement_area": "agreement_id varchar, area_id varchar",
        },
    )
    connection.executemany("insert into agreement.agreement_area values ('x', ?)", [[area] for area in AREAS])
    return Publications(connection)


@pytest.fixture
def publish() -> Iterator[Callable[..., Controlled]]:
    """publish(row, row, …): one more publication."""
    found = new_publications()
    yield lambda *rows, parts=(): found.publish(list(rows), parts)
    found.connection.close()


@pytest.fixture(scope="session")
def world() -> SimpleNamespace:
    """What tests build publications from."""
    return SimpleNamespace(count=count, share=share, new=new_publications, areas=AREAS, total=TOTAL, key=KEY)
