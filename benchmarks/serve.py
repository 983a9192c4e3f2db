"""Publishing a million figures, and reading while publications are swapped: `python -m benchmarks.serve --help`.

docs/benchmarks.md says what is measured, and how to read the tables.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.many_figures import make
from benchmarks.publishing import Steps, publish_timed
from benchmarks.readers import Served, serve, variants
from benchmarks.reading_sides import FileSide, PostgresSide
from benchmarks.runs import keep_result, word, write
from benchmarks.sides import SAMPLES_AS_OF, samples_settings
from benchmarks.workload import Workload, settings_in
from nightly.night import run_night
from warehouse.paths import Paths

PUBLISH_GOAL_SECONDS = 10.0
SLOWER_GOAL = 2.0
"""How much longer 95 of 100 answers may take while publications are swapped."""


def read_while_swapping(work: Path, *, readers: int, swaps: int, seconds: float) -> list[Served]:
    """The sample's publication, under many ids, on both sides in turn."""
    settings = samples_settings(work)
    paths = Paths.of(settings)
    published = run_night(settings, SAMPLES_AS_OF).publication
    made = variants(published, work / "variants", swaps + 1)
    amount = {"readers": readers, "swaps": swaps, "seconds": seconds}
    with PostgresSide.opened(paths) as side:
        in_database = serve(side, made, **amount)
    return [in_database, serve(FileSide(paths), made, **amount)]


def publishing_table(steps: Steps, figures: int) -> Iterator[str]:
    """Lines of Markdown."""
    yield f"| step ({figures:,} figures) | s |"
    yield "|---|---|"
    rest = steps.total - sum(steps.seconds.values())
    named = {**steps.seconds, "the rest": rest, "publish in all": steps.total, "load into PostgreSQL": steps.loading}
    for name, seconds in named.items():
        yield f"| {name} | {seconds:.1f} |"
    yield f"\ngoal: publish in {PUBLISH_GOAL_SECONDS:.0f} s: {word(steps.total <= PUBLISH_GOAL_SECONDS)}"


def reading_table(found: Sequence[Served]) -> Iterator[str]:
    """Lines of Markdown: milliseconds and answers without swaps / with swaps."""
    yield "| side | p50 ms | p95 ms | answers/s | longest swap s | publications met | errors | mixed | p95 goal |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in found:
        quiet, swapping = one.quiet, one.swapping
        is_met = swapping.milliseconds(95) <= SLOWER_GOAL * quiet.milliseconds(95)
        yield (
            f"| {one.name} | {quiet.milliseconds(50):.1f} / {swapping.milliseconds(50):.1f} "
            f"| {quiet.milliseconds(95):.1f} / {swapping.milliseconds(95):.1f} "
            f"| {quiet.per_second:.0f} / {swapping.per_second:.0f} | {max(one.swaps):.1f} | {one.seen} "
            f"| {len(quiet.errors) + len(swapping.errors)} | {quiet.mixed + swapping.mixed} | {word(is_met)} |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Time publishing and reading; the exit code is 1 where a reader met an error or an answer of two publications."""
    options = _options().parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="omraadetal_benchmark_", dir=options.work) as work:
        reading, publishing = Path(work) / "reading", Path(work) / "publishing"
        for folder in (reading, publishing):
            folder.mkdir()
        steps = None
        if not options.quick:
            workload = Workload(options.records, options.areas, options.indicators)
            steps = publish_timed(settings_in(publishing), make(workload, publishing))
            write(publishing_table(steps, (options.areas + 1) * options.indicators * 10))
        amount = (4, 2, 1.0) if options.quick else (options.readers, options.swaps, options.seconds)
        found = read_while_swapping(reading, **dict(zip(("readers", "swaps", "seconds"), amount, strict=True)))
    write(reading_table(found))
    keep_result("serve", {"publishing": steps and asdict(steps), "reading": [asdict(one) for one in found]})
    return int(any(phase.errors or phase.mixed for one in found for phase in (one.quiet, one.swapping)))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=main.__doc__)
    parser.add_argument("--areas", type=int, default=2000, help="areas of the agreement that is published (2000)")
    parser.add_argument("--indicators", type=int, default=50, help="its indicators (50)")
    parser.add_argument("--records", type=int, default=200_000, help="registrations that it is built from (200000)")
    parser.add_argument("--readers", type=int, default=16, help="readers at a time (16)")
    parser.add_argument("--swaps", type=int, default=20, help="publications that come into force meanwhile (20)")
    parser.add_argument("--seconds", type=float, default=20, help="seconds without a swap, and of all pauses (20)")
    parser.add_argument("--quick", action="store_true", help="4 readers, 2 swaps, nothing published: is it whole?")
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    return parser


if __name__ == "__main__":
    sys.exit(main())
