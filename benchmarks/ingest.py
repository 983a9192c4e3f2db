"""Reading a large export into raw Parquet, against readers that do nothing else: `python -m benchmarks.ingest --help`.

docs/performance.md says what is compared, and how to read the tables.
"""

import argparse
import importlib.util
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from benchmarks.exports import write_export
from benchmarks.ingest_sides import ROWS, SIDES, rows_written
from benchmarks.measuring import CommandFailed, Measured, measure, require_linux
from benchmarks.runs import end_as_by_ctrl_c, keep_result, machine, tell, word, working_in, write
from benchmarks.workload import settings_in
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import DeliveryStatus
from warehouse.ledger import Ledger, LedgerRecord

MILLION = 1_000_000
GIBIBYTE = 2**30
SLOWER_GOAL = 2.0
MEMORY_GOAL = 1.5 * GIBIBYTE
SMALL_FILES, SMALL_ROWS, SMALL_GOAL_SECONDS = 2000, 200, 60.0
RECORDS, QUIET_GOAL_SECONDS = 10_000, 2.0
EXPORT = ("landing", "vejledninger", "2023-01-12", "vejledninger_2022.csv")


class RowsDiffer(Exception):
    """A side wrote another number of rows than the export has."""


@dataclass(frozen=True)
class Compared:
    """The runs of each side for one size."""

    rows: int
    export_bytes: int
    runs: dict[str, list[Measured]]

    def seconds(self, side: str) -> float:
        return median(run.seconds for run in self.runs[side])

    def peak_bytes(self, side: str) -> int:
        return max(run.peak_bytes for run in self.runs[side])


def compare(rows: int, sides: Sequence[str], folder: Path, repeat: int) -> Compared:
    """The sides in turn, `repeat` times. Raises CommandFailed and RowsDiffer."""
    delivered = folder.joinpath(*EXPORT)
    write_export(rows, delivered, folder / ROWS)
    runs: dict[str, list[Measured]] = {side: [] for side in sides}
    for number in range(1, repeat + 1):
        for side in sides:
            runs[side].append(run_side(side, folder))
            if (found := rows_written(side, folder)) != rows:
                raise RowsDiffer(f"{side} wrote {found:,} rows of {rows:,}.")
            tell(f"  {rows:,} rows, run {number}, {side}: {runs[side][-1].seconds:.1f} s")
            _remove_written(folder)
    return Compared(rows, delivered.stat().st_size, runs)


def run_side(side: str, folder: Path) -> Measured:
    """Run a side in a process of its own. Raises CommandFailed."""
    return measure([sys.executable, "-m", "benchmarks.ingest_sides", side, str(folder)], cwd=PROJECT_ROOT)


def many_small_files(files: int, rows: int, folder: Path) -> Measured:
    """All files of one delivery. Raises CommandFailed and RowsDiffer."""
    delivery = folder.joinpath(*EXPORT[:-1])
    for at in range(files):
        write_export(rows, delivery / f"vejledninger_2022_{at:05d}.csv", folder / ROWS, start=at * rows)
    found = run_side("ours", folder)
    if (written := rows_written("ours", folder)) != files * rows:
        raise RowsDiffer(f"{written:,} rows of {files * rows:,} were written.")
    return found


def nothing_new(records: int, folder: Path) -> Measured:
    """A ledger with many records, and one file that is among them."""
    write_export(SMALL_ROWS, folder.joinpath(*EXPORT), folder / ROWS)
    run_side("ours", folder)
    ledger = Ledger.of(settings_in(folder))
    (own,) = ledger.records()
    for at in range(records - 1):
        file_id = f"{at:016x}"
        ledger.commit(
            LedgerRecord(
                source_id=own.source_id,
                delivered_on=date(2022, 1, 1),
                file_name=f"gone_{at}.csv",
                file_id=file_id,
                sha256=file_id * 4,
                reading_id=file_id,
                size_bytes=1,
                status=DeliveryStatus.REFUSED,
                reason_code="file_unreadable",
                problem="Made up for a benchmark.",
                read_at=datetime.now(UTC),
            )
        )
    return run_side("ours", folder)


