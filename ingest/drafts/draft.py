"""Write the first descriptor of a file as YAML, with a word on each choice and what is left to decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from ingest.content import Content
from ingest.descriptor import Descriptor
from ingest.drafts.columns import Proposal, propose
from ingest.drafts.file_facts import FileFacts, file_facts
from ingest.drafts.names import canonical, distinct, source_id_of
from ingest.patterns import kind_of, without_matches
from ingest.periods import years_in
from ingest.tables import delivered_tables
from vocabulary.errors import DraftRefused, FileRefused
from vocabulary.yaml_loader import read_yaml

TO_DECIDE = "?"
ONE_OF_EACH = {"person": "a second id of persons", "place": "a second column of areas"}


def draft(path: Path, areas: Mapping[str, str]) -> tuple[str, str]:
    """The YAML of a descriptor with which a night reads the file, and its source_id. `areas` are the names of housing
    areas.

    No value of a cell is written but codes, of which each is short, stands in several rows and names no person. Raises
    FormatUnknown, PeekStopped, and DraftRefused for several tables, no headings, no period.
    """
    facts = file_facts(path)
    named = [(heading, values) for heading, values in facts.columns if heading and kind_of(heading) is None]
    text = "\n".join(_wide(path, facts) if len(facts.periods) > 1 else _records(path, facts, named, areas)) + "\n"
    descriptor = Descriptor.model_validate(read_yaml(text))
    try:
        tables = delivered_tables(Content.of(path.read_bytes()), path.name, descriptor)
    except FileRefused as refusal:
        problem = f"as drafted, a night would not read it: {refusal.facts['problem']}"
    else:
        if any(table.rows for table in tables):
            return text, descriptor.source_id
        problem = "as drafted, a night would find no rows in it"
    raise DraftRefused(file=without_matches(path.name), problem=problem)


def _records(
    path: Path, facts: FileFacts, named: Sequence[tuple[str, list[str]]], areas: Mapping[str, str]
) -> Iterator[str]:
    names = distinct(canonical(heading, f"column_{at}") for at, (heading, _) in enumerate(named, 1))
    proposals = _one_per_role([propose(heading, values, areas) for heading, values in named])
    days = [name for name, one in zip(names, proposals, strict=True) if one.said.get("event_date")]
    yield from _head(path, facts, *_period(path, facts, days))
    yield "columns:"
    for name, one in zip(names, proposals, strict=True):
        yield f"  # {one.why}"
        yield f"  {name}: {_scalar({'treatment': one.treatment, **_type(one), **one.said})}"
    if not any(one.said.get("key") for one in proposals):
        yield "  # decide: which columns tell two records apart? «key: true»; of rows with one key the last wins"
    yield ""
    yield "layouts:"
    yield f"  - layout: {_scalar(source_id_of(path.stem))}"
    yield f"    format: {facts.format}"
    for key, value in facts.layout.items():
        yield f"    {key}: {_scalar(value)}"
    yield "    headings:"
    for name, (heading, _) in zip(names, named, strict=True):
        yield f"      {name}: {_scalar([heading])}"
    left = len(facts.columns) - len(named)
    if left:
        yield f"    # {left} columns without a heading that may be told are not read"


def _wide(path: Path, facts: FileFacts) -> Iterator[str]:
    if facts.format != "excel":
        raise DraftRefused(file=without_matches(path.name), problem="years as columns are read from workbooks only")
    labels = facts.columns[: -len(facts.periods)]
    names = distinct(canonical(heading, f"label_{at}") for at, (heading, _) in enumerate(labels, 1))
    yield from _head(path, facts, "column", "the years are columns")
    yield "columns:"
    for name in names:
        yield "  # decide: a label of figures is «public»; give the one of housing areas «type: area»"
        yield f"  {name}: {{treatment: public}}"
    yield ""
    yield "layouts:"
    yield f"  - layout: {_scalar(source_id_of(path.stem))}"
    yield "    format: wide_excel"
    yield f"    dataset: {_scalar(source_id_of(path.stem))}"
    yield f"    dimensions: {_scalar(names)}"
    headed = [(name, heading) for name, (heading, _) in zip(names, labels, strict=True) if heading]
    if headed:
        yield "    headings:"
        yield from (f"      {name}: {_scalar([heading])}" for name, heading in headed)


def _one_per_role(proposals: Sequence[Proposal]) -> list[Proposal]:
    """A source has one person, one place and one day; what is a second one is dropped, of days kept."""
    taken: set[str] = set()
    found = []
    for one in proposals:
        role = _role(one)
        if role == "day" and role not in taken:
            found.append(replace(one, why=f"{one.why}; the day on which a record counts", said={"event_date": True}))
        elif role in ONE_OF_EACH and role in taken:
            found.append(Proposal("drop", f"{ONE_OF_EACH[role]}; a source has one. Decide which"))
        else:
            found.append(one)
        taken.add(role)
    return found


def _role(proposal: Proposal) -> str:
    if proposal.treatment == "pseudonymise":
        return "person"
    if not proposal.is_kept:
        return ""
    return {"area": "place", "areas": "place", "date": "day"}.get(proposal.type, "")


def _period(path: Path, facts: FileFacts, days: Sequence[str]) -> tuple[str, str]:
    if facts.is_by_year:
        return "sheet", "each sheet is named after its year"
    if len(years_in(path.name)) == 1:
        return "file_name", "the file's name holds one year"
    if days:
        return "column", f"from the first day to the last of {days[0]}; a year in the file's name would say more"
    raise DraftRefused(
        file=without_matches(path.name), problem="neither its name nor a sheet nor a column of days says its year"
    )


def _head(path: Path, facts: FileFacts, origin: str, why: str) -> Iterator[str]:
    source_id = source_id_of(path.stem)
    yield "# A draft, made from one file. «drop» and «free_text» never leave ingest, «public» is kept as delivered."
    yield "# Read every line, take out the comments, and see docs/sources.md for what else can be said."
    yield f"source_id: {_scalar(source_id)}"
    yield f"name: {_scalar(source_id.replace('_', ' '))}  # decide"
    yield f"owner: {_scalar(TO_DECIDE)}  # decide: who delivers it"
    yield f"description: {_scalar(TO_DECIDE)}  # decide: what one row is, and how often it is exported"
    yield f"cadence: {_scalar(TO_DECIDE)}  # decide: when a delivery is due"
    yield "# decide: does a later delivery replace the whole period (or sheet), or add to what there is («appends»)?"
    yield f"replacement: {'replaces_sheets' if facts.is_by_year else 'replaces_period'}"
    yield "period:"
    yield f"  origin: {origin}  # {why}"
    if origin == "column" and facts.periods:
        yield "  cut_to_agreement: false"
    yield "# decide: how long may its records be kept, and why? retention: {keep_years: 5, basis: …}"
    yield ""


def _type(proposal: Proposal) -> dict[str, str]:
    # free_text says nothing else
    return {} if proposal.type == "text" or proposal.treatment == "free_text" else {"type": proposal.type}


def _scalar(value: object) -> str:
    """A value of YAML in one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**9)
    return text.strip().removesuffix("\n...")
