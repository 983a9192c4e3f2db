"""The stage `check`: judge tonight's build and write quality.flag into it."""

import logging
from datetime import date

import duckdb

from expectations.data_docs import write_data_docs
from expectations.judge import Finding, Judge
from vocabulary.flags import CATALOGUE, FLAG_KEY, FLAG_PLACE, FlagText
from vocabulary.settings import Settings
from vocabulary.states import Severity
from vocabulary.wording import wording_da
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import writing
from warehouse.paths import Paths, swap_link

log = logging.getLogger(__name__)

FLAG_COLUMNS = (
    "flag_code varchar, severity varchar, agreement_id varchar, indicator_id varchar, area_id varchar, "
    "year_kind varchar, year integer, source_id varchar, file_name varchar, detail varchar, message varchar, "
    "observed varchar, expected varchar, first_seen date, publication_id varchar"
)


def check_build(settings: Settings, build_id: str) -> BuildRecord:
    """Run every suite and store the findings as flags; the build then counts as checked.

    Raises BuildNotFound and CheckErrored. A blocking finding is no error here: publishing refuses it.
    """
    paths = Paths.of(settings)
    builds = Builds(paths)
    record = builds.get(build_id)
    with writing(paths.warehouse(build_id)) as connection:
        judge = Judge(connection, record.as_of)
        flags = [_flag(finding) for finding in judge.findings()]
        _write_flags(connection, flags, record.as_of)
    write_data_docs(judge.context, paths.data_docs(build_id), record.as_of, judge.without_facts)
    swap_link(paths.latest_warehouse, paths.warehouse(build_id))
    counts = {severity.value: sum(flag["severity"] == severity for flag in flags) for severity in Severity}
    log.info("%d flags: %s", len(flags), counts)
    return builds.save(record.model_copy(update={"flags_by_severity": counts}))


def _flag(finding: Finding) -> dict[str, object]:
    text, facts, check = CATALOGUE[finding.check.flag_code], finding.facts, finding.check
    wording = {name: wording_da(value) for name, value in facts.items()}
    return {
        "flag_code": check.flag_code.value,
        "severity": check.severity or text.severity,
        **{name: facts.get(name) for name in FLAG_PLACE},
        "message": _message(text, wording, finding.more),
        "observed": wording.get(check.observed),
        "expected": wording.get(check.expected),
    }


def _message(text: FlagText, wording: dict[str, str], more: int) -> str:
    if more:
        return f"{text.title_da}: yderligere {wording_da(more)} fund af samme slags, som ikke er opført enkeltvis."
    return text.message_da.format(**wording)


def _write_flags(connection: duckdb.DuckDBPyConnection, flags: list[dict[str, object]], as_of: date) -> None:
    """Replace quality.flag. `first_seen` is the day of the first publication that had the flag, else as-of."""
    connection.execute("create schema if not exists quality")
    connection.execute(f"create or replace table quality.flag ({FLAG_COLUMNS})")
    names = [*FLAG_KEY, "severity", "message", "observed", "expected"]
    if flags:
        marks = ", ".join("?" * len(names))
        connection.executemany(
            f"insert into quality.flag ({', '.join(names)}) values ({marks})",
            [tuple(flag[name] for name in names) for flag in flags],
        )
    same = " and ".join(f"seen.{name} is not distinct from flag.{name}" for name in FLAG_KEY)
    connection.execute(
        f"update quality.flag as flag set first_seen = coalesce("
        f"(select min(seen.first_seen) from journal.flag as seen where {same}), ?)",
        [as_of],
    )
