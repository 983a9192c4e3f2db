"""Answer the approval that `airflow dags test` waits for, as its web pages do: through Airflow's own REST API.

Arguments: the day of the night, the option to choose, the reason. Prints the question and, once the run has ended, the
state of every task.
"""

import json
import sys
import time

from airflow.api_fastapi.app import create_app
from fastapi.testclient import TestClient

as_of, option, reason = sys.argv[1:]
RUNS = "/api/v2/dags/nightly_load/dagRuns"


def wait_for(found):
    while not (result := found()):
        time.sleep(2)
    return result


with TestClient(create_app(apps="core")) as client:
    client.headers["Authorization"] = "Bearer " + client.get("/auth/token").json()["access_token"]

    def get(path, **params):
        return client.get(path, params=params).raise_for_status().json()

    def asked():
        """The question of that night; one that `omraadetal demo` left behind may wait beside it."""
        waiting = get(f"{RUNS}/~/hitlDetails", state="awaiting_input")["hitl_details"]
        return next((detail for detail in waiting if f" {as_of}-" in detail["body"]), None)

    question = wait_for(asked)
    run = f"{RUNS}/{question['task_instance']['dag_run_id']}"
    answer = {"chosen_options": [option], "params_input": {"reason": reason}}
    client.patch(f"{run}/taskInstances/approve/-1/hitlDetails", json=answer).raise_for_status()
    state = wait_for(lambda: (found := get(run)["state"]) in ("success", "failed") and found)
    tasks = {task["task_id"]: task["state"] for task in get(f"{run}/taskInstances")["task_instances"]}
    xcoms = get(f"{run}/taskInstances/~/xcomEntries")["xcom_entries"]
    keys = sorted((entry["task_id"], entry["key"]) for entry in xcoms)

outcome = {"question": question["body"], "run": state, "tasks": tasks, "xcoms": keys}
sys.stdout.write(f"RESULT{json.dumps(outcome)}\n")
