"""`omraadetal agreement …`: the delaftale as it stood, what changed, and what it leaves open. Changes nothing."""

from datetime import date, datetime
from typing import Annotated

import typer

from agreements.difference import difference_da
from agreements.document import document_da
from agreements.living import LivingAgreement
from agreements.loader import Agreements, read_agreements
from agreements.review import review_text
from cli.options import settings_for
from ingest.descriptor import kept_columns, read_descriptors
from vocabulary.settings import local_date

DAY = ["%Y-%m-%d"]

app = typer.Typer(
    name="agreement",
    no_args_is_help=True,
    rich_markup_mode=None,
    help=(
        "The delaftale as data: print it as it stood on a day, compare two days, list what it leaves open. "
        "The YAML files are those of OMRAADETAL_AGREEMENTS (default: agreements/)."
    ),
)

DayOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=DAY,
        help="The day to show: what was decided by then and in effect by then. [default: today]",
    ),
]


def register(parent: typer.Typer) -> None:
    parent.add_typer(app)


@app.command()
def show(
    agreement_id: Annotated[str | None, typer.Argument(help="Which agreement. [default: all of the folder]")] = None,
    as_of: DayOption = None,
) -> None:
    """Print the delaftale in Danish, as Markdown: the table of the signed document, activities, staff, decisions.

    Decisions taken by the day that take effect later stand under a heading of their own.
    """
    agreements, chosen = _chosen(agreement_id)
    day = _date(as_of)
    typer.echo("\n".join(document_da(one, agreements.areas, day) for one in chosen), nl=False)


@app.command()
def diff(
    from_date: Annotated[datetime, typer.Argument(formats=DAY, help="The earlier day, YYYY-MM-DD.")],
    to_date: Annotated[datetime, typer.Argument(formats=DAY, help="The later day, YYYY-MM-DD.")],
    agreement_id: Annotated[
        str | None, typer.Option("--agreement", help="Which agreement. [default: all of the folder]")
    ] = None,
) -> None:
    """Print field by field what stood on two days, in Danish, with the board's decision behind each change.

    Each day is seen with what was decided by then: a decision that reaches back shows from the day it was taken.
    """
    if to_date < from_date:
        raise typer.BadParameter("The second day lies before the first.", param_hint="TO_DATE")
    agreements, chosen = _chosen(agreement_id)
    texts = (difference_da(one, from_date.date(), to_date.date(), agreements.areas) for one in chosen)
    typer.echo("\n".join(texts), nl=False)


@app.command()
def check(
    agreement_id: Annotated[str | None, typer.Argument(help="Which agreement. [default: all of the folder]")] = None,
) -> None:
    """List what the delaftale leaves undefined or ambiguous, with its words and the attribute that settles it.

    Exit code 0 also when things are open: they are for people to settle. A contradiction is an error with file, line
    and key, and exit code 1; no other command runs on it either.
    """
    _, chosen = _chosen(agreement_id)
    typer.echo("\n".join(review_text(one) for one in chosen), nl=False)


def _chosen(agreement_id: str | None) -> tuple[Agreements, tuple[LivingAgreement, ...]]:
    settings = settings_for()
    agreements = read_agreements(settings.agreements, kept_columns(read_descriptors(settings.sources)))
    return agreements, (agreements.find(agreement_id),) if agreement_id else agreements.agreements


def _date(as_of: datetime | None) -> date:
    return as_of.date() if as_of else local_date()
