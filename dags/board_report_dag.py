"""
### Board report

Writes the board's report of an agreement and year from the publication in force: web page, PDF and Excel annex in
`published/current/report/`. The night writes those of the current year itself (`nightly_load`); this is for another
year, and for the day on which the board has approved one.

**Parameters.** `agreement_id` empty is the newest agreement, `year` empty the current year. An agreement year is named
by the year it starts in: 2024 is 2024/25.

**Approval.** With `minutes`, where the approval stands in the board's minutes, the report is frozen as an edition in
`journal/editions/`: page, PDF, annex, figures and definitions. The next reports say what has changed since. The same
report approved by the same minutes is kept once. Nothing undoes an edition; a wrong one is followed by the next number.

**When it fails**

| message | what to do |
|---|---|
| no figures of that year | it names the years that there are |
| nothing published | run `nightly_load` first |
| fonts are missing | install what it names; the publication stands |
"""

from datetime import UTC, datetime

from airflow.sdk import Param, dag, task
from omraadetal_assets import TOLD, tell_reported
from omraadetal_tasks import DEFAULTS, WAIT, stage

from vocabulary.orchestration import WRITER_POOL


@dag(
    dag_id="board_report",
    dag_display_name="Rapport til bestyrelsen",
    description="Rapporten for en aftale og et år; med referat fryses den som godkendt udgave",
    doc_md=__doc__,
    schedule=None,
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "rapport"],
    params={
        "agreement_id": Param(
            None,
            type=["null", "string"],
            title="Aftale",
            description="Aftalens id. Tom: den nyeste aftale.",
        ),
        "year_kind": Param(
            "agreement",
            type="string",
            enum=["agreement", "calendar"],
            values_display={"agreement": "Aftaleår", "calendar": "Kalenderår"},
            title="Slags år",
        ),
        "year": Param(
            None,
            type=["null", "integer"],
            title="År",
            description="Et aftaleår nævnes ved det år, det begynder i: 2024 er 2024/25. Tom: det aktuelle år.",
        ),
        "minutes": Param(
            None,
            type=["null", "string"],
            title="Referat",
            description="Kun når bestyrelsen har godkendt: hvor godkendelsen står, fx «Møde 9.12.2025, punkt 4».",
        ),
    },
)
def board_report():
    @task(pool=WRITER_POOL, outlets=[TOLD])
    def report(**context) -> list[str]:
        """Names of the files that were written, or of the edition."""
        params = context["params"]
        asked = {
            "agreement_id": params["agreement_id"] or None,
            "year_kind": params["year_kind"],
            "year": params["year"],
        }
        if params["minutes"] and params["minutes"].strip():
            edition, _ = stage("approve_report", params["minutes"].strip(), **asked, **WAIT)
            return [edition.edition_id]
        written = stage("report_year", **asked, **WAIT)
        tell_reported(context["outlet_events"], written)
        return [path.name for path in written]

    report()


board_report()
