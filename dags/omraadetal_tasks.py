"""What the tasks of every DAG share: how they call a stage, how long they wait, how often they try again.

Airflow puts this folder on sys.path; it is no DAG itself.
"""

import os
from datetime import date, timedelta
from typing import Any

from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowFailException

from vocabulary.settings import task_queue

WAIT = {"wait_seconds": 600}
"""How long a task that writes waits for another writer, for example a run by hand, before it fails and is retried."""

DEFAULTS = {
    "owner": "datateam",
    # a run by hand (`make run`) tries once, since nobody waits ten minutes for the second try
    "retries": int(os.environ.get("OMRAADETAL_TASK_RETRIES", "2")),
    "retry_delay": timedelta(minutes=5),
    "retry_exponential_backoff": True,
    "execution_timeout": timedelta(hours=1),
    # every task reads or writes HOME, so all go to the workers that have it
    **({"queue": queue} if (queue := task_queue()) else {}),
}


def day_param(title: str, asked: str) -> Param:
    """The param of a day, for `day_of`: what is asked of it stands in the form that starts a run."""
    told = f"{asked} (ÅÅÅÅ-MM-DD). Tom: dags dato."
    return Param(None, type=["null", "string"], format="date", title=title, description=told)


def day_of(context: dict[str, Any], param: str) -> date:
    """The day that a param names, or else the local date on which the run should start."""
    from vocabulary.settings import local_date

    asked = context["params"][param]
    return date.fromisoformat(asked) if asked else local_date(context["dag_run"].run_after)


def stage(name: str, *arguments: object, **options: object):
    """Call a stage, or `module.function` of nightly/; what a person must put right fails at once, anything else may be
    retried.
    """
    from importlib import import_module

    from vocabulary.errors import OmraadetalError
    from vocabulary.settings import Settings

    try:
        module, _, function = name.rpartition(".")
        return getattr(import_module(f"nightly.{module or 'stages'}"), function)(
            Settings.from_environment(), *arguments, **options
        )
    except OmraadetalError as error:
        if error.is_worth_another_try:
            raise
        raise AirflowFailException(str(error)) from None
