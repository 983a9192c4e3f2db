"""The stage `check`: judge tonight's build and write quality.flag into it."""

import logging
from collections import Counter

from expectations.acknowledged import ACKNOWLEDGEMENTS_HOLD, acknowledge
from expectations.data_docs import write_data_docs
from expectations.flag_table import add_flags, create_flag_table
from expectations.judge import Finding, Judge
from vocabulary.flags import CATALOGUE, FLAG_PLACE, FlagText
from vocabulary.settings import Settings
from vocabulary.states import Severity
from vocabulary.wording import wording_da
from warehouse.builds import BuildRecord, Builds
from warehouse.connections import writing
from warehouse.paths import Paths, swap_link

log = logging.getLogger(__name__)


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
        create_flag_table(connection)
        add_flags(connection, flags, record.as_of)
        acknowledge(connection, record.as_of)
        expired = [_flag(finding) for finding in judge.findings([ACKNOWLEDGEMENTS_HOLD])]
        add_flags(connection, expired, record.as_of)
    write_data_docs(judge.context, paths.data_docs(build_id), record.as_of, judge.without_facts)
    swap_link(paths.latest_warehouse, paths.warehouse(build_id))
    severities = Counter(flag["severity"] for flag in (*flags, *expired))
    counts = {severity.value: severities[severity] for severity in Severity}
    log.info("%d flags: %s", severities.total(), counts)
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
