"""The text around the rows of a file (its name, sheets, notes, questions) as the ledger and the logs may hold it.

Anybody may have typed a person there, so text is kept where it is known what it is, and told by its place elsewhere:

- A heading that no descriptor names: «column 7». `omraadetal peek` shows it to who may see the file.
- A sheet: its name where every word of it is a year, a word of the descriptor or one like «Ark»; else «sheet 2».
- Titles and footnotes: only the sentences that announce a break of the series; the one that holds personal data
  shrinks to the years it names.
- Wordings and answers of a survey: whole, or «[fjernet]» where they hold personal data.
- The file's name: see `ingest.file_names.shown_name`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.descriptor import Descriptor
from ingest.patterns import REDACTED, without_matches
from ingest.periods import YEAR
from ingest.personal_data import text_kind
from ingest.persons import Persons
from ingest.phrases import WORD
from ingest.readers.table import Table
from warehouse.ledger_tables import DATA_BREAK

SHEET_WORDS = {"ark", "sheet", "tabel", "table", "data", "år", "aar", "year"}
SHEET_NUMBER = re.compile(r"(?:19|20)\d\d(?:[kqmhu]\d{1,2})?|\d{1,2}")
SENTENCE_END = re.compile(r"(?<=[.;])\s|[\r\n]+")


def cleaned(tables: Iterable[Table], descriptor: Descriptor, persons: Persons) -> tuple[list[Table], int]:
    """The tables with the texts around their rows as they may be kept, and in how many personal data was found."""
    kept, found = [], 0
    words = _known_words(descriptor)
    for table in tables:
        wordings = {name: _kept_whole(text, persons) for name, text in table.wordings.items()}
        labels = {
            name: tuple(_kept_whole(text, persons) for text in texts) for name, texts in table.value_labels.items()
        }
        found += sum(REDACTED in text for texts in (wordings.values(), *labels.values()) for text in texts)
        found += sum(text_kind(text, persons) is not None for text in table.notes)
        found += table.sheet is not None and text_kind(table.sheet, persons) is not None
        kept.append(
            replace(
                table,
                sheet=table.sheet and _sheet(table.sheet, table.sheet_number, words),
                notes=[note for text in table.notes if (note := _note(text, persons))],
                wordings=wordings,
                value_labels=labels,
            )
        )
    return kept, found


def kept_sheet(name: str, number: int, descriptor: Descriptor) -> str:
    """The name of the sheet that stands at a place, as raw Parquet and quarantine have it."""
    return _sheet(name, number, _known_words(descriptor))


def _kept_whole(text: str, persons: Persons) -> str:
    return REDACTED if text_kind(text, persons) else text


def _sheet(name: str, number: int, known: set[str]) -> str:
    words = [match[0].casefold() for match in WORD.finditer(name)]
    # «Ark1» is the word and its number
    parts = [part for word in words for part in re.findall(r"\d+[kqmhu]?\d*|[^\d]+", word)]
    is_known = all(part in known or SHEET_NUMBER.fullmatch(part) for part in parts) or set(words) <= known
    return name if words and is_known else f"sheet {number}"


def _known_words(descriptor: Descriptor) -> set[str]:
    said = [descriptor.source_id.replace("_", " "), descriptor.name]
    said += [text.replace("_", " ") for layout in descriptor.layouts for text in (layout.dataset, layout.layout)]
    whole = {layout.dataset.casefold() for layout in descriptor.layouts}
    return SHEET_WORDS | whole | {match[0].casefold() for text in said for match in WORD.finditer(text)}


def _note(text: str, persons: Persons) -> str:
    return " ".join(
        _years_of(sentence) if text_kind(sentence, persons) else sentence.strip()
        for sentence in SENTENCE_END.split(text)
        if DATA_BREAK.search(sentence)
    )


def _years_of(sentence: str) -> str:
    return f"databrud {', '.join(YEAR.findall(without_matches(sentence)))} {REDACTED}"
