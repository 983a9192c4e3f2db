"""What every benchmark does around its measuring: a folder to work in, the machine it ran on, results that are kept."""

import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from vocabulary.settings import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "benchmarks" / "results"


@contextmanager
def working_in(work: Path | None, keep: bool) -> Iterator[Path]:
    """A new folder, in `work` or where temporary files lie; gone afterwards unless it is kept."""
    if work:
        work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="omraadetal_benchmark_", dir=work))
    try:
        yield folder
    finally:
        if keep:
            tell(f"kept: {folder}")
        else:
            shutil.rmtree(folder)


def end_as_by_ctrl_c() -> None:
    """Let a call that is ended from outside remove its folder too."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def machine() -> dict[str, Any]:
    return {
        "processors": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.system(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }


def keep_result(name: str, found: dict[str, Any]) -> Path:
    """Write `benchmarks/results/<name>_<time>.json`."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}_{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(found, indent=1))
    return path


def write(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def word(is_met: bool) -> str:
    return "met" if is_met else "missed"
