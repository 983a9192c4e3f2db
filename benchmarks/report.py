"""What the benchmark found, as a table to read and as JSON to keep."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.measuring import Measured
from benchmarks.runs import word

GOAL_RATIO = 2.0
GOAL_FIXED_SECONDS = 8.0
GOAL_PEAK_BYTES = 4 * 2**30
MILLION = 1_000_000


@dataclass(frozen=True)
class SizeResult:
    """Both sides at one size; every repetition is kept, the medians are what is told."""

    records: int
    raw_bytes: int
    figures: int
    figures_above_zero: int
    build: tuple[Measured, ...]
    query: tuple[Measured, ...]

    @property
    def build_seconds(self) -> float:
        return median(run.seconds for run in self.build)

    @property
    def query_seconds(self) -> float:
        return median(run.seconds for run in self.query)

    @property
    def ratio(self) -> float:
        return self.build_seconds / self.query_seconds

    @property
    def meets_time_goal(self) -> bool:
        return self.build_seconds <= GOAL_RATIO * self.query_seconds + GOAL_FIXED_SECONDS

    @property
    def meets_memory_goal(self) -> bool:
        return peak(self.build) <= GOAL_PEAK_BYTES


def peak(runs: Sequence[Measured]) -> int:
    """The highest peak of several runs, in bytes."""
    return max(run.peak_bytes for run in runs)


def table(results: Sequence[SizeResult], fixed_seconds: float, samples_seconds: float) -> Iterator[str]:
    """Lines for the terminal. The growth of a line is against the line above: time by records, 1.00 is linear."""
    yield (
        f"{'records':>11} {'figures':>10} {'build s':>9} {'query s':>9} {'ratio':>6} {'less fixed':>10} "
        f"{'build GiB':>9} {'query GiB':>9} {'growth':>7}  goals"
    )
    before: SizeResult | None = None
    for result in results:
        growth = "" if before is None else f"{_growth(before, result, fixed_seconds):.2f}"
        yield (
            f"{result.records:>11,} {result.figures:>10,} {result.build_seconds:>9.1f} {result.query_seconds:>9.1f} "
            f"{result.ratio:>6.2f} {(result.build_seconds - fixed_seconds) / result.query_seconds:>10.2f} "
            f"{peak(result.build) / 2**30:>9.2f} {peak(result.query) / 2**30:>9.2f} {growth:>7}  "
            f"time {word(result.meets_time_goal)}, memory {word(result.meets_memory_goal)}"
        )
        before = result
    yield f"fixed cost, an almost empty warehouse: {fixed_seconds:.1f} s"
    yield f"build stage on the samples: {samples_seconds:.1f} s (goal {GOAL_FIXED_SECONDS:.0f} s)"
    yield (
        f"goals: build <= {GOAL_RATIO:.0f} x query + {GOAL_FIXED_SECONDS:.0f} s; "
        f"build memory <= {GOAL_PEAK_BYTES / 2**30:.0f} GiB; growth 1.00 or less"
    )


def document(
    results: Sequence[SizeResult], fixed: Sequence[Measured], samples: Sequence[Measured], machine: dict[str, Any]
) -> dict[str, Any]:
    """Everything that was measured, for a JSON file: seconds and bytes."""
    return {
        "machine": machine,
        "goals": {
            "ratio": GOAL_RATIO,
            "fixed_seconds": GOAL_FIXED_SECONDS,
            "build_peak_bytes": GOAL_PEAK_BYTES,
        },
        "fixed": [asdict(run) for run in fixed],
        "samples": [asdict(run) for run in samples],
        "sizes": [
            asdict(result)
            | {
                "build_seconds": result.build_seconds,
                "query_seconds": result.query_seconds,
                "ratio": result.ratio,
                "build_peak_bytes": peak(result.build),
                "query_peak_bytes": peak(result.query),
            }
            for result in results
        ],
    }


def _growth(before: SizeResult, after: SizeResult, fixed_seconds: float) -> float:
    """How much slower the build became than the records became many; below 1 it grew slower than they."""
    seconds = (after.build_seconds - fixed_seconds) / (before.build_seconds - fixed_seconds)
    return seconds / (after.records / before.records)
