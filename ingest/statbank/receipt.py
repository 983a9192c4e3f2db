"""What was fetched last of a table, beside the delivery: under a hidden name, which no night reads."""

import json
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from agreements.yaml_files import Strict
from warehouse.store import Folder


class FetchedFile(Strict):
    """A delivered file."""

    file_name: str
    sha256: str
    size_bytes: int


class Receipt(Strict):
    """One delivery of a table: which question it answers, in which state of the table, and in which files.

    What TABLEINFO says of the whole table (unit, footnote, the value of what a streamed format leaves out) is kept
    here, since not every format carries it.
    """

    schema_version: Literal[1] = 1
    table: str
    title: str
    question: str
    updated: str
    unit: str | None
    footnote: str | None
    suppressed_data_value: str | None
    lang: str
    format: str
    periods: tuple[str, str]
    files: tuple[FetchedFile, ...]


def receipt_name(table: str) -> str:
    return f".{table}.fetched.json"


def write_receipt(receipt: Receipt, folder: Path) -> Path:
    file = folder / receipt_name(receipt.table)
    file.write_text(json.dumps(receipt.model_dump(mode="json"), ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def latest_receipt(folder: Folder, source_id: str, table: str) -> tuple[date, Receipt] | None:
    """The newest delivery of a table that still lies there as it was delivered, with its day.

    A receipt that cannot be read, or whose files are gone or of another size, is none: the table is then fetched anew.
    """
    for day in reversed(folder.names(source_id)):
        if receipt_name(table) not in folder.names(source_id, day):
            continue
        try:
            delivered_on = date.fromisoformat(day)
            receipt = Receipt.model_validate_json(folder.read(source_id, day, receipt_name(table)))
        except (ValueError, ValidationError):
            continue
        if all(_lies_there(folder, one, source_id, day) for one in receipt.files):
            return delivered_on, receipt
    return None


def _lies_there(folder: Folder, file: FetchedFile, *parts: str) -> bool:
    return folder.is_file(*parts, file.file_name) and folder.size(*parts, file.file_name) == file.size_bytes
