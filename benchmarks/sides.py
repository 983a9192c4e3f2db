"""One side of the comparison, as a process of its own: `python -m benchmarks.sides build|query|check FOLDER`.

FOLDER holds a workload, or with `samples` a store that the project's own samples were read into.
"""

import json
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from benchmarks.workload import AS_OF, Workload, settings_in
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.builds import Builds
from warehouse.paths import Paths

WORKLOAD_FILE = "workload.json"
SAMPLES_AS_OF = date(2025, 11, 1)


def save_workload(workload: Workload, folder: Path) -> None:
    (folder / WORKLOAD_FILE).write_text(json.dumps(asdict(workload)))


def read_workload(folder: Path) -> Workload:
    return Workload(**json.loads((folder / WORKLOAD_FILE).read_text()))


def query_result(folder: Path) -> Path:
    """The DuckDB file that the handwritten query writes."""
    return folder / "handwritten.duckdb"


def build_result(folder: Path) -> Path:
    """The DuckDB file of the last build."""
    paths = Paths.of(settings_in(folder))
    return paths.warehouse(Builds(paths).latest().build_id)


def samples_settings(folder: Path) -> Settings:
    """Settings for the project's own samples and agreement, with a key that nothing else uses."""
    return replace(
        settings_in(folder),
        landing=str(PROJECT_ROOT / "samples" / "landing"),
        agreements=PROJECT_ROOT / "agreements",
        key="the key of a benchmark on made-up persons",
    )


def main(side: str, folder: Path) -> None:
    # what a side does not use is not imported: importing counts in its time
    if side == "query":
        from benchmarks.handwritten import run_query

        run_query(read_workload(folder), Path(settings_in(folder).store), query_result(folder))
        return
    if side == "check":
        from nightly.stages import check, latest_build

        check(settings_in(folder), latest_build(settings_in(folder)).build_id)
        return
    from nightly.build import build

    if side == "samples":
        build(samples_settings(folder), SAMPLES_AS_OF)
    else:
        build(settings_in(folder), AS_OF)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
