"""The catalogue's examples, delivered: each is read as a night reads it, and its record says what it caused."""

import base64
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import yaml

from ingest.pseudonyms import PseudonymKey
from ingest.stage import Ingest
from vocabulary.flags import FlagCode
from vocabulary.reason_catalogue import FLAG_EXAMPLES, REASONS, Example, Reason
from vocabulary.settings import PROJECT_ROOT, Settings
from vocabulary.yaml_loader import read_yaml
from warehouse.ledger import LedgerRecord, reading_file

FIRST_DAY = date(2023, 1, 9)
LAST_DAY = FIRST_DAY + timedelta(days=366)

FLAG_FACTS: dict[FlagCode, tuple[str, ...]] = {
    FlagCode.SCHEMA_DRIFT: ("columns_unknown", "sheets_unknown"),
    FlagCode.CONTROL_TOTAL_MISMATCH: ("control_total", "rows_read"),
    FlagCode.CONFLICTING_DUPLICATE: ("rows_conflicting",),
    FlagCode.PERSONAL_DATA_FOUND: ("values_redacted", "texts_redacted"),
}
"""The facts of a record that a flag is raised by."""


@dataclass(frozen=True)
class SetAside:
    """A quarantined row of an example: its line, and the column of the descriptor that is at fault, if it is one."""

    line: int
    reason_code: str
    column: str | None


@dataclass(frozen=True)
class Outcome:
    """What an example caused."""

    record: LedgerRecord
    set_aside: tuple[SetAside, ...]


def all_examples() -> dict[Reason | FlagCode, Example]:
    """Every example of the catalogue that is a delivery."""
    examples = {code: text.example for code, text in REASONS.items()} | FLAG_EXAMPLES
    return {code: example for code, example in examples.items() if example.told is None}


def deliver(examples: Iterable[Example], folder: Path) -> Settings:
    """Put each example into a landing zone below `folder`, one day after the other; settings that read it."""
    sources = folder / "sources"
    sources.mkdir()
    for path in (PROJECT_ROOT / "ingest" / "sources").glob("*.yaml"):
        (sources / path.name).write_bytes(path.read_bytes())
    for number, example in enumerate(examples):
        if example.descriptor:
            _write_descriptor(example.source, example.descriptor, sources)
        path = folder / "landing" / example.source / _day(number).isoformat() / example.file_name
        path.parent.mkdir(parents=True)
        path.write_bytes(content_of(example))
    return replace(
        Settings.from_environment(home=folder / "home", landing=folder / "landing"),
        store=str(folder / "home"),
        sources=sources,
        erasures=folder / "erasures",
    )


def content_of(example: Example) -> bytes:
    """The bytes of an example's file."""
    if example.base64 is not None:
        return base64.b64decode(example.base64)
    return (example.text or "").encode(example.encoding)


def outcomes(examples: Mapping[Reason | FlagCode, Example]) -> dict[Reason | FlagCode, Outcome]:
    """Deliver the examples into a folder of their own, and read them."""
    with tempfile.TemporaryDirectory(prefix="omraadetal-examples-") as folder:
        ingest = Ingest(deliver(examples.values(), Path(folder)), PseudonymKey(b"x" * 32, "the examples"))
        records = {
            (record.source_id, record.delivered_on): record
            for record in ingest.read_files(ingest.find_new(LAST_DAY).files)
        }
        return {
            code: _outcome(records[example.source, _day(number)], ingest)
            for number, (code, example) in enumerate(examples.items())
        }


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def _outcome(record: LedgerRecord, ingest: Ingest) -> Outcome:
    if not record.rows_quarantined:
        return Outcome(record, ())
    rows = ingest.ledger.store.read_parquet("quarantine", record.source_id, reading_file(record.reading_id))
    return Outcome(
        record,
        tuple(SetAside(row["_row_number"], row["reason_code"], row["column"]) for row in rows.to_pylist()),
    )


def _write_descriptor(source_id: str, changes: Mapping[str, object], sources: Path) -> None:
    """A source like another, with some keys of its own."""
    document = read_yaml((sources / f"{changes['like']}.yaml").read_text(encoding="utf-8"))
    own = {name: value for name, value in changes.items() if name != "like"}
    content = yaml.safe_dump({**document, **own, "source_id": source_id}, allow_unicode=True, sort_keys=False)
    (sources / f"{source_id}.yaml").write_text(content, encoding="utf-8")