def table(found: Sequence[Compared]) -> Iterator[str]:
    """Lines of Markdown: one line a size and side, and the goals."""
    yield "| rows | side | wall s | ratio | processor s | peak GiB | rows/s |"
    yield "|---|---|---|---|---|---|---|"
    for one in found:
        for side, runs in one.runs.items():
            seconds, cpu = one.seconds(side), median(run.cpu_seconds for run in runs)
            yield (
                f"| {one.rows:,} | {side} | {seconds:.1f} | {seconds / one.seconds('duckdb'):.2f} | {cpu:.1f} "
                f"| {one.peak_bytes(side) / GIBIBYTE:.2f} | {one.rows / seconds:,.0f} |"
            )
    yield ""
    for one in found:
        ours, others = one.seconds("ours"), [side for side in one.runs if side not in ("ours", "duckdb")]
        goals = {
            f"at most {SLOWER_GOAL} times DuckDB": ours <= SLOWER_GOAL * one.seconds("duckdb"),
            f"at most {MEMORY_GOAL / GIBIBYTE} GiB": one.peak_bytes("ours") <= MEMORY_GOAL,
            **{f"faster than {side}": ours < one.seconds(side) for side in others},
        }
        yield f"{one.rows:,} rows: " + "; ".join(f"{goal}: {word(is_met)}" for goal, is_met in goals.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Time reading against DuckDB, pandas and dlt; returns the exit code."""
    options = _options().parse_args(arguments)
    require_linux()
    end_as_by_ctrl_c()
    sides = [side for side in SIDES if side != "dlt" or importlib.util.find_spec("dlt")]
    if "dlt" not in sides:
        tell("dlt is left out: it is not installed (uv sync --inexact --group benchmark).")
    try:
        with working_in(options.work, options.keep) as folder:
            found = []
            for size in options.sizes:
                own = folder / f"{size}"
                own.mkdir()
                found.append(compare(int(size * MILLION), sides, own, options.repeat))
                shutil.rmtree(own)
            tell(f"{options.files:,} files of {SMALL_ROWS} rows ...")
            small = many_small_files(options.files, SMALL_ROWS, folder / "small")
            tell(f"{options.records:,} records and nothing new ...")
            quiet = nothing_new(options.records, folder / "quiet")
    except (CommandFailed, RowsDiffer) as error:
        tell(f"No times: {error}")
        return 1
    write(table(found))
    write(
        [
            f"{options.files:,} files of {SMALL_ROWS} rows: {small.seconds:.1f} s, goal {SMALL_GOAL_SECONDS:.0f} s: "
            f"{word(small.seconds <= SMALL_GOAL_SECONDS)}",
            f"nothing new, {options.records:,} ledger records: {quiet.seconds:.1f} s, goal {QUIET_GOAL_SECONDS:.0f} s: "
            f"{word(quiet.seconds <= QUIET_GOAL_SECONDS)}",
        ]
    )
    path = keep_result(
        "ingest",
        {
            "machine": machine(),
            "sizes": [asdict(one) for one in found],
            "small_files": asdict(small),
            "nothing_new": asdict(quiet),
        },
    )
    tell(f"written: {path.relative_to(PROJECT_ROOT)}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=main.__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 5, 20], help="millions of rows (1 5 20)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side; the medians are told (3)")
    parser.add_argument("--files", type=int, default=SMALL_FILES, help=f"small files of one delivery ({SMALL_FILES})")
    parser.add_argument("--records", type=int, default=RECORDS, help=f"ledger records when nothing is new ({RECORDS})")
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--keep", action="store_true", help="keep what was generated")
    return parser


def _remove_written(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in (EXPORT[0], ROWS):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    sys.exit(main())
