"""docker-compose.yml and the Dockerfiles as the tests read them."""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from vocabulary.settings import PROJECT_ROOT

TEXT = (PROJECT_ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
NETWORKS = yaml.safe_load(TEXT)["networks"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
OPTIONAL = {"superset"}
"""Started with a profile only."""
AIRFLOW_SERVICES = OURS.keys() - OPTIONAL
DATABASES = {"postgres", "marts"}

DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text()
SUPERSET_DOCKERFILE = (PROJECT_ROOT / "publish/superset/Dockerfile").read_text()

REFERENCE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<operator>:?[-?+])?(?=(?P<text>[^}]*)\})")
"""With a lookahead, since a default may hold a reference of its own."""
REFERENCES = [match.groupdict() for match in REFERENCE.finditer(TEXT)]


def dockerfile_of(service: Mapping[str, Any]) -> str:
    """The file that the image of one of ours is built from; for others that of Airflow's services."""
    return service.get("build", {}).get("dockerfile", "Dockerfile")


def holders(part: str) -> set[str]:
    """The services whose definition names it."""
    return {name for name, service in SERVICES.items() if part in json.dumps(service)}
