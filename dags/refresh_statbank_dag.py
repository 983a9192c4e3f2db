"""
### Refresh of StatBank

Asks Statistics Denmark for the tables that a source's descriptor declares under `fetch`, and delivers what is new into
the landing zone, `statbank/<date>/`, like any other partner. The nights themselves ask no network: the next one reads
what lies there. One task per table, one at a time.

**When it runs.** On the 15th of each month, 09:30 in Copenhagen; StatBank publishes at 08:00, FOLK1A and STRAF11 around
the tenth of a quarter's second month. A table that has not been updated since its latest delivery is not fetched.

**It is paused until somebody switches it on**, since it needs what nothing else here needs: a way out to
api.statbank.dk (or a proxy, HTTPS_PROXY) and write access to the landing zone. In docker-compose.yml the landing zone
is mounted read-only; without that access use the command, `omraadetal refresh-statbank`, on a machine that has it.

**Parameters.** `tables` empty is all that are declared; `since` is the first year, empty as declared.

**Assets.** A delivery is an event of `source_statbank`, with table, files, periods and the time of StatBank's update.

**When it fails** (docs/runbooks/refresh_statbank.md)

| message | what to do |
|---|---|
| StatBank did not answer | nothing: it is tried again, and next month; what was delivered stands |
| is not what was asked | the same; if it stays, look at what answers: a proxy, or a new format |
| no variable, no value, no period | the message names what is nearest; correct `fetch` in the descriptor |
| cannot write into the landing zone | give the source's folder to this user, or use the command elsewhere |
| was delivered today already | nothing: it is asked again next month, or tomorrow by hand |
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task
from omraadetal_assets import TOLD, tell_delivered
from omraadetal_tasks import DEFAULTS, stage


@dag(
    dag_id="refresh_statbank",
    dag_display_name="Hent tabeller fra Statistikbanken",
    description="Danmarks Statistiks tabeller som ny leverance, når de er opdateret; natten læser dem",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 9 15 * *", timezone="Europe/Copenhagen"),
    start_date=datetime(2021, 10, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["omraadetal", "kilder"],
    params={
        "tables": Param(
            [],
            type="array",
            items={"type": "string"},
            title="Tabeller",
            description="En tabel pr. linje, fx RAS200. Tom: alle, som en kildes beskrivelse beder om.",
        ),
        "since": Param(
            None,
            type=["null", "integer"],
            minimum=1900,
            maximum=2100,
            title="Fra og med år",
            description="Tom: som kildens beskrivelse siger.",
        ),
    },
)
def refresh_statbank():
    @task
    def find_tables(**context) -> list[list[str]]:
        """Source and table of each."""
        return [list(pair) for pair in stage("refreshing.tables_to_ask", context["params"]["tables"])]

    # not in the pool of writers: nothing is written but new files of the landing zone
    @task(
        outlets=[TOLD], max_active_tis_per_dag=1, retry_delay=timedelta(minutes=15), max_retry_delay=timedelta(hours=2)
    )
    def refresh(asked: list[str], **context) -> int:
        """How many files were delivered."""
        refreshed = stage("refreshing.refresh_table", *asked, since=context["params"]["since"])
        tell_delivered(context["outlet_events"], refreshed)
        return len(refreshed.files)

    refresh.expand(asked=find_tables())


refresh_statbank()
