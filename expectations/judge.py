"""Validate facts with Great Expectations and give back the rows that fail, by check.

A check that errored is not a check that failed: it stops the run.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import duckdb
import great_expectations as gx
import pandas as pd
from great_expectations.core.run_identifier import RunIdentifier

from expectations.checks import Check, Suite
from expectations.suites import SUITES
from expectations.thresholds import Threshold, read_thresholds, with_limits
from vocabulary.errors import CheckErrored

ROW = "_row"
ROW_ID = "row_id"
PLACE = ("agreement_id", "indicator_id")

MOST_FINDINGS = 10_000
"""Failing rows that a check lists; the rest is counted. Great Expectations takes seconds for each further 10,000."""

CHUNK = 50_000
"""Rows that are judged at a time where more fail than are listed."""


@dataclass(frozen=True)
class Finding:
    """One failing row of a check; or, with `more`, that many rows that are not listed."""

    check: Check
    facts: dict[str, object]
    more: int = 0


class Judge:
    """Suites over one build, as of a day; `context` keeps their results for the Data Docs."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        as_of: date | None = None,
        thresholds: Sequence[Threshold] | None = None,
    ) -> None:
        # this module of theirs gives itself the level INFO
        logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
        self.connection = connection
        self.thresholds = read_thresholds() if thresholds is None else thresholds
        self.without_facts: list[str] = []
        self.run_id = RunIdentifier(run_name="night", run_time=datetime.combine(as_of or date.min, time(), UTC))
        self.context = gx.get_context(mode="ephemeral")
        self.context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
        self.datasource = self.context.data_sources.add_pandas("facts")

    def findings(self, suites: Sequence[Suite] = SUITES) -> list[Finding]:
        """Every failing row of every suite, in the order of suites and checks.

        Raises CheckErrored where facts cannot be read or Great Expectations could not carry out an expectation.
        """
        return [finding for suite in suites for finding in self._judged(suite)]

    def _judged(self, suite: Suite) -> Iterator[Finding]:
        expectations = [self._expectation(check, number) for number, check in enumerate(suite.checks)]
        frame = self._facts(suite, expectations)
        if frame.empty:
            self.without_facts.append(suite.name)
            return
        batch = self.datasource.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("tonight")
        definition = self.context.validation_definitions.add(
            gx.ValidationDefinition(
                name=suite.name,
                data=batch,
                suite=self.context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=expectations)),
            )
        )
        checkpoint = self.context.checkpoints.add(
            gx.Checkpoint(
                name=suite.name,
                validation_definitions=[definition],
                # counts only: what the Data Docs show is published
                result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
            )
        )
        (result,) = checkpoint.run(batch_parameters={"dataframe": frame}, run_id=self.run_id).run_results.values()
        failed: dict[int, int] = {}
        for outcome in result.results:
            number = outcome.expectation_config.meta["check"]
            _refuse_errored(outcome.exception_info, suite, suite.checks[number])
            if not outcome.success:
                failed[number] = outcome.result["unexpected_count"]
        for number, count in sorted(failed.items()):
            check = suite.checks[number]
            rows = _failing_rows(batch, check.expectation(), frame, count)
            yield from self._listed(suite, check, rows)
            if count > len(rows):
                yield Finding(check, {}, more=count - len(rows))

    @staticmethod
    def _expectation(check: Check, number: int) -> Any:
        expectation = check.expectation()
        expectation.meta = {"flag_code": check.flag_code.value, "check": number}
        return expectation

    def _facts(self, suite: Suite, expectations: Sequence[Any]) -> pd.DataFrame:
        """The columns that the suite judges, with limits, and a number by which `_listed` finds the whole row again.

        Facts with a `row_id` of their own are read where they are, since they may be millions; others are few and kept
        in a table meanwhile.
        """
        try:
            known = [row[0] for row in self.connection.execute(f"describe {suite.query}").fetchall()]
            kind, number = ("view", ROW_ID) if ROW_ID in known else ("table", "row_number() over ()")
            self.connection.execute(
                f"create or replace temp {kind} {suite.name} as select *, {number} as {ROW} from ({suite.query})"
            )
        except duckdb.Error as error:
            raise CheckErrored(check=suite.name, table=suite.query, problem=str(error).splitlines()[0]) from None
        flags = [check.flag_code for check in suite.checks]
        by_indicator = [t for t in self.thresholds if t.flag in flags and t.exceptions]
        text = " ".join(str(one.configuration.kwargs) for one in expectations)
        wanted = [name for name in known if name in text or (name in PLACE and by_indicator)]
        columns = ", ".join(f'"{name}"' for name in dict.fromkeys([*wanted, ROW]))
        frame = self.connection.execute(f"select {columns} from {suite.name}").df()
        return with_limits(frame, self.thresholds, flags)

    def _listed(self, suite: Suite, check: Check, rows: Sequence[int]) -> Iterator[Finding]:
        self.connection.register("failing", pd.DataFrame({ROW: list(rows)}, dtype="int64"))
        facts = self.connection.execute(f"select * from {suite.name} semi join failing using ({ROW}) order by all").df()
        self.connection.unregister("failing")
        for row in facts.drop(columns=ROW).astype(object).to_dict("records"):
            yield Finding(check, {name: None if pd.isna(value) else value for name, value in row.items()})


def _failing_rows(batch: Any, expectation: Any, frame: pd.DataFrame, count: int) -> list[int]:
    """The numbers of the failing rows, at most MOST_FINDINGS."""
    size = len(frame) if count <= MOST_FINDINGS else CHUNK
    rows: list[int] = []
    for start in range(0, len(frame), size):
        result = batch.get_batch({"dataframe": frame.iloc[start : start + size]}).validate(
            expectation, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
        )
        rows += sorted({int(index[ROW]) for index in result.result.get("unexpected_index_list") or []})
        if len(rows) >= MOST_FINDINGS:
            break
    return rows[:MOST_FINDINGS]


def _refuse_errored(info: dict, suite: Suite, check: Check) -> None:
    # one error per expectation, or one per metric of it
    errors = [info] if "raised_exception" in info else list(info.values())
    for error in errors:
        if error.get("raised_exception"):
            raise CheckErrored(
                check=f"{suite.name}.{check.flag_code}",
                table=suite.query,
                problem=str(error.get("exception_message")).splitlines()[0],
            )
