"""docs/flags.md, made from the catalogue, the thresholds and the suites: `python -m expectations.catalogue`."""

import sys
from collections.abc import Iterator

from expectations.acknowledged import ACKNOWLEDGEMENTS_HOLD
from expectations.suites import SUITES
from expectations.thresholds import Threshold, read_thresholds
from vocabulary.flags import CATALOGUE, FIXED_BY_DA, FlagCode, FlagText
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import Severity
from vocabulary.wording import wording_da

PAGE = PROJECT_ROOT / "docs" / "flags.md"

OPENING = """\
# Flags

Every finding that `quality.flag` can hold. Made by `python -m expectations.catalogue` from
vocabulary/flag_catalogue.yaml, expectations/thresholds.yaml and expectations/suites.py; change those, not this page.

`blocks`: nothing is published, the last publication stays in force, `omraadetal nightly` ends with exit code 3.
`warns`: published, and shown beside the figure. `notes`: published, for whoever reads on.

Facts are computed by dbt (`confidential.check_*`), judged by Great Expectations, and each failing row becomes a flag.
Of one check the first 10,000 failing rows are listed, and the rest is counted in a flag without a place.
"""


def page() -> str:
    """The whole page as Markdown."""
    thresholds = read_thresholds()
    lines = [OPENING, "| flag | severity | Danish title | put right by |", "|---|---|---|---|"]
    order = sorted(CATALOGUE.items(), key=lambda entry: list(Severity).index(entry[1].severity))
    lines += [f"| [`{code}`](#{code}) | {text.severity} | {text.title_da} | {text.fixed_by} |" for code, text in order]
    for code, text in order:
        lines += ["", *_entry(code, text, [one for one in thresholds if one.flag is code])]
    return "\n".join(lines) + "\n"


def _entry(code: FlagCode, text: FlagText, thresholds: list[Threshold]) -> Iterator[str]:
    yield f"## {code}\n"
    yield f"{text.description}\n"
    yield f"- **Rule**: {text.rule}"
    for one in thresholds:
        yield f"  - [{one.name}] = {one.value:g}: {one.because}"
        for own in one.exceptions:
            yield f"    - {own.agreement}, {own.indicator}: {own.value:g}: {own.because}"
    suites = [
        suite.name for suite in (*SUITES, ACKNOWLEDGEMENTS_HOLD) for check in suite.checks if check.flag_code is code
    ]
    yield f"- **Suite**: {', '.join(f'`{name}`' for name in dict.fromkeys(suites))}"
    example = {name: wording_da(value) for name, value in text.example.items()}
    yield f"- **Example**: {text.message_da.format(**example)}"
    yield f"- **Put right by**: {text.fixed_by} ({FIXED_BY_DA[text.fixed_by]}). {text.remedy}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
