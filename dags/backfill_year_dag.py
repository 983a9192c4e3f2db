"""
### Backfill

Runs nights again, or those that were missed. Without years: one night for each day since the last publication, in
order, so that what became late or was restated meanwhile enters the journal under the day it did. With years: each
year once more as it stood on the day after its last figures were due. That is a replay, a publication in `replays/` of
HOME, beside the one in force; nothing is moved, no one is told.

**Parameters.** An agreement year is named by the year it starts in: 2022 is 2022/23. All areas are always built,
since totals and disclosure control need them; `areas` says of which the states of the figures are counted in the log.

**How it runs.** All nights in one task, one after the other, each under the run lock, about as long as a night each.
If the task is cleared or tried again, days that are published by then are passed over; replays are made again. It may
run beside `nightly_load`: whichever comes second waits, and a build that was begun first never replaces a later one.

**When it fails**

| message | what to do |
|---|---|
| no agreement has figures of that year; no area of that name | it names those that there are |
| a night was blocked or is held | the other nights are done; see `omraadetal refused`, `omraadetal approve` |
| anything else | as in `nightly_load` |

The command is `omraadetal backfill`.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import Param, dag, task
from omraadetal_assets import TOLD, tell_published
from omraadetal_tasks import DEFAULTS, stage

from vocabulary.orchestration import WRITER_POOL


@dag(
    dag_id="backfill_year",
    dag_display_name="Efterkørsel",
    description="Nætter, der mangler, eller tidligere år, som de så ud, da de skulle foreligge",
    doc_md=__doc__,
    schedule=None,
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "efterkørsel"],
    params={
        "years": Param(
            [],
            type="array",
            items={"type": "integer"},
            title="År",
            description="Et år pr. linje; et aftaleår nævnes ved det år, det begynder i. Tom: de nætter, der mangler.",
        ),
        "year_kind": Param(
            "agreement",
            type="string",
            enum=["agreement", "calendar"],
            values_display={"agreement": "Aftaleår", "calendar": "Kalenderår"},
            title="Slags år",
        ),
        "areas": Param(
            [],
            type="array",
            items={"type": "string"},
            title="Områder",
            description="Et område-id pr. linje: hvis tal der tælles op i loggen. Tom: alle.",
        ),
    },
)
def backfill_year():
    @task(pool=WRITER_POOL, outlets=[TOLD], execution_timeout=timedelta(hours=12))
    def nights(**context) -> list[str]:
        """Ids of the publications and replays that were made."""
        params = context["params"]
        made = stage("backfill.backfill_all", params["year_kind"], params["years"], params["areas"])
        for publication in made[-1:]:  # the last is in force
            tell_published(context["outlet_events"], publication)
        return [publication.name for publication in made]

    nights()


backfill_year()
