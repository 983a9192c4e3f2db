"""
### Night watch

Asks at 06:00 whether the night of this date has come to an end: published, blocked by a check, or held for a person.
If not, whoever gets the notices is told once, with what is at work, and this run fails, so that it is red here too.

It asks in a run of its own, outside the pool of those who write and without the run lock, because the night may be what
hangs, was never started, or failed. Switch it on together with `nightly_load`.

**Parameter.** `day` is the night that is asked about; left empty it is the local date of the run.

**When it fails**

| message | what to do |
|---|---|
| the night has come to no end | docs/runbooks/night_late.md; once the night is done, clear this task and it is green |
| a notice was not sent | tried again; see docs/guides/notices.md |

The command is `omraadetal watch`, for those who start their nights with cron.
"""

from datetime import UTC, datetime

from airflow.sdk import CronTriggerTimetable, dag, task
from omraadetal_tasks import DEFAULTS, day_of, day_param, stage


@dag(
    dag_id="night_watch",
    dag_display_name="Nattevagt",
    description="Kl. 06: er nattens tal udgivet? Ellers får modtagerne besked",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 6 * * *", timezone="Europe/Copenhagen"),
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "natlig"],
    params={"day": day_param("Nat", "Dagen, der spørges om")},
)
def night_watch():
    @task
    def watch(**context) -> None:
        stage("watching.require_ended", day_of(context, "day"))

    watch()


night_watch()
