"""
### Nightly load

Reads what partners have delivered, builds the warehouse, judges it and publishes it. The graph is the list of stages:
`find_new_files` → `ingest` (one task per batch of files) → `build` → `check` → `publish` → `report` → `notify`. After
`check`, `needs_approval` sends a night past `approve`, or lets it wait there for a person. `load_postgres` stands
beside `report`: what it cannot do undoes nothing of the publication.

**When it runs.** 04:30 in Copenhagen, a time that every local date has exactly once. A night without new files still
builds: what is due changes with the date. At 06:00 `night_watch` asks whether it has come to an end.

**Parameter.** `as_of` is the day on which the system is asked; left empty it is the local date of the run. A day before
the publication in force makes a replay, which moves nothing.

**dbt.** The logs of `build` and `publish` say how each model and test ended, and how long it took.

**Assets.** Others can be scheduled on `marts`, on `reports`, and on `source_<name>` for each source of which files were
read. Each event carries counts: files and rows, publication id, rows by table. Of a replay nobody is told.

**Restatements** (only with OMRAADETAL_HOLD_RESTATEMENTS). A night that would change a figure published as final waits
in `approve`, under *Required Actions*, with old and new values. *Approve* publishes. *Reject* keeps the publication in
force: `publish` and `report` are skipped and the run is a success; the next nights skip them too, unasked, until a
delivery brings other values. Unanswered for 20 hours, the run fails, and the next night asks. Answer here or with
`omraadetal approve`, not with both (docs/restatements.md).

**When a task fails**

| task | usual cause | what to do |
|---|---|---|
| `find_new_files` | no landing zone, no or another pseudonym key | put right what the message names, clear the task |
| `ingest` | disk full | free space, clear the task; files already read are not read again |
| `build` | an agreement, descriptor or dbt model | the message names file and line, or the dbt log |
| `check` | a check that could not be carried out | correct the suite; a finding never fails this task |
| `approve` | nobody answered in time, or `omraadetal approve` did | nothing: the next night asks again if need be |
| `publish` | a blocking flag | `omraadetal refused`; the publication in force is unchanged; `tell_blocked` says so |
| `report` | fonts missing, no figures of the current year | the message names it; the publication stands |
| `load_postgres` | database away, full, or without a right | tried again; later `omraadetal publications load` |
| `notify`, `tell_…` | mail server or webhook | tried again where it failed; later `omraadetal notify` |

Every task can be cleared and run again: equal input gives the same publication. Single files that cannot be read do
not fail the night; they are refused with a reason and flagged as `unreadable_file`.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import CronTriggerTimetable, Param, TaskGroup, dag, task
from omraadetal_assets import TOLD, tell_published, tell_read, tell_reported
from omraadetal_tasks import DEFAULTS, WAIT, day_of, day_param, stage

from vocabulary.orchestration import WRITER_POOL


class RestatementApproval(ApprovalOperator):
    """Asks a person about a held build and records the answer before anything follows from it."""

    template_fields = (*ApprovalOperator.template_fields, "build_id")

    def __init__(self, *, build_id: str, **options):
        super().__init__(**options)
        self.build_id = build_id

    def execute(self, context):
        # written here, not passed on: XCom carries no figure, and a delivered file's name is no template
        self.body = stage("review_restatements", self.build_id, **WAIT).question_da
        super().execute(context)

    def execute_complete(self, context, event):
        from warehouse.decisions import Verdict

        if "error" not in event:  # else nobody answered in time
            stage(
                "decide_restatements",
                self.build_id,
                verdict=Verdict.APPROVED if event["chosen_options"] == [self.APPROVE] else Verdict.REJECTED,
                role=event["responded_by_user"]["name"],
                reason=event["params_input"].get("reason") or None,
                **WAIT,
            )
        return super().execute_complete(context, event)  # a rejection ends here, by an exception that skips


@dag(
    dag_id="nightly_load",
    dag_display_name="Natlig indlæsning",
    description="Filer ind, tal ud: læs leverancer, byg, kontrollér og udgiv",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 4 * * *", timezone="Europe/Copenhagen"),
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "natlig"],
    params={"as_of": day_param("Opgjort pr.", "Dagen, der spørges på")},
)
def nightly_load():
    # drawn together only: a task keeps its id, which `airflow tasks clear` and the logs know it by
    in_group = partial(TaskGroup, prefix_group_id=False)

    @task
    def find_new_files(**context) -> list[list[str]]:
        """Batches of delivery ids: no file name goes through XCom."""
        return stage("find_batches", day_of(context, "as_of"))

    @task(outlets=[TOLD])
    def ingest(batch: list[str], **context) -> int:
        records = stage("ingest_batch", day_of(context, "as_of"), batch)
        tell_read(context["outlet_events"], records)
        return len(records)

    @task(pool=WRITER_POOL, trigger_rule="none_failed")
    def build(**context) -> str:
        return stage("build_warehouse", day_of(context, "as_of"), **WAIT).build_id

    @task(pool=WRITER_POOL)
    def check(build_id: str) -> str:
        return stage("check", build_id, **WAIT).build_id

    @task.branch(pool=WRITER_POOL)
    def needs_approval(build_id: str) -> str | list[str] | None:
        """None skips all: what the night would change was rejected before."""
        standing = stage("review_restatements", build_id, **WAIT).standing
        return {"free": "publish", "waits": ["tell_held", "approve"], "rejected": None}[standing]

    # a night that nobody needs to approve skips `approve`
    @task(pool=WRITER_POOL, outlets=[TOLD], trigger_rule="none_failed")
    def publish(build_id: str, **context) -> str:
        publication = stage("publish", build_id, **WAIT)
        tell_published(context["outlet_events"], publication)
        return publication.name

    @task(pool=WRITER_POOL, outlets=[TOLD])
    def report(publication_id: str, **context) -> None:
        page = stage("report_of", publication_id, **WAIT)
        tell_reported(context["outlet_events"], page.parent.iterdir())

    @task(pool=WRITER_POOL)
    def load_postgres() -> str:
        """The publication in force into PostgreSQL, where one is named."""
        return stage("load_postgres", **WAIT)

    @task(execution_timeout=timedelta(minutes=10))
    def notify() -> None:
        stage("notify", **WAIT)

    @task(execution_timeout=timedelta(minutes=10))
    def tell_held() -> None:
        """Beside `approve`, so that somebody knows that it waits."""
        stage("notify", **WAIT)

    @task(execution_timeout=timedelta(minutes=10), trigger_rule="one_failed")
    def tell_blocked() -> None:
        """Beside the line of stages, so that a run that published nothing stays a failed run."""
        stage("notify", **WAIT)

    with in_group("files_in", "Filer ind"):
        read = ingest.expand(batch=find_new_files())
    with in_group("figures", "Byg og kontrol"):
        built = build()
        checked = check(built)
    with in_group("approval", "Godkendelse"):
        needed = needs_approval(checked)
        approve = RestatementApproval(
            task_id="approve",
            build_id=checked,
            subject="Skal ændrede tal for afsluttede år udgives?",
            params={"reason": Param(None, type=["null", "string"], title="Begrundelse")},
            do_xcom_push=False,
            retries=0,
            execution_timeout=None,
            response_timeout=timedelta(hours=20),
        )
        needed >> [tell_held(), approve]
    with in_group("figures_out", "Udgivelse"):
        published = publish(checked)
        reported = report(published)
        published >> load_postgres()
    with in_group("news", "Besked"):
        reported >> notify()
        published >> tell_blocked()
    read >> built
    [needed, approve] >> published


nightly_load()
