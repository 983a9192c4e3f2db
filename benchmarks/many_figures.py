"""A checked build with very many figures, to time what publishing takes: `benchmarks.workload` in agreement years.

The registrations behind it are few; the build's counts are then replaced by larger ones, of which one in thousands is
small, so that disclosure control has work as it has in life.
"""

from pathlib import Path

import yaml

from benchmarks.build import prepare
from benchmarks.sides import build_result
from benchmarks.workload import AGREEMENT_ID, AS_OF, Workload, settings_in
from nightly.build import build
from nightly.stages import check
from vocabulary.states import ALL_AREAS_ID, YearKind
from warehouse.connections import literal, writing

SMALL_IN = 20_000
"""One figure of an area in so many holds one or two persons."""

COUNTS = f"""
    update confidential.indicator_figure set contributors = case
        when hash(area_id, indicator_id, year) % {SMALL_IN} = 0 then 1 + hash(indicator_id, area_id) % 2
        else 20 + hash(area_id, year, indicator_id) % 200
    end
    where area_id <> {literal(ALL_AREAS_ID)}
"""

TOTALS = f"""
    update confidential.indicator_figure as figure set contributors = areas.contributors
    from (
        select indicator_id, year_kind, year, sum(contributors) as contributors
        from confidential.indicator_figure where area_id <> {literal(ALL_AREAS_ID)} group by all
    ) as areas
    where figure.area_id = {literal(ALL_AREAS_ID)} and figure.indicator_id = areas.indicator_id
        and figure.year_kind = areas.year_kind and figure.year = areas.year
"""

VALUES = "update confidential.indicator_figure set value = contributors, numerator = contributors"

PARTS = """
    create table confidential.disclosure_stretch as
    select agreement_id, indicator_id, area_id, year_kind, year,
        dense_rank() over (order by indicator_id)::integer as measure_id,
        make_date(year, 10, 1) as stretch_start, make_date(year + 1, 9, 30) as stretch_end, value, contributors
    from confidential.indicator_figure
"""
"""Years that share no day with another are a part each."""


def make(workload: Workload, folder: Path) -> str:
    """Build and check a workload of agreement years in `folder`, give its figures other counts; returns the build's id.

    There are (areas + 1) * indicators * 10 figures.
    """
    prepare(workload, folder)
    settings = settings_in(folder)
    file = settings.agreements / f"{AGREEMENT_ID}.yaml"
    agreement = yaml.safe_load(file.read_text(encoding="utf-8"))
    for indicator in agreement["indicators"]:
        indicator["calendar"]["year_kinds"] = [YearKind.AGREEMENT.value]
    file.write_text(yaml.safe_dump(agreement, allow_unicode=True, sort_keys=False), encoding="utf-8")
    record = build(settings, AS_OF)
    check(settings, record.build_id)
    with writing(build_result(folder)) as connection:
        for statement in (COUNTS, TOTALS, VALUES, "drop view confidential.disclosure_stretch", PARTS):
            connection.execute(statement)
    return record.build_id
