"""The short summary on the screen: files, rows, the promised figures against their targets, flags, where to look."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from publish.pages import QUALITY_FILE
from vocabulary.settings import Settings
from vocabulary.states import LABELS_DA, Severity
from vocabulary.wording import number_da
from warehouse.connections import reading
from warehouse.ledger import Ledger
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import read_publication

PROMISED = """
    select
        agreement.titel, indicator.indicator_name, figure.year_label, figure.value, figure.unit, figure.value_state,
        figure.target_value, figure.target_status, figure.baseline_value, figure.baseline_year, figure.baseline_trend,
        fact.cumulative_value
    from marts.indicator_by_area_year as figure
    inner join marts.fct_figure as fact using (agreement_id, indicator_id, area_id, year_kind, year)
    inner join marts.dim_indicator as indicator using (agreement_id, indicator_id)
    inner join marts.dim_area as area using (area_id)
    inner join curated.tabel_0_aftale as agreement using (agreement_id)
    where
        area.area_level = 'all_areas' and indicator.goal_name is not null
        and figure.value_state not in ('not_due', 'not_measured')
    qualify row_number() over (
        partition by agreement_id, indicator_id
        order by figure.target_value is not null desc, figure.year_kind, figure.year desc
    ) = 1
    order by agreement_id, indicator.sort_order
"""


def print_summary(settings: Settings, publication: Path, report: Path | None, *, files_read: int | None = None) -> None:
    """Print what a night left behind. `files_read` is how many files this night read; None says nothing of it.

    `report` is the board's page; None where it could not be written.
    """
    console = Console(highlight=False)
    content = read_publication(publication)
    records = Ledger.of(settings).records()
    console.print()
    counts = {
        "files": len(records),
        "refused": sum(record.reason_code is not None for record in records),
        "rows loaded": sum(record.rows_loaded for record in records),
        "quarantined": sum(record.rows_quarantined for record in records),
        "duplicates": sum(record.rows_duplicate for record in records),
    }
    tonight = f" ({files_read} read tonight)" if files_read is not None else ""
    console.print("   ".join(f"{name}: {number_da(count)}" for name, count in counts.items()) + tonight, soft_wrap=True)
    for table in _figures(publication):
        console.print(table)
    flags = content["flags_by_severity"]
    console.print("flags: " + "   ".join(f"{severity}: {flags.get(severity, 0)}" for severity in Severity))
    if publication.parent == Paths.of(settings).replays:
        console.print("replay: this day lies before the publication in force, which stays in force")
    console.print(f"publication: {publication}", soft_wrap=True)
    if report:
        console.print(f"report:      {report}", soft_wrap=True)
        console.print(f"             {report.with_suffix('.pdf')}", soft_wrap=True)
    console.print(f"quality:     {publication / 'report' / QUALITY_FILE}", soft_wrap=True)


def _figures(publication: Path) -> Iterator[Table]:
    """One table per agreement: its promised figures for all areas together."""
    with reading(publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(PROMISED).fetchall()
    for title, own in groupby(rows, key=itemgetter(0)):
        yield _table(title, [row[1:] for row in own])


def _table(agreement: str, rows: list[tuple]) -> Table:
    title = f"{agreement}\nBoligområder samlet set, seneste opgjorte år"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Indikator", "År", "Resultat", "Mål / baseline", "Status"):
        justify = "right" if heading in ("Resultat", "Mål / baseline") else "left"
        table.add_column(heading, justify=justify, overflow="fold", min_width=22 if heading == "Indikator" else None)
    for name, year, value, unit, state, target, target_status, baseline, baseline_year, trend, reached in rows:
        percent = " %" if unit == "procent" else ""
        if target is not None:
            against = number_da(target) if reached is None else f"{number_da(reached)} af {number_da(target)} i alt"
            status = LABELS_DA["target_status"][target_status]
        else:
            against = f"{number_da(baseline)}{percent} ({baseline_year})" if baseline is not None else "–"
            status = LABELS_DA["baseline_trend"][trend]
        shown = number_da(value) + percent if value is not None else LABELS_DA["value_state"][state]
        table.add_row(name, year, shown, against, status)
    return table
