"""The build stage against one handwritten DuckDB query for the same figures: `python -m benchmarks.build --help`.

docs/benchmarks.md says what is compared, and how to read the table.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.equality import FiguresDiffer, require_equal
from benchmarks.measuring import CommandFailed, Measured, measure, require_linux
from benchmarks.registrations import write_registrations
from benchmarks.report import MILLION, SizeResult, document, table
from benchmarks.runs import end_as_by_ctrl_c, keep_result, machine, tell, working_in
from benchmarks.sides import (
    SAMPLES_AS_OF,
    build_result,
    query_result,
    samples_settings,
    save_workload,
)
from benchmarks.workload import Workload, settings_in, write_agreement
from ingest.stage import Ingest
from vocabulary.settings import PROJECT_ROOT
from warehouse.paths import Paths

DISK_BYTES_PER_RECORD = 800
"""Room for raw files, a build, and what DuckDB spills while it works."""

DISK_BYTES_FIXED = 2 * 2**30
ALMOST_EMPTY = Workload(records=1000, areas=1, indicators=1)


class DiskTooSmall(Exception):
    """There is no room for the largest size."""


def prepare(workload: Workload, folder: Path) -> int:
    """Write everything that both sides start from into `folder`; returns the bytes of the raw files."""
    settings = settings_in(folder)
    write_agreement(workload, settings.agreements)
    Paths.of(settings).create()
    save_workload(workload, folder)
    return write_registrations(workload, settings)


def run_side(side: str, folder: Path) -> Measured:
    """Run `build`, `query` or `samples` in a process of its own. Raises CommandFailed."""
    query_result(folder).unlink(missing_ok=True)
    return measure([sys.executable, "-m", "benchmarks.sides", side, str(folder)], cwd=PROJECT_ROOT)


def compare(workload: Workload, folder: Path, repeat: int) -> SizeResult:
    """Both sides in turn, `repeat` times; each time the figures must be equal. Raises FiguresDiffer."""
    raw_bytes = prepare(workload, folder)
    builds, queries, figures = [], [], (0, 0)
    for number in range(1, repeat + 1):
        builds.append(run_side("build", folder))
        queries.append(run_side("query", folder))
        figures = require_equal(build_result(folder), query_result(folder))
        tell(f"  run {number} of {repeat}: {figures[0]:,} figures, equal on both sides")
        if number < repeat:
            _remove_builds(folder)
    return SizeResult(workload.records, raw_bytes, *figures, tuple(builds), tuple(queries))


def measure_fixed(folder: Path, repeat: int) -> list[Measured]:
    """The build stage where there is next to nothing to build."""
    prepare(ALMOST_EMPTY, folder)
    return [run_side("build", folder) for _ in range(repeat)]


def measure_samples(folder: Path, repeat: int) -> list[Measured]:
    """The build stage on samples/landing."""
    settings = samples_settings(folder)
    Paths.of(settings).create()
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(SAMPLES_AS_OF).files)
    return [run_side("samples", folder) for _ in range(repeat)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Time the build stage against a handwritten query for the same figures; returns the exit code."""
    options = _options().parse_args(arguments)
    require_linux()
    end_as_by_ctrl_c()
    workloads = [Workload(int(size * MILLION), options.areas, options.indicators) for size in options.sizes]
    repeat, keep, results = options.repeat, options.keep, []
    try:
        with working_in(options.work, keep) as folder:
            _require_disk(folder, max(workload.records for workload in workloads))
            tell("fixed cost ...")
            fixed = _in_folder(folder / "fixed", keep, lambda at: measure_fixed(at, repeat))
            tell("samples ...")
            samples = _in_folder(folder / "samples", keep, lambda at: measure_samples(at, repeat))
            for workload in workloads:
                tell(f"{workload.records:,} records, {workload.areas:,} areas, {workload.indicators} indicators ...")
                at = folder / f"{workload.records}"
                results.append(_in_folder(at, keep, lambda at, one=workload: compare(one, at, repeat)))
    except (DiskTooSmall, FiguresDiffer, CommandFailed) as error:
        tell(f"No times: {error}")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in table(results, _median(fixed), _median(samples)))
    path = keep_result("build", document(results, fixed, samples, machine()))
    tell(f"written: {path.relative_to(PROJECT_ROOT)}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build", description=main.__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 5, 20], help="millions of records (1 5 20)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side; the medians are told (3)")
    parser.add_argument("--areas", type=int, default=1000, help="areas of the agreement (1000)")
    parser.add_argument("--indicators", type=int, default=100, help="indicators of the agreement (100)")
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--keep", action="store_true", help="keep what was generated")
    return parser


def _in_folder(folder: Path, keep: bool, work: Any) -> Any:
    folder.mkdir()
    try:
        return work(folder)
    finally:
        if not keep:
            shutil.rmtree(folder)


def _require_disk(folder: Path, records: int) -> None:
    needed, free = DISK_BYTES_FIXED + records * DISK_BYTES_PER_RECORD, shutil.disk_usage(folder).free
    if free < needed:
        raise DiskTooSmall(
            f"{folder.parent} has {free / 2**30:.1f} GiB free, and {records:,} records need about "
            f"{needed / 2**30:.1f} GiB. Choose another folder with --work, or smaller --sizes."
        )


def _remove_builds(folder: Path) -> None:
    shutil.rmtree(Paths.of(settings_in(folder)).builds)
    query_result(folder).unlink()


def _median(runs: Sequence[Measured]) -> float:
    return median(run.seconds for run in runs)


if __name__ == "__main__":
    sys.exit(main())
