"""Validate facts with Great Expectations and give back the rows that fail, by check.

A check that errored is not a check that failed: it stops the run.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import great_expectations as gx
import pandas as pd

from expectations.suites import SUITES, Check, Suite
from vocabulary.errors import CheckErrored

ROW = "_row"


@dataclass(frozen=True)
class Finding:
    """One failing row of a check."""

    check: Check
    facts: dict[str, object]


def judge(connection: duckdb.DuckDBPyConnection, suites: Sequence[Suite] = SUITES) -> list[Finding]:
    """Every failing row of every suite, in the order of suites, checks and rows.

    Raises CheckErrored where Great Expectations could not carry out an expectation.
    """
    # this module of theirs gives itself the level INFO
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    datasource = context.data_sources.add_pandas("facts")
    findings: list[Finding] = []
    for suite in suites:
        frame = _facts(connection, suite)
        if not frame.empty:
            findings.extend(_failing(context, datasource, suite, frame))
    return findings


def _facts(connection: duckdb.DuckDBPyConnection, suite: Suite) -> pd.DataFrame:
    try:
        frame = connection.execute(f"select * from ({suite.query}) order by all").df()
    except duckdb.Error as error:
        raise CheckErrored(check=suite.name, table=suite.query, problem=str(error).splitlines()[0]) from None
    frame[ROW] = range(len(frame))
    return frame


def _failing(context: object, datasource: object, suite: Suite, frame: pd.DataFrame) -> Iterator[Finding]:
    expectations = []
    for number, check in enumerate(suite.checks):
        expectation = check.expectation()
        expectation.meta = {"flag_code": check.flag_code.value, "check": number}
        expectations.append(expectation)
    batch = datasource.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(
        name=suite.name,
        data=batch,
        suite=context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=expectations)),
    )
    result = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]},
    )
    by_check = {outcome.expectation_config.meta["check"]: outcome for outcome in result.results}
    for number, check in enumerate(suite.checks):
        outcome = by_check[number]
        _refuse_errored(outcome.exception_info, suite, check)
        if outcome.success:
            continue
        rows = {int(index[ROW]) for index in outcome.result["unexpected_index_list"]}
        for row in sorted(rows):
            facts = frame.iloc[row].drop(ROW).to_dict()
            yield Finding(check, {name: None if pd.isna(value) else value for name, value in facts.items()})


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
