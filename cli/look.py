"""`omraadetal explain`: one figure, and what is behind it."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.options import HomeOption, settings_for
from nightly.explain import Explanation, SourceFile, explain_figure
from vocabulary.states import LABELS_DA
from vocabulary.wording import date_da, number_da


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    indicator: Annotated[str, typer.Argument(help="Indicator id, for example brobygningssamtaler.")],
    area: Annotated[str, typer.Argument(help="Area id, for example ringparken or alle_omraader.")],
    year: Annotated[str, typer.Argument(help="2022, or 2021/22 for an agreement year.")],
    agreement: Annotated[str | None, typer.Option("--agreement", help="Which agreement, if several.")] = None,
    home: HomeOption = None,
) -> None:
    """Explain a published figure: its definition, its files and rows, its history."""
    console = Console(highlight=False, markup=False)
    found: Explanation = explain_figure(settings_for(home), indicator, area, year, agreement)
    value = number_da(found.value) if found.value is not None else LABELS_DA["value_state"][found.value_state]
    console.print(f"{found.indicator_name}, {found.area_name}, {found.year_label}: {value}", style="bold")
    for line in _facts(found):
        console.print(line, soft_wrap=True)
    console.print("Files that stand for the year:" if found.files else "No delivered file stands behind it.")
    for file in found.files:
        console.print(f"  {file.file_name}, delivered {file.delivered_on}: {_rows(file)}", soft_wrap=True)
        if file.rows_quarantined:
            console.print(f"    set aside: {file.rows_quarantined} rows ({file.quarantine_reasons})", soft_wrap=True)
    history = Table(
        "First published",
        "Value",
        "State",
        "Target",
        "Definition",
        "Publication",
        title="History",
        title_justify="left",
    )
    for version in found.history:
        history.add_row(
            date_da(version.published_at),
            number_da(version.value),
            version.value_state,
            number_da(version.target_value),
            version.definition_version,
            version.publication_id,
        )
    console.print(history)
    for severity, message in found.flags:
        console.print(f"{severity}: {message}", soft_wrap=True)


def _facts(found: Explanation) -> Iterator[str]:
    """What the figure is made of and held against, a line each."""
    if found.ci_low is not None:
        yield f"95 % interval {number_da(found.ci_low, 1)} to {number_da(found.ci_high, 1)}, n = {found.n}"
    if found.denominator is not None:
        yield (
            f"{number_da(found.numerator)} of {number_da(found.denominator)} residents on 1 January "
            f"{found.denominator_year}"
        )
    if found.target_value is not None:
        reached = "" if found.cumulative_value is None else f", {number_da(found.cumulative_value)} reached in all"
        status = LABELS_DA["target_status"][found.target_status]
        yield f"Target {number_da(found.target_value)}{reached}: {status}"
    if found.target_value is not None and found.target_reading:
        yield f"Reading of the target: {found.target_reading}"
    if found.baseline_value is not None:
        yield f"Baseline {number_da(found.baseline_value)}: {LABELS_DA['baseline_trend'][found.baseline_trend]}"
    version = "as signed" if found.agreement_version == 0 else f"as revised ({found.agreement_version})"
    yield f"Definition {found.definition_version}, agreement {version}: {found.definition_da}"
    if found.quote:
        yield f"Agreement: «{found.quote}»"


def _rows(file: SourceFile) -> str:
    """Which rows of a file count, as far as they may be told."""
    if file.superseded_on:
        return f"replaced by the delivery of {file.superseded_on}"
    if file.rows_count is None:
        return "rows not told, for confidentiality"
    if file.row_numbers or file.rows_count == 0:
        return f"{number_da(file.rows_count)} rows" + (f": {file.row_numbers}" if file.row_numbers else " count")
    return f"{number_da(file.rows_count)} rows, from {file.first_row_number} to {file.last_row_number}"
