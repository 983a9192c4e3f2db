"""The seconds of each step of `publish.stage.publish_build`, and of the load into PostgreSQL after it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import publish.stage
from nightly.dbt import run_dbt
from nightly.lock import run_lock
from publish.postgres.loading import load
from publish.postgres.server import start
from vocabulary.settings import Settings
from warehouse.paths import Paths

STEPS = ("disclose", "content_hash", "write_disclosed", "finish", "_remember")
"""Functions that the stage calls one after the other; dbt runs between the third and the fourth."""


@dataclass
class Steps:
    """Seconds by step, in the order in which they ended; `total` is of the whole stage, `loading` comes after it."""

    seconds: dict[str, float] = field(default_factory=dict)
    total: float = 0.0
    loading: float = 0.0

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*positional: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*positional, **named)
            finally:
                self.seconds[name] = time.perf_counter() - started

        return run


def publish_timed(settings: Settings, build_id: str) -> Steps:
    """Publish a checked build and load it into an embedded PostgreSQL of the same HOME."""
    steps = Steps()
    started = time.perf_counter()
    with _watched(steps), run_lock(Paths.of(settings), "benchmark") as fence:
        folder: Path = publish.stage.publish_build(settings, build_id, steps.timed("dbt", run_dbt), fence)
    steps.total = time.perf_counter() - started
    with start(Paths.of(settings)) as server:
        steps.loading = load(server.admin_url, folder).seconds
    return steps


@contextmanager
def _watched(steps: Steps) -> Iterator[None]:
    """The stage's own functions, each with a clock around it."""
    own = {name: getattr(publish.stage, name) for name in STEPS}
    try:
        for name, function in own.items():
            setattr(publish.stage, name, steps.timed(name.lstrip("_"), function))
        yield
    finally:
        for name, function in own.items():
            setattr(publish.stage, name, function)
