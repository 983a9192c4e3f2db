"""Whether a standing Airflow is well: its processes are there, and each has said so since it was started."""

import time
from collections.abc import Callable
from datetime import datetime

import httpx
import psutil

from nightly.local_airflow.processes import Processes
from vocabulary.errors import AirflowNotStarted

HEALTH = {
    "metadatabase": "api-server",
    "scheduler": "scheduler",
    "dag_processor": "dag-processor",
    "triggerer": "triggerer",
}
"""What the API server says of itself, with its database, and of the others; and the process that each is."""

STARTS_WITHIN = 300.0
"""Seconds."""

LOOK_SECONDS = 1.0


def wait_until_well(processes: Processes, url: str, progress: Callable[[str], None]) -> None:
    """Wait, with a word for each that has become well.

    Raises AirflowNotStarted where one has died or takes too long.
    """
    ends = time.monotonic() + STARTS_WITHIN
    well: set[str] = set()
    while True:
        running = processes.running()
        if dead := [part for part in HEALTH.values() if part not in running]:
            raise AirflowNotStarted(part=dead[0], log=processes.log(dead[0]))
        told = _told(url)
        for name, part in HEALTH.items():
            if part not in well and is_well(name, told.get(name, {}), running[part]):
                well.add(part)
                progress(f"healthy   {part}")
        if well == set(HEALTH.values()):
            return
        if time.monotonic() > ends:
            late = next(part for part in HEALTH.values() if part not in well)
            raise AirflowNotStarted(part=late, log=processes.log(late))
        time.sleep(LOOK_SECONDS)


def is_well(name: str, told: dict[str, str | None], process: psutil.Process) -> bool:
    """Whether what is told of a part is healthy, and was said by this process of it: Airflow takes the last heartbeat
    of one that was killed for a sign of life for half a minute.
    """
    beat = told.get(f"latest_{name}_heartbeat")
    return told.get("status") == "healthy" and (
        beat is None or datetime.fromisoformat(beat).timestamp() >= process.create_time()
    )


def _told(url: str) -> dict[str, dict[str, str | None]]:
    try:
        answer = httpx.get(f"{url}api/v2/monitor/health", trust_env=False, timeout=10)
        answer.raise_for_status()
    except httpx.HTTPError:  # not there yet
        return {}
    return answer.json()
