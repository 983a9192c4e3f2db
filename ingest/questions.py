"""What a file asked: the headings, wordings and answers of its columns of codes, kept for the ledger."""

from collections.abc import Mapping, Set

import pyarrow as pa
import pyarrow.compute as pc

from ingest.descriptor import Descriptor
from ingest.readers.table import Table
from warehouse.ledger import Question


def answers_in(good: pa.Table, descriptor: Descriptor) -> dict[str, set[str]]:
    """The codes that checked rows hold, by column."""
    return {
        name: set(pc.unique(good[name]).to_pylist()) - {None}
        for name in good.column_names
        if name in descriptor.columns and descriptor.columns[name].type == "code"
    }


def questions_of(table: Table, answers: Mapping[str, Set[str]], descriptor: Descriptor) -> list[Question]:
    """One question per kept column of codes of a table with headings, in the order of the file's layout.

    Answers are the file's own labels where it carries them, else the codes that its good rows hold (`answers_in`). The
    table's texts have been through ingest.surroundings; its headings are those that the descriptor declares.
    """
    return [
        Question(
            column=name,
            heading=table.headings[name],
            wording=table.wordings.get(name),
            answers=tuple(_answers(name, table, answers, descriptor)),
        )
        for name in table.columns
        if name in table.headings
        and descriptor.columns[name].type == "code"
        and descriptor.columns[name].treatment == "public"
    ]


def merged(questions: list[Question], descriptor: Descriptor) -> tuple[Question, ...]:
    """The questions of several sheets: one per column and heading, with the answers of all of them."""
    by_place: dict[tuple[str, str], Question] = {}
    for question in questions:
        place = (question.column, question.heading)
        answers = {*question.answers, *(by_place[place].answers if place in by_place else ())}
        codes = [code for code in descriptor.columns[question.column].codes if code in answers]
        is_new = place not in by_place
        by_place[place] = question if is_new else question.model_copy(update={"answers": tuple(codes)})
    return tuple(by_place.values())


def _answers(name: str, table: Table, answers: Mapping[str, Set[str]], descriptor: Descriptor) -> list[str]:
    if name in table.value_labels:
        return list(table.value_labels[name])
    return [code for code in descriptor.columns[name].codes if code in answers[name]]
