"""The check stage, in seconds and memory: `python -m benchmarks.check --help`.

docs/benchmarks.md says what is measured, and how to read the table.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.build import prepare
from benchmarks.measuring import CommandFailed, Measured, measure, require_linux
from benchmarks.sides import SAMPLES_AS_OF, build_result, samples_settings
from benchmarks.workload import Workload
from ingest.stage import Ingest
from nightly.build import build
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading, writing
from warehouse.paths import Paths

GIBIBYTE = 2**30
PLANT = """
    update confidential.indicator_figure set value_state = 'missing', value = null
    where rowid in (select rowid from confidential.indicator_figure where measure_kind <> 'rate' limit ?)
"""
BY_HAND = "select count(*) from confidential.indicator_figure where value_state = 'missing'"


def check_samples(folder: Path) -> Measured:
    """The check stage on samples/landing."""
    settings = samples_settings(folder)
    Paths.of(settings).create()
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(SAMPLES_AS_OF).files)
    build(settings, SAMPLES_AS_OF)
    return _run("check", folder)


def check_workload(workload: Workload, folder: Path, failing: int) -> tuple[int, int, Measured]:
    """The figures judged, the flags raised, and the check stage on them; `failing` of the figures are made missing."""
    prepare(workload, folder)
    _run("build", folder)
    warehouse = build_result(folder)
    with writing(warehouse) as connection:
        connection.execute(PLANT, [failing])
    measured = _run("check", folder)
    with reading(warehouse) as connection:
        (figures,) = connection.execute("select count(*) from confidential.indicator_figure").fetchone()
        (missing,) = connection.execute(BY_HAND).fetchone()
        (flags,) = connection.execute("select count(*) from quality.flag").fetchone()
    if missing > flags:
        raise CommandFailed(f"{missing:,} figures are missing, and only {flags:,} flags were raised")
    return figures, flags, measured


def _run(side: str, folder: Path) -> Measured:
    return measure([sys.executable, "-m", "benchmarks.sides", side, str(folder)], cwd=PROJECT_ROOT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Time the check stage on the samples and on a large agreement; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=main.__doc__)
    parser.add_argument("--areas", type=int, default=1000, help="areas of the agreement (1000)")
    parser.add_argument("--indicators", type=int, default=100, help="indicators of the agreement (100)")
    parser.add_argument("--records", type=int, default=1_000_000, help="registrations behind its figures (1,000,000)")
    parser.add_argument("--failing", type=int, default=10_000, help="figures that are made missing (10,000)")
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    options = parser.parse_args(arguments)
    require_linux()
    with tempfile.TemporaryDirectory(prefix="omraadetal_benchmark_", dir=options.work) as work:
        folders = [Path(work) / name for name in ("samples", "large")]
        for folder in folders:
            folder.mkdir()
        try:
            samples = check_samples(folders[0])
            workload = Workload(options.records, options.areas, options.indicators)
            figures, flags, large = check_workload(workload, folders[1], options.failing)
        except CommandFailed as error:
            sys.stderr.write(f"No times: {error}\n")
            return 1
    sys.stdout.write("| figures | flags | check s | processor s | GiB |\n|---|---|---|---|---|\n")
    for name, count, run in (("samples", "", samples), (f"{figures:,}", f"{flags:,}", large)):
        sys.stdout.write(
            f"| {name} | {count} | {run.seconds:.1f} | {run.cpu_seconds:.1f} | {run.peak_bytes / GIBIBYTE:.2f} |\n"
        )
    sys.stderr.write(json.dumps({"samples": asdict(samples), "large": asdict(large)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
