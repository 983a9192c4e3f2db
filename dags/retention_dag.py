"""
### Retention

Removes what is past the time that each source's descriptor says how long to keep: files in the landing zone where it
can be written to, and rows in the readings; then the builds that hold them. Published figures stay. Nights leave out
what is past whether or not this has run; here it goes for good.

**When it runs.** On 2 January, 06:30 in Copenhagen, since whole calendar years are kept. It then counts what is past,
and removes nothing: show the list of `omraadetal retention`, which names the files, to whoever decides. Then trigger
it with `apply` (docs/runbooks/retention.md).

**When it fails**

| message | what to do |
|---|---|
| another run is writing | nothing: it is tried again |
| it ends well, and files still hold what is past | their owners remove them, as the runbook says |
"""

from datetime import UTC, datetime

from airflow.sdk import CronTriggerTimetable, Param, dag, task
from omraadetal_tasks import DEFAULTS, stage

from vocabulary.orchestration import WRITER_POOL


@dag(
    dag_id="retention",
    dag_display_name="Sletning efter frister",
    description="Fjerner leverancer og rækker, hvis opbevaringsfrist er udløbet; udgivne tal bliver",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 6 2 1 *", timezone="Europe/Copenhagen"),
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "persondata"],
    params={
        "apply": Param(
            False,
            type="boolean",
            title="Slet",
            description="Fra: tæl kun, hvad der er udløbet. Til: fjern det for altid, når det er besluttet.",
        )
    },
)
def retention():
    @task
    def find() -> int:
        """How many sources hold something past."""
        return stage("retaining.count_past")

    @task.short_circuit
    def shall_remove(sources: int, **context) -> bool:
        return sources > 0 and context["params"]["apply"]

    @task(pool=WRITER_POOL)
    def remove() -> int:
        """How many files still hold what is past."""
        return stage("retaining.retain_today")

    shall_remove(find()) >> remove()


retention()
