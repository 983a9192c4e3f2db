"""What the head of the programme says to the figures of a year, as data beside the agreements: the board reads it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import ValidationInfo, model_validator

from agreements.loader import Agreements
from agreements.measures import Identifier
from agreements.model import Words
from agreements.yaml_files import Fault, Strict, read_model, refuse
from vocabulary.states import YearKind

FOLDER = "comments"


class Comment(Strict):
    """One comment, to an indicator's figure of a year, or to the whole year without `indicator`; `by` is a role.

    It is published with its text: what it says of persons or of hidden numbers is for its writer to leave out.
    """

    agreement: Identifier
    indicator: Identifier | None = None
    year_kind: YearKind
    year: int
    text: Words
    by: Words
    written_on: date


class CommentFile(Strict):
    """The comments of one file, validated with the known Agreements as context."""

    comments: tuple[Comment, ...]

    @model_validator(mode="after")
    def _are_about_something(self, info: ValidationInfo) -> "CommentFile":
        refuse(
            fault.under("comments", at) for at, one in enumerate(self.comments) for fault in _unknown(one, info.context)
        )
        return self


def read_comments(folder: Path, agreements: Agreements) -> tuple[Comment, ...]:
    """Every comment beside the agreements of `folder`, in the order of files and entries; none without files.

    Raises DefinitionInvalid for a comment on what is in no agreement.
    """
    return tuple(
        one
        for path in sorted((folder / FOLDER).glob("*.yaml"))
        for one in read_model(path, CommentFile, context=agreements).comments
    )


def _unknown(one: Comment, known: Agreements) -> Iterator[Fault]:
    living = next((found for found in known.agreements if found.agreement_id == one.agreement), None)
    if living is None:
        names = ", ".join(found.agreement_id for found in known.agreements)
        yield Fault(("agreement",), f"no agreement «{one.agreement}»; known: {names}")
        return
    indicators = {
        indicator.indicator_id for version in living.every_version() for indicator in version.agreement.indicators
    }
    if one.indicator is not None and one.indicator not in indicators:
        yield Fault(("indicator",), f"no indicator «{one.indicator}»; known: {', '.join(sorted(indicators))}")
