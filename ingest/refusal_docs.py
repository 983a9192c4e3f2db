"""docs/refusals.md, made from the catalogue and from what its examples cause: `python -m ingest.refusal_docs`."""

import logging
import sys
from collections.abc import Iterator
from enum import StrEnum

from ingest.examples import FLAG_FACTS, Outcome, all_examples, outcomes
from vocabulary.flags import CATALOGUE, FlagCode
from vocabulary.reason_catalogue import DOCUMENTED_IN, FLAG_EXAMPLES, REASONS, Example, Reason
from vocabulary.reasons import CellReason, FileReason, RowReason
from vocabulary.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / DOCUMENTED_IN

OPENING = """\
# What can be wrong with a delivered file

Every code that a delivery can cause, with the piece of a file that causes it. Made by `python -m ingest.refusal_docs`
from vocabulary/reason_catalogue.yaml; what is shown below an example is what reading it gave. No person in it is real.

A bad file stops nothing: it is refused or read in part, and the night goes on with what was delivered before. What to
do, step by step: [runbooks/file_refused.md](runbooks/file_refused.md). What commands say: [errors.md](errors.md).
"""

SECTIONS: dict[type[StrEnum], str] = {
    FileReason: """\
## Files that are refused

The night and `omraadetal status` name the code, and the flag [`unreadable_file`](flags.md#unreadable_file) stands
beside the source until a good file comes.
""",
    RowReason: """\
## Rows that are set aside

One code per row, the first that applies in this order; every other row of the file is loaded. `omraadetal status`
counts them, STORE/quarantine has line, code and column, and a flag tells the partner:
[`unknown_area_rows`](flags.md#unknown_area_rows), [`outside_period_rows`](flags.md#outside_period_rows), and
[`quarantined_rows`](flags.md#quarantined_rows) for all others.
""",
    CellReason: """\
## Cells that are left out

The row is loaded without them; the ledger's record of the file has their number.
""",
}

FLAGS_OPENING = """\
## What is noted of a file that is loaded

Flags that a file raises by itself; the words are those of [flags.md](flags.md).
"""


def page() -> str:
    """The whole page as Markdown; it delivers and reads every example."""
    caused = outcomes(all_examples())
    parts = [OPENING, *_contents()]
    for codes, opening in SECTIONS.items():
        parts.append(f"\n{opening}")
        parts += [line for code in codes for line in _reason(code, caused.get(code))]
    parts.append(f"\n{FLAGS_OPENING}")
    parts += [line for code, example in FLAG_EXAMPLES.items() for line in _flag(code, example, caused.get(code))]
    return "\n".join(parts) + "\n"


def _contents() -> Iterator[str]:
    yield "| code | of a | in short (as flags say it) |"
    yield "|---|---|---|"
    for code, text in REASONS.items():
        yield f"| [`{code}`](#{code}) | {type(code).__name__.removesuffix('Reason').lower()} | {text.label_da} |"
    for code in FLAG_EXAMPLES:
        yield f"| [`{code}`](#{code}) | file | {CATALOGUE[code].title_da} |"


def _reason(code: Reason, outcome: Outcome | None) -> Iterator[str]:
    text = REASONS[code]
    yield f"### {code}\n"
    yield f"{text.sentence} **På dansk**: {text.sentence_da}\n"
    yield from _example(text.example, _shown(code, outcome) if outcome else ())
    yield f"- **The partner**: {text.partner_da}"
    yield f"- **The operator**: {text.operator}\n"


def _flag(code: FlagCode, example: Example, outcome: Outcome | None) -> Iterator[str]:
    text = CATALOGUE[code]
    yield f"### {code}\n"
    yield f"{text.description} **På dansk**: {text.title_da} ([`{code}`](flags.md#{code})).\n"
    yield from _example(example, [_facts(outcome, FLAG_FACTS[code])] if outcome else ())
    yield f"- **In Danish**: {text.remedy_da}"
    yield f"- **The operator**: {text.remedy}\n"


def _example(example: Example, shown: Iterator[str] | list[str] | tuple[()]) -> Iterator[str]:
    if example.told:
        yield f"For example: {example.told} (`{example.test}`).\n"
        return
    own = " and ".join(f"`{key}: {value}`" for key, value in example.descriptor.items() if key != "like")
    encoding = f", in {example.encoding.upper()}" if example.encoding != "utf-8" else ""
    source = f"`{example.source}`" + (f", a source like `{example.descriptor['like']}` with {own}" if own else "")
    what = "which is empty" if example.text == "" else "which is no text" if example.text is None else ""
    yield f"Example: `{example.file_name}`{encoding}, of the source {source}{f', {what}' if what else ''}\n"
    if not what:
        yield f"```\n{(example.text or '').rstrip()}\n```\n"
    yield "\n".join(["What is shown:\n", *(f"> {line}" for line in shown), ""])


def _shown(code: Reason, outcome: Outcome) -> Iterator[str]:
    if isinstance(code, FileReason):
        yield f"refused `{outcome.record.reason_code}`. {outcome.record.problem}"
    elif isinstance(code, RowReason):
        for row in outcome.set_aside:
            yield f"line {row.line} `{row.reason_code}`" + (f", column `{row.column}`" if row.column else "")
    else:
        yield _facts(outcome, [code.value])


def _facts(outcome: Outcome, names: tuple[str, ...] | list[str]) -> str:
    """Fields of the record, as the ledger has them; those that say nothing are left out."""
    found = {name: getattr(outcome.record, name) for name in names}
    told = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in found.items() if value}
    return " · ".join(f"`{name}`: {value}" for name, value in told.items())


if __name__ == "__main__":
    logging.disable()  # reading the examples refuses most of them, which the page tells
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
