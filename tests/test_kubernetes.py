"""The values for Airflow's Helm chart: no cluster is needed to see that they fit the code, the image and the guide."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.compose_file import DOCKERFILE, SERVICES
from vocabulary.orchestration import WRITER_POOL, WRITER_POOL_TOLD_DA, WRITER_SLOTS
from vocabulary.settings import PROJECT_ROOT

GUIDES = PROJECT_ROOT / "docs" / "guides"
TEXT = (GUIDES / "kubernetes_values.yaml").read_text()
GUIDE = (GUIDES / "kubernetes.md").read_text()
VALUES = yaml.safe_load(TEXT)
WORKERS = VALUES["workers"]
SETTINGS = set(re.findall(r"^(\w+)=$", (PROJECT_ROOT / ".env.example").read_text(), re.M))
PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]


def leaves(value: object, *path: str) -> Iterator[tuple[tuple[str, ...], object]]:
    """All values that hold no others, with the keys that lead to them."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(one, *path, str(key))
    if not isinstance(value, dict | list):
        yield path, value


def variables(place):
    return {one["name"]: one["value"] for one in place}


def test_every_variable_is_one_that_the_code_reads():
    given = {*variables(VALUES["env"]), *variables(WORKERS["env"])}
    told = set(re.findall(r"^(OMRAADETAL_\w+)='", GUIDE, re.M))
    assert given and told and given | told <= SETTINGS
    assert not given & told, "what is a secret stands in no values"


def test_the_worker_takes_the_queue_that_the_dags_name_and_there_is_one_of_it():
    assert variables(VALUES["env"])["OMRAADETAL_QUEUE"]
    assert '--queues "$OMRAADETAL_QUEUE"' in WORKERS["args"][-1]
    assert WORKERS["replicas"] == 1 and not WORKERS["keda"]["enabled"] and not WORKERS["hpa"]["enabled"]
    assert "OMRAADETAL_HOME" not in variables(VALUES["env"]), "the others have no HOME"


def test_the_pool_is_made_as_the_tasks_ask_for_it_and_with_the_database():
    [made] = re.findall(r'airflow pools set (\w+) (\d+) "(.+)"', VALUES["migrateDatabaseJob"]["args"][-1])
    assert made == (WRITER_POOL, str(WRITER_SLOTS), WRITER_POOL_TOLD_DA)
    assert VALUES["migrateDatabaseJob"]["args"] == SERVICES["airflow-init"]["command"]


def test_home_and_the_erasure_list_are_on_volumes_apart_that_the_guide_makes():
    mounts = {one["mountPath"]: one["name"] for one in WORKERS["extraVolumeMounts"]}
    own = variables(WORKERS["env"])
    home, erasures = mounts[own["OMRAADETAL_HOME"]], mounts[own["OMRAADETAL_ERASURES"]]
    claims = {one["name"]: one.get("persistentVolumeClaim", {}).get("claimName") for one in WORKERS["extraVolumes"]}
    assert claims[home] != claims[erasures]
    assert {claims[home], claims[erasures]} == set(re.findall(r"metadata: \{ name: ([\w-]+) \}", GUIDE))
    assert "ReadWriteMany" not in GUIDE, "the run lock is one machine's"


def test_secrets_are_named_and_the_guide_makes_each():
    named = {value for path, value in leaves(VALUES) if path[-1].lower().endswith("secretname")}
    assert named == set(re.findall(r"kubectl create secret generic ([\w-]+)", GUIDE))
    assert len(named) == 6
    secret = re.compile(r"(password|secret|token|key|connection|brokerurl)$", re.I)
    assert not [path for path, _ in leaves(VALUES) if secret.search(path[-1])]
    assert not re.search(r"//[^/\s\"]*:[^/\s\"]*@", TEXT)
    assert VALUES["createUserJob"]["defaultUser"]["enabled"] is False
    assert VALUES["postgresql"]["enabled"] is False and VALUES["redis"]["enabled"] is False
    files = {one["name"] for one in WORKERS["extraVolumes"] if "secret" in one}
    [folder] = [one["mountPath"] for one in WORKERS["extraVolumeMounts"] if one["name"] in files]
    assert f". {folder}/environment" in WORKERS["args"][-1] and f". {folder}/environment" in GUIDE


def test_it_is_the_image_of_the_dockerfile_with_what_its_parts_need():
    uid, gid = re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.M).groups()
    pod = VALUES["securityContexts"]["pod"]
    assert (VALUES["uid"], VALUES["gid"], pod["runAsUser"], pod["fsGroup"]) == (int(uid), int(gid), int(uid), int(gid))
    [pinned] = re.findall(r"apache-airflow\[\w+\]==([\d.]+)", " ".join(PROJECT["dependencies"]))
    assert VALUES["airflowVersion"] == pinned and VALUES["images"]["airflow"]["tag"] == PROJECT["version"]
    [extra] = re.findall(r'--build-arg EXTRAS="(\w+)"', GUIDE)
    assert f'EXTRAS="{extra}"' in TEXT and "ARG EXTRAS" in DOCKERFILE
    parts = " ".join(PROJECT["optional-dependencies"][extra])
    assert "providers-celery" in parts and VALUES["executor"] == "CeleryExecutor"
    assert "s3fs" in parts and variables(WORKERS["env"])["OMRAADETAL_STORE"].startswith("s3://")


@pytest.mark.airflow
def test_what_the_extra_brings_goes_together_with_airflow(tmp_path):
    """Its newest versions did not: the lock is what makes it so."""
    program = """
import fsspec
from airflow.executors.executor_loader import ExecutorLoader
print(ExecutorLoader.get_default_executor().__class__.__name__, fsspec.core.url_to_fs("s3://bucket")[0].protocol)
"""
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__EXECUTOR": VALUES["executor"]}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "CeleryExecutor ('s3', 's3a')"
    words = WORKERS["args"][-1].split("exec airflow ")[1].split()
    airflow = str(Path(sys.executable).with_name("airflow"))
    asked = subprocess.run([airflow, *words, "--help"], env=environment, capture_output=True, text=True, check=False)
    assert asked.returncode == 0 and all(word in asked.stdout for word in words if word.startswith("--"))


def test_each_part_says_what_it_needs_and_may_take():
    for name in ("workers", "scheduler", "apiServer", "dagProcessor", "triggerer"):
        assert VALUES[name]["resources"]["requests"].keys() == {"cpu", "memory"}, name
        assert VALUES[name]["resources"]["limits"]["memory"], name
