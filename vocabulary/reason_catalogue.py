"""What reason_catalogue.yaml says of every reason: in words, to the partner and the operator, and by an example.

A new reason is a member of an enumeration in vocabulary/reasons.py and an entry in the YAML file; without either,
nothing starts, and the message names what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from vocabulary.flags import FlagCode
from vocabulary.reasons import CellReason, FileReason, RowReason
from vocabulary.yaml_loader import read_yaml

DOCUMENTED_IN = "docs/refusals.md"
"""Where every code has its sentence, example and remedy."""

Reason = FileReason | RowReason | CellReason
Code = TypeVar("Code", bound=StrEnum)

FLAGS_OF_A_FILE = (
    FlagCode.SCHEMA_DRIFT,
    FlagCode.CONTROL_TOTAL_MISMATCH,
    FlagCode.CONFLICTING_DUPLICATE,
    FlagCode.PERSONAL_DATA_FOUND,
)
"""What a file that is loaded raises by itself, whatever else was delivered."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A small delivery that causes a code, or in words (`told`) what does and the `test` in which it happens.

    `text` is written in `encoding`, `base64` is what is no text. `descriptor` is a source of the example's own: that of
    `like`, with other values.
    """

    source: str = ""
    file_name: str = ""
    text: str | None = None
    encoding: str = "utf-8"
    base64: str | None = None
    descriptor: Mapping[str, object] = field(default_factory=dict)
    told: str | None = None
    test: str | None = None

    def __post_init__(self) -> None:
        contents = [one for one in (self.text, self.base64, self.told) if one is not None]
        if len(contents) != 1 or bool(self.told) != bool(self.test):
            raise ValueError("an example is one of text, base64 and told, and what is told names its test")
        if self.told is None and not (self.source and self.file_name):
            raise ValueError("a delivered example has a source and a file_name")


@dataclass(frozen=True, kw_only=True)
class ReasonText:
    """What is said of one code: in few words, in a sentence, to the partner and to the operator."""

    label_da: str
    sentence_da: str
    sentence: str
    partner_da: str
    operator: str
    example: Example

    def __post_init__(self) -> None:
        if blank := [name for name, said in vars(self).items() if not said]:
            raise ValueError(f"blank: {', '.join(blank)}")


def read_catalogue(text: str) -> tuple[dict[Reason, ReasonText], dict[FlagCode, Example]]:
    """What the catalogue says of every reason, and the examples of FLAGS_OF_A_FILE.

    Raises ValueError, naming the code and what it lacks.
    """
    sections = read_yaml(text)
    reasons: dict[Reason, ReasonText] = {}
    for section, codes in {"files": FileReason, "rows": RowReason, "cells": CellReason}.items():
        for code, entry in _complete(sections[section], codes).items():
            try:
                reasons[code] = ReasonText(**{**entry, "example": Example(**entry.get("example") or {})})
            except (TypeError, ValueError) as error:
                raise ValueError(f"reason_catalogue.yaml, {code}: {error}") from None
    flags = {code: Example(**entry) for code, entry in _complete(sections["flags"], FLAGS_OF_A_FILE).items()}
    return reasons, flags


def _complete(entries: Mapping[str, dict], codes: type[Code] | tuple[Code, ...]) -> dict[Code, dict]:
    """The entries in the order of the codes."""
    if differing := {code.value for code in codes} ^ set(entries):
        raise ValueError(f"reason_catalogue.yaml and its codes differ: {', '.join(sorted(differing))}")
    return {code: entries[code] for code in codes}


REASONS, FLAG_EXAMPLES = read_catalogue(Path(__file__).with_name("reason_catalogue.yaml").read_text(encoding="utf-8"))
